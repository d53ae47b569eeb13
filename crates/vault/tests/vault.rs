//! What a vault promises, against everything a writer of the database can do.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use vault::{Binding, Keyring, Random, Sealed, Vault, VaultError};

/// Never the same bytes twice, and the same in every run.
#[derive(Default)]
struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
    }
}

fn vault(keys: &str) -> Vault {
    let keyring = Keyring::parse(&SecretString::from(keys)).expect("keys of the test");
    Vault::new(keyring, Arc::new(Counter::default()))
}

fn key(id: &str, digit: &str) -> String {
    format!("{id}:{}", digit.repeat(64))
}

#[derive(Debug, Clone, PartialEq)]
struct Place {
    organization: String,
    meta_app: String,
    table: String,
    row: String,
    column: String,
    token_version: i64,
}

impl Place {
    fn binding(&self) -> Binding<'_> {
        Binding {
            organization: &self.organization,
            meta_app: &self.meta_app,
            table: &self.table,
            row: &self.row,
            column: &self.column,
            token_version: self.token_version,
        }
    }
}

/// Few values, so that places often share most of their parts, and some that
/// would be confused if parts were simply joined.
fn place() -> impl Strategy<Value = Place> {
    let part = || prop_oneof!["[ab]{0,3}", Just("a\0b".to_owned()), "\\PC{0,12}"];
    (part(), part(), part(), part(), part(), any::<i64>()).prop_map(
        |(organization, meta_app, table, row, column, token_version)| Place {
            organization,
            meta_app,
            table,
            row,
            column,
            token_version,
        },
    )
}

fn here() -> Place {
    Place {
        organization: "organization-1".to_owned(),
        meta_app: "app-1".to_owned(),
        table: "connections".to_owned(),
        row: "row-1".to_owned(),
        column: "user_token".to_owned(),
        token_version: 7,
    }
}

proptest! {
    #[test]
    fn what_is_sealed_opens(text in "\\PC{0,300}", place in place()) {
        let vault = vault(&key("k1", "1"));
        let sealed = vault.seal(&SecretString::from(text.as_str()), &place.binding()).unwrap();
        prop_assert_eq!(&sealed.key_id, "k1");
        prop_assert_eq!(sealed.ciphertext.len(), 1 + 24 + text.len() + 16);
        let opened = vault.open(&sealed, &place.binding()).unwrap();
        prop_assert_eq!(opened.expose_secret(), text.as_str());
    }

    #[test]
    fn nothing_opens_in_another_place(text in "\\PC{0,60}", from in place(), to in place()) {
        prop_assume!(from != to);
        let vault = vault(&key("k1", "1"));
        let sealed = vault.seal(&SecretString::from(text), &from.binding()).unwrap();
        prop_assert_eq!(
            vault.open(&sealed, &to.binding()).unwrap_err(),
            VaultError::Refused
        );
    }

    #[test]
    fn an_older_ciphertext_does_not_open_in_a_newer_row(
        text in "\\PC{0,60}", place in place(), later in 1_i64..1_000
    ) {
        let vault = vault(&key("k1", "1"));
        let old = vault.seal(&SecretString::from(text), &place.binding()).unwrap();
        let newer = Place { token_version: place.token_version.wrapping_add(later), ..place };
        prop_assert_eq!(vault.open(&old, &newer.binding()).unwrap_err(), VaultError::Refused);
    }

    #[test]
    fn invented_ciphertexts_are_refused(
        key_id in "k1|k2|\\PC{0,8}",
        mut ciphertext in proptest::collection::vec(any::<u8>(), 0..120),
        first_byte_right in any::<bool>(),
    ) {
        if let (true, Some(first)) = (first_byte_right, ciphertext.first_mut()) {
            *first = 1;
        }
        let vault = vault(&[key("k1", "1"), key("k2", "2")].join(","));
        let invented = Sealed { key_id, ciphertext };
        prop_assert!(vault.open(&invented, &here().binding()).is_err());
        prop_assert!(vault.verify_key_check(&invented).is_err());
    }
}

