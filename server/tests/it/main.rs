//! The server from outside: HTTP by its routes, the program by its exit codes.
//!
//! One program for all of it, because each would link the whole server again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod api;
#[path = "../../../crates/store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the storage's own suite uses the rest")]
mod bench;
mod calls;
mod developers;
mod doctor;
mod edge;
mod embed;
mod filling;
mod fleet;
mod harness;
mod host;
mod inbox;
mod live;
mod mail;
mod meta;
mod organization;
mod pictures;
mod program;
mod renewal_links;
mod reviewing;
mod settings;
mod smtp;
mod team;
mod trip;
mod waking;
mod warnings;
mod webhooks;
