//! Opaque secrets: made here, stored only as hashes.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::Renova;

impl Renova {
    /// 256 random bits as 64 hexadecimal digits.
    pub(crate) fn new_secret(&self) -> SecretString {
        SecretString::from(hex::encode(self.random::<32>()))
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
