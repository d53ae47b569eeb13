//! The encryption keys of an installation, parsed from its configuration.

use std::fmt;

use secrecy::{ExposeSecret, SecretBox, SecretString};

/// Length of a key in bytes.
const KEY: usize = 32;
/// Length of a key as configured, in hexadecimal digits.
const DIGITS: usize = 2 * KEY;
/// Longest name of a key. Shorter than a key, so that a swapped pair
/// (`key:name`) is noticed.
const LONGEST_ID: usize = 32;

/// The keys in the order configured: the first encrypts, all decrypt.
pub struct Keyring {
    active: Key,
    others: Vec<Key>,
}

pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) bytes: SecretBox<[u8; KEY]>,
}

/// What is wrong with a configured list of keys. Positions count from 1.
/// Never repeats what was configured: it may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no key at all.
    #[error("there is no key: give one as ID:KEY, where KEY is 64 hexadecimal digits (openssl rand -hex 32)")]
    Empty,
    /// Two commas in a row, or one at an end.
    #[error("key {position} is empty: remove the comma too many")]
    EmptyEntry {
        /// Position of the entry.
        position: usize,
    },
    /// An entry without a name.
    #[error("key {position} has no name: write ID:KEY with a colon between them")]
    NoName {
        /// Position of the entry.
        position: usize,
    },
    /// A name that is empty, too long or has other characters.
    #[error("the name of key {position} is not valid: 1 to 32 letters, digits, '-', '_' or '.', before the colon")]
    BadName {
        /// Position of the entry.
        position: usize,
    },
    /// A key that is not as long as a key must be.
    #[error(
        "key {position} has {found} characters after the colon: it must have 64 hexadecimal digits (openssl rand -hex 32)"
    )]
    BadLength {
        /// Position of the entry.
        position: usize,
        /// Characters found after the colon.
        found: usize,
    },
    /// A key with something else than hexadecimal digits.
    #[error("character {character} of key {position} is not a hexadecimal digit (0-9, a-f)")]
    BadDigit {
        /// Position of the entry.
        position: usize,
        /// Position of the character after the colon.
        character: usize,
    },
    /// Two entries with one name.
    #[error("keys {first} and {position} have the same name: give each key a name of its own")]
    SameName {
        /// Position of the earlier entry.
        first: usize,
        /// Position of the later entry.
        position: usize,
    },
    /// Two names for one key.
    #[error("keys {first} and {position} are the same key: remove one, or generate a new one (openssl rand -hex 32)")]
    SameKey {
        /// Position of the earlier entry.
        first: usize,
        /// Position of the later entry.
        position: usize,
    },
}

impl Keyring {
    /// Reads `ID:KEY[,ID:KEY…]`, where `ID` is 1 to 32 letters, digits, `-`,
    /// `_` or `.` and `KEY` is 64 hexadecimal digits. Space around entries is
    /// ignored, so the text may come from a file.
    ///
    /// # Errors
    ///
    /// [`KeyringError`] names the position of the first thing wrong and the
    /// fix, and repeats nothing of the text.
    pub fn parse(text: &SecretString) -> Result<Self, KeyringError> {
        let text = text.expose_secret().trim();
        if text.is_empty() {
            return Err(KeyringError::Empty);
        }
        let mut keys: Vec<Key> = Vec::new();
        for (index, entry) in text.split(',').enumerate() {
            let position = index + 1;
            let key = Key::parse(entry.trim(), position)?;
            for (earlier, other) in keys.iter().enumerate() {
                let first = earlier + 1;
                if other.id == key.id {
                    return Err(KeyringError::SameName { first, position });
                }
                if other.bytes.expose_secret() == key.bytes.expose_secret() {
                    return Err(KeyringError::SameKey { first, position });
                }
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let active = keys.next().ok_or(KeyringError::Empty)?;
        Ok(Self { active, others: keys.collect() })
    }

    /// Names of all keys, the encrypting one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| key.id.as_str())
    }

    /// Name of the key that encrypts.
    #[must_use]
    pub fn active_id(&self) -> &str {
        &self.active.id
    }

    pub(crate) fn active(&self) -> &Key {
        &self.active
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        self.keys().find(|key| key.id == id)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.active).chain(&self.others)
    }
}

/// Names only.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

impl Key {
    fn parse(entry: &str, position: usize) -> Result<Self, KeyringError> {
        if entry.is_empty() {
            return Err(KeyringError::EmptyEntry { position });
        }
        let (id, digits) = entry.split_once(':').ok_or(KeyringError::NoName { position })?;
        let id = id.trim_end();
        let digits = digits.trim_start();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(allowed) {
            return Err(KeyringError::BadName { position });
        }
        let found = digits.chars().count();
        if found != DIGITS {
            return Err(KeyringError::BadLength { position, found });
        }
        if let Some(index) = digits.chars().position(|c| !c.is_ascii_hexdigit()) {
            return Err(KeyringError::BadDigit { position, character: index + 1 });
        }
        let mut decoded = Ok(());
        let bytes = SecretBox::init_with_mut(|bytes: &mut [u8; KEY]| {
            decoded = hex::decode_to_slice(digits, bytes);
        });
        // Length and digits were checked above, so this arm is never taken.
        decoded.map_err(|_| KeyringError::BadLength { position, found })?;
        Ok(Self { id: id.to_owned(), bytes })
    }
}
