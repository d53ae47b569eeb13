//! Meta's signature under what it sends: HMAC-SHA256 with the app secret.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Whether one of the secrets made this signature of these bytes. Each
/// comparison takes the same time wherever the difference is, and all secrets
/// are tried.
pub(crate) fn signed_by_any(secrets: &[&SecretString], signature: &[u8], bytes: &[u8]) -> bool {
    secrets.iter().fold(false, |found, secret| signed_by(secret, signature, bytes) | found)
}

fn signed_by(secret: &SecretString, signature: &[u8], bytes: &[u8]) -> bool {
    let secret = secret.expose_secret().as_bytes();
    // Anybody can sign with an empty key.
    !secret.is_empty()
        && Hmac::<Sha256>::new_from_slice(secret)
            .is_ok_and(|mac| mac.chain_update(bytes).verify_slice(signature).is_ok())
}
