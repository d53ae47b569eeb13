//! Tokens at rest: authenticated encryption bound to the row it is stored in.
//!
//! A [`Vault`] seals a secret with XChaCha20-Poly1305 under the first key of a
//! [`Keyring`] and opens it with whichever key of the ring sealed it. What is
//! sealed is tied to its place by a [`Binding`]: organization, Meta app, table,
//! row, column and `token_version`. A ciphertext copied to another place, cut
//! short, altered by one bit or put back into a newer row does not open.
//!
//! Out of scope: putting back a whole row together with its `token_version`,
//! or a whole database. Nothing inside the database can reveal that.

mod binding;
mod error;
mod keyring;
mod sealed;
mod signature;
mod vault;

pub use binding::Binding;
pub use error::VaultError;
pub use keyring::{Keyring, KeyringError};
pub use sealed::Sealed;
pub use vault::{Random, Vault};
