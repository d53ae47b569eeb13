//! The log: to the standard error, without secrets.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::{EnvFilter, filter::Directive};

/// Libraries that would write requests, headers or statements at finer levels.
const QUIET: &[&str] = &["hyper=info", "hyper_util=info", "h2=info", "reqwest=info", "rustls=info", "sqlx=warn"];

/// Starts the log. `RUST_LOG` chooses what is told, `default` otherwise; what could tell a secret
/// stays quiet in any case.
pub fn start(default: &str) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let filter =
        QUIET.iter().filter_map(|quiet| quiet.parse::<Directive>().ok()).fold(chosen, EnvFilter::add_directive);
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .try_init();
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}
