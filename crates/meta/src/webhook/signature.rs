//! `X-Hub-Signature-256`.

use secrecy::SecretString;

use crate::mac::signed_by_any;

/// Whether a notification comes from Meta: `signature` is the header
/// `X-Hub-Signature-256`, `body` the bytes exactly as they arrived. True when
/// any of the secrets signed them; a header that is missing or not
/// `sha256=` with 64 hexadecimal digits is false.
///
/// Several secrets, because Instagram Login has an app secret of its own and
/// one address may serve both. An empty secret signs nothing.
#[must_use]
pub fn verify(secrets: &[&SecretString], signature: Option<&str>, body: &[u8]) -> bool {
    let Some(digits) = signature.and_then(|header| header.strip_prefix("sha256=")) else { return false };
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).is_ok() && signed_by_any(secrets, &signature, body)
}
