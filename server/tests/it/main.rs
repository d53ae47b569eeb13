//! The server from outside: HTTP by its routes, the program by its exit codes.
//!
//! One program for all of it, because each would link the whole server again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod doctor;
mod edge;
mod filling;
mod fleet;
mod harness;
mod host;
mod inbox;
mod live;
mod mail;
mod meta;
mod program;
mod reviewing;
mod settings;
mod smtp;
mod trip;
mod warnings;
mod webhooks;
