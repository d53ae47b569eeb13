//! Reading the configured keys.

use proptest::prelude::*;
use secrecy::SecretString;
use vault::{Keyring, KeyringError};

fn parse(text: &str) -> Result<Keyring, KeyringError> {
    Keyring::parse(&SecretString::from(text))
}

fn digits(digit: &str) -> String {
    digit.repeat(64)
}

#[test]
fn the_first_key_is_the_active_one() {
    let ring = parse(&format!("  b:{}, a : {}\n", digits("1"), digits("F"))).unwrap();
    assert_eq!(ring.active_id(), "b");
    assert_eq!(ring.ids().collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn each_mistake_is_named_with_its_position_and_fix() {
    let one = digits("1");
    let cases = [
        (String::new(), KeyringError::Empty, "openssl rand"),
        (" \n".to_owned(), KeyringError::Empty, "openssl rand"),
        (format!("a:{one},"), KeyringError::EmptyEntry { position: 2 }, "key 2"),
        (one.clone(), KeyringError::NoName { position: 1 }, "ID:KEY"),
        (format!(":{one}"), KeyringError::BadName { position: 1 }, "1 to 32"),
        (format!("{one}:a"), KeyringError::BadName { position: 1 }, "before the colon"),
        (format!("a b:{one}"), KeyringError::BadName { position: 1 }, "letters"),
        (format!("a:{one},b:{}", &one[1..]), KeyringError::BadLength { position: 2, found: 63 }, "63 characters"),
        (format!("a:{}g", &one[1..]), KeyringError::BadDigit { position: 1, character: 64 }, "character 64 of key 1"),
        (format!("a:{}é", &one[1..]), KeyringError::BadDigit { position: 1, character: 64 }, "hexadecimal"),
        (format!("a:{one},a:{}", digits("2")), KeyringError::SameName { first: 1, position: 2 }, "same name"),
        (format!("a:{one},c:{},b:{one}", digits("2")), KeyringError::SameKey { first: 1, position: 3 }, "keys 1 and 3"),
    ];
    for (text, expected, words) in cases {
        let error = parse(&text).unwrap_err();
        assert_eq!(error, expected);
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("1111"), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_no_key_is_repeated(
        text in "[a-f0-9:, ]{0,200}|\\PC{0,80}|k:[0-9a-f]{60,68}(,k2?:[0-9a-f]{63,65})?"
    ) {
        match parse(&text) {
            Ok(ring) => prop_assert!(ring.ids().count() >= 1),
            Err(error) => {
                let said = error.to_string();
                for part in text.split([',', ':', ' ']).filter(|part| part.len() >= 12) {
                    prop_assert!(!said.contains(part));
                }
            }
        }
    }
}
