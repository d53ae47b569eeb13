//! Why something could not be sealed or opened.

/// Why the vault refused. No variant carries key or plaintext material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key that sealed this is not in the ring.
    #[error("no encryption key named {key_id:?}: add the key it was sealed with to the list of keys again")]
    UnknownKey {
        /// The key id stored beside the ciphertext.
        key_id: String,
    },
    /// Too short to be anything the vault ever wrote.
    #[error("the ciphertext is cut short ({length} bytes)")]
    Truncated {
        /// Its length in bytes.
        length: usize,
    },
    /// The first byte names a format this version does not know.
    #[error("the ciphertext has the unknown format {format}")]
    UnknownFormat {
        /// That first byte.
        format: u8,
    },
    /// Authentication failed: altered, moved from another place, put back from
    /// an earlier version, or sealed with another key of the same name.
    #[error("the ciphertext does not belong here: it was altered, moved or put back")]
    Refused,
    /// Authentic, but not text. Only a fault of the program could write that.
    #[error("the decrypted content is not text")]
    NotText,
    /// No key of the ring opens the stored key check: the configured keys are
    /// not those this database was written with.
    #[error("the configured encryption keys do not match this database")]
    WrongKey,
    /// The cipher refused its input. It does so only for texts of many
    /// gigabytes.
    #[error("the text is too long to be encrypted")]
    TooLong,
}
