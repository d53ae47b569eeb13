//! Signs as Meta does.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use secrecy::SecretString;

pub const SECRET: &str = "sample-app-secret";

pub fn secret() -> SecretString {
    SecretString::from(SECRET)
}

/// HMAC-SHA256 in hexadecimal digits: the known vectors of `appsecret_proof`
/// vouch for it.
fn hmac(secret: &str, text: &str) -> String {
    meta::appsecret_proof(&SecretString::from(secret), &SecretString::from(text))
}

/// The header of a notification.
pub fn header(body: &str) -> String {
    format!("sha256={}", hmac(SECRET, body))
}

/// A signed request without padding, as Meta writes it.
pub fn request(content: &str) -> String {
    encoded(&URL_SAFE_NO_PAD, content)
}

/// The same with padding, before signing.
pub fn padded_request(content: &str) -> String {
    encoded(&URL_SAFE, content)
}

fn encoded(base64: &impl Engine, content: &str) -> String {
    let content = base64.encode(content);
    let signature = hex::decode(hmac(SECRET, &content)).unwrap();
    format!("{}.{content}", base64.encode(signature))
}
