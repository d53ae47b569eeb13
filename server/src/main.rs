//! The `renova` program. Everything it does is in the library; here are the commands' words and
//! the exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 refused for safety.

mod cli;
mod commands;
mod failure;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match commands::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}
