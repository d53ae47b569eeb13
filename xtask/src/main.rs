//! Builds the site that the server embeds, and holds its size to the budget.
//!
//! `cargo xtask site` turns the WebAssembly crate, the styles and the public
//! files into one folder of hashed, compressed files with a `manifest.json`.
//! `cargo xtask budget` adds up what a browser loads first and fails above the
//! bound, naming what takes the room.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks on its terminal")]

mod args;
mod bindgen;
mod budget;
mod cargo;
mod compress;
mod contributors;
mod files;
mod manifest;
mod script;
mod site;
mod stamp;
mod style;
mod tool;
mod trim;
mod wasm_opt;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask site   [--package frontend] [--features LIST] [--style style/main.css]
                   [--public public] [--out target/site/frontend]
cargo xtask budget [--site target/site/frontend] [--file PUBLIC] [--max-kb N]";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let result = match words.next().as_deref() {
        Some("site") => args::site(words).and_then(|options| site::build(&options)),
        Some("budget") => args::budget(words).and_then(|options| budget::check(&options)),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
