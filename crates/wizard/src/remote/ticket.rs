//! The secret that the page hands to the log-in's window and to Renova at the same moment.

use leptos::prelude::window;
use serde::Deserialize;

const LENGTH: usize = 32;
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What Renova answers once it knows the ticket.
#[derive(Deserialize)]
pub(super) struct Known {
    pub number: String,
}

/// 32 random bytes in base64url; `None` where the browser has no randomness.
pub(super) fn new() -> Option<String> {
    let mut bytes = [0_u8; LENGTH];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(base64url(&bytes))
}

fn base64url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let joined = group.iter().fold(0_u32, |joined, byte| joined << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let digit = joined >> (18 - 6 * place) & 0x3f;
            text.push(char::from(DIGITS[digit as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_base64url_without_padding() {
        assert_eq!(base64url(b""), "");
        assert_eq!(base64url(b"f"), "Zg");
        assert_eq!(base64url(b"fo"), "Zm8");
        assert_eq!(base64url(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64url(&[0; LENGTH]).len(), 43);
    }
}
