//! One word to everything that runs: stop.

use std::sync::Arc;

use tokio::sync::watch;

/// Can be given to as many tasks as there are.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Stops on Ctrl-C and, where there is such a thing, on SIGTERM.
    #[must_use]
    pub fn on_signals() -> Self {
        let stop = Self::default();
        let told = stop.clone();
        tokio::spawn(async move {
            signal().await;
            tracing::info!("stopping");
            told.request();
        });
        stop
    }

    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Returns once it was requested.
    pub async fn requested(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        if seen.wait_for(|stop| *stop).await.is_err() {
            tracing::debug!("nobody can request a stop any more");
        }
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be awaited");
            interrupted().await;
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    interrupted().await;
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "Ctrl-C cannot be awaited");
        std::future::pending::<()>().await;
    }
}
