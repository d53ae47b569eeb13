//! Marks by which this installation knows its own links again.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::{Vault, keyring::Key};

impl Vault {
    /// A mark of `text` for one `purpose`, as 64 hexadecimal digits. Made with the first key.
    #[must_use]
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        hex::encode(mac(self.keyring().active(), purpose, text).finalize().into_bytes())
    }

    /// Whether any key of the ring has made this mark of `text` for this `purpose`.
    #[must_use]
    pub fn has_signed(&self, purpose: &str, text: &str, mark: &str) -> bool {
        let Ok(mark) = hex::decode(mark) else { return false };
        self.keyring().keys().any(|key| mac(key, purpose, text).verify_slice(&mark).is_ok())
    }
}

/// Under a key of its own, made from the ring's: one key serves one algorithm.
fn mac(key: &Key, purpose: &str, text: &str) -> Hmac<Sha256> {
    let root = started(key.bytes.expose_secret(), b"renova signature");
    let mut mac = started(&root.finalize().into_bytes().into(), purpose.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    mac
}

fn started(key: &[u8; 32], data: &[u8]) -> Hmac<Sha256> {
    // Any key has a good length for HMAC.
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block(key).into());
    mac.update(data);
    mac
}

/// The key as HMAC's block: shorter keys are filled up with zeros (RFC 2104).
fn block(key: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    block
}
