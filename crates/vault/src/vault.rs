//! Sealing and opening.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key as CipherKey, KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::binding::{Binding, key_check_data};
use crate::error::VaultError;
use crate::keyring::{Key, Keyring};
use crate::sealed::{FORMAT, NONCE, Sealed};

/// What the key check contains.
const KEY_CHECK_TEXT: &str = "renova key check";

/// Where nonces come from. Must be cryptographically strong: two equal nonces
/// under one key give both plaintexts away.
pub trait Random: Send + Sync {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Seals and opens secrets with the keys of one installation.
pub struct Vault {
    keyring: Keyring,
    random: Arc<dyn Random>,
}

impl Vault {
    /// A vault over these keys.
    #[must_use]
    pub fn new(keyring: Keyring, random: Arc<dyn Random>) -> Self {
        Self { keyring, random }
    }

    /// The keys of this vault.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Encrypts `plaintext` with the first key, for this place only.
    ///
    /// # Errors
    ///
    /// [`VaultError::TooLong`] beyond the cipher's limit of many gigabytes.
    pub fn seal(&self, plaintext: &SecretString, binding: &Binding<'_>) -> Result<Sealed, VaultError> {
        let key = self.keyring.active();
        let data = binding.associated_data(FORMAT, &key.id);
        self.encrypt(key, plaintext.expose_secret().as_bytes(), &data)
    }

    /// Decrypts what was sealed for this place with any key of the ring.
    ///
    /// # Errors
    ///
    /// [`VaultError::UnknownKey`] when the ring has no key of that name,
    /// [`VaultError::Refused`] when the ciphertext was altered or belongs to
    /// another place or version, and the other variants for what the vault
    /// never wrote.
    pub fn open(&self, sealed: &Sealed, binding: &Binding<'_>) -> Result<SecretString, VaultError> {
        let key = self.find(sealed)?;
        let data = binding.associated_data(FORMAT, &key.id);
        let plaintext = decrypt(key, sealed, &data)?;
        let text = std::str::from_utf8(&plaintext).map_err(|_| VaultError::NotText)?;
        Ok(SecretString::from(text))
    }

    /// A fixed text sealed with the first key. Stored once in the database, it
    /// tells at every later start whether the configured keys are its own.
    ///
    /// # Errors
    ///
    /// As for [`Vault::seal`].
    pub fn key_check(&self) -> Result<Sealed, VaultError> {
        let key = self.keyring.active();
        let data = key_check_data(FORMAT, &key.id);
        self.encrypt(key, KEY_CHECK_TEXT.as_bytes(), &data)
    }

    /// Whether the stored key check opens with a key of the ring.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongKey`] when no key of the ring opens it;
    /// [`VaultError::Truncated`] or [`VaultError::UnknownFormat`] when it is
    /// not a key check of this version at all.
    pub fn verify_key_check(&self, stored: &Sealed) -> Result<(), VaultError> {
        stored.parts()?;
        let key = self.find(stored).map_err(|_| VaultError::WrongKey)?;
        let data = key_check_data(FORMAT, &key.id);
        match decrypt(key, stored, &data) {
            Ok(text) if text.as_slice() == KEY_CHECK_TEXT.as_bytes() => Ok(()),
            _ => Err(VaultError::WrongKey),
        }
    }

    fn find(&self, sealed: &Sealed) -> Result<&Key, VaultError> {
        self.keyring.find(&sealed.key_id).ok_or_else(|| VaultError::UnknownKey { key_id: sealed.key_id.clone() })
    }

    fn encrypt(&self, key: &Key, plaintext: &[u8], data: &[u8]) -> Result<Sealed, VaultError> {
        let mut nonce = [0_u8; NONCE];
        self.random.fill(&mut nonce);
        let body = cipher(key)
            .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: data })
            .map_err(|_| VaultError::TooLong)?;
        Ok(Sealed::assemble(&key.id, &nonce, &body))
    }
}

fn decrypt(key: &Key, sealed: &Sealed, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, body) = sealed.parts()?;
    cipher(key)
        .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: data })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Refused)
}

/// The cipher wipes its copy of the key when dropped.
fn cipher(key: &Key) -> XChaCha20Poly1305 {
    let bytes: &CipherKey = key.bytes.expose_secret().into();
    XChaCha20Poly1305::new(bytes)
}
