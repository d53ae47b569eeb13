//! What the simulator sends to an app of its own accord: notifications of what
//! happened to a Page or an account, and the callbacks of a person who leaves.

mod callbacks;
mod channel;
mod delivery;
mod event;
mod grant_changes;
mod outbox;
mod payload;
mod sender;
mod signature;

use crate::random;

pub(crate) use callbacks::{Leaving, deletion_answer};
pub(crate) use channel::NotSent;
pub(crate) use delivery::Sent;
pub(crate) use event::Event;
pub(crate) use grant_changes::Granted;
pub(crate) use outbox::{Delivery, Kind, Outbox, Standing};
pub(crate) use sender::check_address;

/// Asks the callback to repeat a challenge, as Meta does before it takes an
/// address for its notifications. True where it does.
pub(crate) async fn verify_callback(callback_url: &str, verify_token: &str) -> bool {
    handshake(callback_url, verify_token).await.is_ok()
}

/// The same with the reason of a refusal.
pub(crate) async fn handshake(callback_url: &str, verify_token: &str) -> Result<(), String> {
    let mut address = check_address(callback_url)?;
    // A number in text, that an answer from a cache would not repeat.
    let challenge: String = random::text(verify_token, callback_url.len() as u64, 10)
        .bytes()
        .map(|byte| char::from(b'1' + byte % 9))
        .collect();
    address
        .query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &challenge)
        .append_pair("hub.verify_token", verify_token);
    let answer = sender::get(&address).await?;
    match answer.status {
        200 if answer.text.trim() == challenge => Ok(()),
        200 => Err("the callback answered 200, but not with the challenge".to_owned()),
        status => Err(format!("the callback answered {status}")),
    }
}