/// Each part of the place alone, so that none can be forgotten.
#[test]
fn each_part_of_the_place_counts() {
    let vault = vault(&key("k1", "1"));
    let place = here();
    let sealed = vault.seal(&SecretString::from("token"), &place.binding()).unwrap();
    let other = || "other".to_owned();
    let moved = [
        Place { organization: other(), ..place.clone() },
        Place { meta_app: other(), ..place.clone() },
        Place { table: other(), ..place.clone() },
        Place { row: other(), ..place.clone() },
        Place { column: other(), ..place.clone() },
        Place { token_version: 8, ..place.clone() },
        Place { token_version: 6, ..place.clone() },
        // The same letters, divided differently.
        Place { organization: "organization-1app".to_owned(), meta_app: "-1".to_owned(), ..place.clone() },
    ];
    for place in moved {
        assert_eq!(vault.open(&sealed, &place.binding()).unwrap_err(), VaultError::Refused, "{place:?}");
    }
}

#[test]
fn every_truncation_is_refused() {
    let vault = vault(&key("k1", "1"));
    let place = here();
    let sealed = vault.seal(&SecretString::from("EAAB-some-token"), &place.binding()).unwrap();
    for length in 0..sealed.ciphertext.len() {
        for ciphertext in
            [sealed.ciphertext[..length].to_vec(), sealed.ciphertext[sealed.ciphertext.len() - length..].to_vec()]
        {
            let cut = Sealed { ciphertext, ..sealed.clone() };
            assert!(vault.open(&cut, &place.binding()).is_err(), "{length}");
        }
    }
    let mut longer = sealed.clone();
    longer.ciphertext.push(0);
    assert!(vault.open(&longer, &place.binding()).is_err());
}

#[test]
fn every_flipped_bit_is_refused() {
    let vault = vault(&key("k1", "1"));
    let place = here();
    let sealed = vault.seal(&SecretString::from("EAAB-some-token"), &place.binding()).unwrap();
    for byte in 0..sealed.ciphertext.len() {
        for bit in 0..8 {
            let mut flipped = sealed.clone();
            flipped.ciphertext[byte] ^= 1 << bit;
            assert!(vault.open(&flipped, &place.binding()).is_err(), "{byte}.{bit}");
        }
    }
    assert!(vault.open(&sealed, &place.binding()).is_ok());
}

#[test]
fn every_key_of_the_ring_opens_and_the_first_seals() {
    let place = here();
    let old = vault(&key("old", "a"));
    let sealed = old.seal(&SecretString::from("token"), &place.binding()).unwrap();

    let both = vault(&[key("new", "b"), key("old", "a")].join(","));
    let opened = both.open(&sealed, &place.binding()).unwrap();
    assert_eq!(opened.expose_secret(), "token");
    let again = both.seal(&opened, &place.binding()).unwrap();
    assert_eq!(again.key_id, "new");

    let new = vault(&key("new", "b"));
    assert_eq!(new.open(&again, &place.binding()).unwrap().expose_secret(), "token");
    assert_eq!(new.open(&sealed, &place.binding()).unwrap_err(), VaultError::UnknownKey { key_id: "old".to_owned() });
}

#[test]
fn the_key_id_beside_the_ciphertext_cannot_be_exchanged() {
    let place = here();
    let both = vault(&[key("k1", "1"), key("k2", "2")].join(","));
    let sealed = both.seal(&SecretString::from("token"), &place.binding()).unwrap();
    let renamed = Sealed { key_id: "k2".to_owned(), ..sealed.clone() };
    assert_eq!(both.open(&renamed, &place.binding()).unwrap_err(), VaultError::Refused);
    // Not even where another ring gives the same key that name.
    let same_key = vault(&key("k2", "1"));
    assert_eq!(same_key.open(&renamed, &place.binding()).unwrap_err(), VaultError::Refused);
}

