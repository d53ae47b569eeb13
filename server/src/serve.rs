//! Answering HTTP until told to stop.

use std::{io, time::Duration};

use axum::{Extension, Router, serve::Listener};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::stop::Stop;

/// Requests under way get this long to end.
const PATIENCE: Duration = Duration::from_secs(8);
/// The head of a request must be there this long after the connection or the answer before.
const HEAD: Duration = Duration::from_secs(30);

/// Serves `router` on `listener`. After the stop no new request is taken, and those under way
/// end or are dropped. Each request carries the stop, for answers that would not end by themselves.
pub async fn serve(listener: TcpListener, router: Router, stop: Stop) -> io::Result<()> {
    serve_within(HEAD, listener, router, stop).await
}

async fn serve_within(head: Duration, mut listener: TcpListener, router: Router, stop: Stop) -> io::Result<()> {
    let router = router.layer(Extension(stop.clone()));
    // Whatever is left is dropped with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.requested() => break,
            // axum's, which outlives passing failures.
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(answer(stream, head, router.clone(), stop.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    let rest = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, rest).await.is_err() {
        tracing::warn!("requests still under way were dropped");
    }
    Ok(())
}

/// One connection: after the stop it ends with the answer under way.
async fn answer(stream: TcpStream, head: Duration, router: Router, stop: Stop) {
    // Small answers leave at once.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    // Finding out which version it is would have no deadline.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stop.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        task::JoinHandle,
        time::{sleep, timeout},
    };

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(5);

    async fn slow() -> &'static str {
        sleep(SHORT * 3).await;
        "slow and well"
    }

    async fn start(stop: &Stop) -> (TcpStream, JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/slow", get(slow));
        let server = tokio::spawn(serve_within(SHORT, listener, router, stop.clone()));
        (TcpStream::connect(address).await.unwrap(), server)
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_costs_the_connection() {
        let (mut client, _server) = start(&Stop::default()).await;
        client.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\nX-Drip: ").await.unwrap();
        let dripping = async {
            while client.write_all(b"a").await.is_ok() {
                sleep(SHORT / 10).await;
            }
        };
        timeout(LONG, dripping).await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_says_nothing_is_closed() {
        let (mut client, _server) = start(&Stop::default()).await;
        let mut answer = Vec::new();
        timeout(LONG, client.read_to_end(&mut answer)).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn answers_under_way_end_after_the_stop() {
        let stop = Stop::default();
        let (mut client, server) = start(&stop).await;
        client.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        sleep(SHORT).await;
        stop.request();
        let mut answer = String::new();
        timeout(LONG, client.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("slow and well"), "{answer}");
        timeout(LONG, server).await.unwrap().unwrap().unwrap();
    }

    #[tokio::test]
    async fn idle_connections_do_not_hold_the_stop_up() {
        let stop = Stop::default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let _idle = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let server = tokio::spawn(serve(listener, Router::new(), stop.clone()));
        sleep(SHORT).await;
        stop.request();
        timeout(LONG, server).await.unwrap().unwrap().unwrap();
    }
}
