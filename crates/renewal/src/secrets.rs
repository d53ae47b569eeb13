//! Opaque secrets: made here, stored only as hashes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::Renova;

impl Renova {
    /// 256 random bits as 64 hexadecimal digits.
    pub(crate) fn new_secret(&self) -> SecretString {
        SecretString::from(hex::encode(self.random::<32>()))
    }

    /// The same as 43 characters of base64url, after a prefix that says what it is for.
    pub(crate) fn prefixed_secret(&self, prefix: &str) -> SecretString {
        SecretString::from(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(self.random::<32>())))
    }
}

/// What is stored of an opaque secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

pub(crate) fn hash_of(secret: &SecretString) -> [u8; 32] {
    hash(secret.expose_secret())
}

/// Whether a text could be one of ours at all.
pub(crate) fn is_well_formed(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// 32 bytes in base64url, in the one way that they can be written.
pub(crate) fn is_opaque(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a text could be one of [`Renova::prefixed_secret`].
pub(crate) fn is_prefixed(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(is_opaque)
}
