//! What a person at the terminal reads. Everything else is logged.

use std::io::{self, Write as _};

/// One line on the standard output; a closed pipe is nobody's fault.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{line}").is_err() || out.flush().is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// One line on the standard error.
pub fn complain(line: &str) {
    if writeln!(io::stderr().lock(), "{line}").is_err() {
        tracing::debug!("standard error is closed");
    }
}
