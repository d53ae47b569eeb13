//! The place a ciphertext belongs to, as associated data.

/// The place of a sealed secret. All of it is authenticated: opening with any
/// other value fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding<'a> {
    /// Id of the organization that owns the row.
    pub organization: &'a str,
    /// Id of the Meta app the token was issued to.
    pub meta_app: &'a str,
    /// Table, for example `connections`.
    pub table: &'a str,
    /// Primary key of the row.
    pub row: &'a str,
    /// Column that holds the ciphertext.
    pub column: &'a str,
    /// Counter of the row that changes with the ciphertext, and only with it.
    pub token_version: i64,
}

/// Keeps the key check apart from everything that has a place in a table.
const TOKEN: &str = "renova/token";
const KEY_CHECK: &str = "renova/key-check";

impl Binding<'_> {
    /// The associated data: every part preceded by its length (64 bits, big
    /// endian), so that no two different places give the same bytes.
    pub(crate) fn associated_data(&self, format: u8, key_id: &str) -> Vec<u8> {
        encode(&[
            TOKEN.as_bytes(),
            &[format],
            self.organization.as_bytes(),
            self.meta_app.as_bytes(),
            self.table.as_bytes(),
            self.row.as_bytes(),
            self.column.as_bytes(),
            key_id.as_bytes(),
            &self.token_version.to_be_bytes(),
        ])
    }
}

/// Associated data of the key check, which belongs to the database as a whole.
pub(crate) fn key_check_data(format: u8, key_id: &str) -> Vec<u8> {
    encode(&[KEY_CHECK.as_bytes(), &[format], key_id.as_bytes()])
}

fn encode(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_flow_into_each_other() {
        assert_ne!(encode(&[b"ab", b"c"]), encode(&[b"a", b"bc"]));
        assert_ne!(encode(&[b"ab", b""]), encode(&[b"", b"ab"]));
        assert_ne!(encode(&[b"a"]), encode(&[b"a", b""]));
    }

    #[test]
    fn the_encoding_is_the_one_already_stored() {
        // Changing these bytes makes every stored token unreadable.
        let binding =
            Binding { organization: "o", meta_app: "m", table: "t", row: "r", column: "c", token_version: 258 };
        assert_eq!(
            hex::encode(binding.associated_data(1, "k")),
            "000000000000000c72656e6f76612f746f6b656e\
             000000000000000101\
             00000000000000016f\
             00000000000000016d\
             000000000000000174\
             000000000000000172\
             000000000000000163\
             00000000000000016b\
             00000000000000080000000000000102"
        );
        assert_eq!(
            hex::encode(key_check_data(1, "k")),
            "000000000000001072656e6f76612f6b65792d636865636b\
             000000000000000101\
             00000000000000016b"
        );
    }
}
