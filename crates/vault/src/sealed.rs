//! What is stored: the name of the key and the ciphertext.

use std::fmt;

use crate::error::VaultError;

/// First byte of every ciphertext written today.
pub(crate) const FORMAT: u8 = 1;
/// Length of an XChaCha20-Poly1305 nonce in bytes.
pub(crate) const NONCE: usize = 24;
/// Length of a Poly1305 tag in bytes.
const TAG: usize = 16;

/// A sealed secret, as it goes into two columns.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Name of the key that sealed it.
    pub key_id: String,
    /// One byte of format (`1`), 24 bytes of nonce, then ciphertext and tag
    /// of XChaCha20-Poly1305.
    pub ciphertext: Vec<u8>,
}

impl Sealed {
    /// Puts the parts together.
    pub(crate) fn assemble(key_id: &str, nonce: &[u8; NONCE], body: &[u8]) -> Self {
        let mut ciphertext = Vec::with_capacity(1 + NONCE + body.len());
        ciphertext.push(FORMAT);
        ciphertext.extend_from_slice(nonce);
        ciphertext.extend_from_slice(body);
        Self { key_id: key_id.to_owned(), ciphertext }
    }

    /// Nonce and body, if this can be something the vault wrote.
    pub(crate) fn parts(&self) -> Result<(&[u8; NONCE], &[u8]), VaultError> {
        let truncated = || VaultError::Truncated { length: self.ciphertext.len() };
        let (&format, rest) = self.ciphertext.split_first().ok_or_else(truncated)?;
        if format != FORMAT {
            return Err(VaultError::UnknownFormat { format });
        }
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or_else(truncated)?;
        if body.len() < TAG {
            return Err(truncated());
        }
        Ok((nonce, body))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("key_id", &self.key_id).field("bytes", &self.ciphertext.len()).finish()
    }
}
