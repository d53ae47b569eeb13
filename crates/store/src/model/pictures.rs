//! What accounts look like.

/// The picture of an account. Unique: (organization, account).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Page id or Instagram professional account id.
    pub account_id: String,
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub hash: String,
    pub bytes: Vec<u8>,
}
