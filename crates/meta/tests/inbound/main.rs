//! What Meta sends by itself: notifications and signed callbacks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod batches;
#[path = "../../fuzz/src/checks.rs"]
mod checks;
mod corpus;
mod forms;
mod properties;
mod recordings;
mod sign;
mod signature;
mod signed_requests;
