//! The client against servers that answer as Meta does, and as nobody should.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod broken;
mod recordings;
mod secrets;
mod server;
mod subscription;
mod tokens;
mod transport;
