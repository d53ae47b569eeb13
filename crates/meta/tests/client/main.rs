//! The client against servers that answer as Meta does, and as nobody should.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod broken;
mod facebook;
mod instagram;
mod manners;
mod picture;
mod reach;
mod recordings;
mod secrets;
mod server;
mod subscribing;
mod subscription;
mod tokens;
mod transport;