#[test]
fn another_key_of_the_same_name_is_refused() {
    let place = here();
    let sealed = vault(&key("k1", "1")).seal(&SecretString::from("token"), &place.binding()).unwrap();
    assert_eq!(vault(&key("k1", "2")).open(&sealed, &place.binding()).unwrap_err(), VaultError::Refused);
}

#[test]
fn sealing_twice_gives_different_ciphertexts() {
    let vault = vault(&key("k1", "1"));
    let place = here();
    let text = SecretString::from("token");
    assert_ne!(vault.seal(&text, &place.binding()).unwrap(), vault.seal(&text, &place.binding()).unwrap());
}

#[test]
fn the_key_check_knows_its_keys() {
    let first = vault(&key("k1", "1"));
    let stored = first.key_check().unwrap();
    assert_eq!(first.verify_key_check(&stored), Ok(()));

    let rotated = vault(&[key("k2", "2"), key("k1", "1")].join(","));
    assert_eq!(rotated.verify_key_check(&stored), Ok(()));

    for wrong in [key("k1", "2"), key("k2", "1"), key("k2", "2")] {
        assert_eq!(vault(&wrong).verify_key_check(&stored), Err(VaultError::WrongKey));
    }
    let cut = Sealed { ciphertext: stored.ciphertext[..20].to_vec(), ..stored.clone() };
    assert_eq!(first.verify_key_check(&cut), Err(VaultError::Truncated { length: 20 }));
}

#[test]
fn a_token_is_no_key_check_and_the_reverse() {
    let vault = vault(&key("k1", "1"));
    let place = here();
    let token = vault.seal(&SecretString::from("renova key check"), &place.binding()).unwrap();
    assert_eq!(vault.verify_key_check(&token), Err(VaultError::WrongKey));
    let check = vault.key_check().unwrap();
    assert_eq!(vault.open(&check, &place.binding()).unwrap_err(), VaultError::Refused);
}

/// Sealed by an independent implementation of the draft's XChaCha20-Poly1305
/// and of the associated data, so that a change of either is noticed.
#[test]
fn what_was_stored_before_still_opens() {
    let vault = vault(&key("k1", "1"));
    let stored = Sealed { key_id: "k1".to_owned(), ciphertext: hex::decode(STORED).unwrap() };
    let opened = vault.open(&stored, &here().binding()).unwrap();
    assert_eq!(opened.expose_secret(), "EAAB-stored-before");
}

const STORED: &str = "01000102030405060708090a0b0c0d0e0f1011121314151617de5b9330cf5f28389b4d07110a6c4cb673dab59d7581f77cb2946d36ba7ad86d98f1";

#[test]
fn nothing_shows_in_debug_output() {
    let vault = vault(&key("k1", "1"));
    let sealed = vault.seal(&SecretString::from("token"), &here().binding()).unwrap();
    assert_eq!(format!("{:?}", vault.keyring()), r#"["k1"]"#);
    assert_eq!(format!("{sealed:?}"), r#"Sealed { key_id: "k1", bytes: 46 }"#);
}

#[test]
fn a_mark_is_known_by_any_key_of_the_ring_and_for_its_purpose_alone() {
    let (a, b) = (key("a", "1"), key("b", "2"));
    let (old, new) = (vault(&a), vault(&format!("{b},{a}")));
    let mark = old.sign("purpose", "text");
    assert!(old.has_signed("purpose", "text", &mark) && new.has_signed("purpose", "text", &mark));
    assert!(!vault(&b).has_signed("purpose", "text", &mark), "another key");
    for (purpose, text) in [("purpos", "etext"), ("purpose", "text "), ("other", "text")] {
        assert!(!old.has_signed(purpose, text, &mark), "{purpose} {text}");
    }
    for broken in ["", "00", "zz", &mark[..62]] {
        assert!(!old.has_signed("purpose", "text", broken), "{broken}");
    }
}
