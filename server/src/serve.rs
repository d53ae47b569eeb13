//! Answering HTTP until told to stop.

use std::{io, time::Duration};

use axum::{Router, serve::ListenerExt as _};
use tokio::net::TcpListener;

use crate::stop::Stop;

/// Requests under way get this long to end.
const PATIENCE: Duration = Duration::from_secs(8);

/// Serves `router` on `listener`. After the stop no new request is taken, and those under way
/// end or are dropped.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) -> io::Result<()> {
    let told = stop.clone();
    // Small answers leave at once.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let server = axum::serve(listener, router).with_graceful_shutdown(async move { told.requested().await });
    let impatience = async {
        stop.requested().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        result = server.into_future() => result,
        () = impatience => {
            tracing::warn!("requests still under way were dropped");
            Ok(())
        }
    }
}
