//! Signatures of what is sent, and the JSON that Meta signs: everything beyond
//! ASCII, and each slash, is escaped.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::proof;

/// The value of `X-Hub-Signature-256`.
pub(super) fn of_body(secret: &str, body: &str) -> Option<String> {
    proof::sign(secret, body).map(|hex| format!("sha256={hex}"))
}

/// `signature.payload`, both base64url without padding; what is signed is the
/// payload as encoded.
pub(super) fn signed_request(secret: &str, payload: &impl Serialize) -> Option<String> {
    let encoded = URL_SAFE_NO_PAD.encode(ascii_json(payload)?);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(encoded.as_bytes());
    Some(format!("{}.{encoded}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
}

pub(super) fn ascii_json(value: &impl Serialize) -> Option<String> {
    let plain = serde_json::to_string(value).ok()?;
    let mut out = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '/' => out.push_str("\\/"),
            _ if character.is_ascii() => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ascii_json, of_body, signed_request};

    #[test]
    fn beyond_ascii_is_escaped() {
        let text = ascii_json(&json!({"t": "äö/😢"}));
        assert_eq!(text.as_deref(), Some(r#"{"t":"\u00e4\u00f6\/\ud83d\ude22"}"#));
    }

    #[test]
    fn known_signatures() {
        let body = r#"{"object":"instagram","entry":[{"id":"17841400000000001","time":1790000000000,"messaging":[{"sender":{"id":"6500000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1790000000000,"message":{"mid":"m_1","text":"\u00a1Hola!"}}]}]}"#;
        assert_eq!(
            of_body("sample-app-secret", body).as_deref(),
            Some("sha256=1c40ee9fbea4a23d193bd533936dd831586304d749d3204225f53569aa914c9c")
        );
        #[derive(serde::Serialize)]
        struct Payload {
            user_id: &'static str,
            algorithm: &'static str,
            issued_at: i64,
        }
        let payload = Payload { user_id: "0", algorithm: "HMAC-SHA256", issued_at: 1_624_244_156 };
        assert_eq!(
            signed_request("key", &payload).as_deref(),
            Some(
                "Mf_s6nTb38UYqioBmPqu0Ewm9souPZB9I2fIGwV729U.eyJ1c2VyX2lkIjoiMCIsImFsZ29yaXRobSI6IkhNQUMtU0hBMjU2IiwiaXNzdWVkX2F0IjoxNjI0MjQ0MTU2fQ"
            )
        );
    }
}
