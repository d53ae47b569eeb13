//! The log: to the standard error, without secrets.

use std::io::{self, IsTerminal as _};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, filter::filter_fn, fmt::MakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Libraries that would write requests, headers or statements at finer levels.
const QUIET: &[(&str, Level)] = &[
    ("hyper", Level::INFO),
    ("hyper_util", Level::INFO),
    ("h2", Level::INFO),
    ("reqwest", Level::INFO),
    ("rustls", Level::INFO),
    ("tokio_rustls", Level::INFO),
    ("sqlx", Level::WARN),
];

/// Starts the log. `RUST_LOG` chooses what is told, `default` otherwise; what could tell a secret
/// stays quiet in any case.
pub fn start(default: &str) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    if log(chosen, io::stderr, io::stderr().is_terminal()).try_init().is_err() {
        tracing::debug!("the log was started before");
    }
}

fn log<W>(chosen: EnvFilter, writer: W, ansi: bool) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // A filter of its own: in the chosen one a finer directive would win over ours.
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(ansi);
    tracing_subscriber::registry().with(chosen).with(filter_fn(may_tell)).with(lines)
}

fn may_tell(what: &Metadata<'_>) -> bool {
    let is =
        |name: &str| what.target().strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    QUIET.iter().find(|(name, _)| is(name)).is_none_or(|(_, finest)| what.level() <= finest)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_choice_makes_the_libraries_tell_secrets() {
        for choice in ["trace", "hyper::proto=trace,reqwest=trace,h2=trace,sqlx::query=trace,hyper=trace,server=trace"]
        {
            let lines = Lines::default();
            let writer = lines.clone();
            let log = log(EnvFilter::new(choice), move || writer.clone(), false);
            tracing::subscriber::with_default(log, || {
                tracing::trace!(target: "hyper::proto::h1", "canary");
                tracing::trace!(target: "hyper", "canary");
                tracing::debug!(target: "reqwest::connect", "canary");
                tracing::debug!(target: "h2::codec", "canary");
                tracing::info!(target: "sqlx::query", "canary");
                tracing::warn!(target: "sqlx::query", "a slow statement");
                tracing::debug!(target: "server::web", "our own");
            });
            let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
            assert!(!lines.contains("canary"), "{lines}");
            assert!(lines.contains("our own"), "{lines}");
            assert!(lines.contains("a slow statement"), "{lines}");
        }
    }
}
