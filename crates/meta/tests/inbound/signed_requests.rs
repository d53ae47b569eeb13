//! Signed callbacks.

use meta::signed_request::{Refused, SignedRequest, open};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::sign::{padded_request, request, secret};

const RECORDED: &str = "Mf_s6nTb38UYqioBmPqu0Ewm9souPZB9I2fIGwV729U.eyJ1c2VyX2lkIjoiMCIsImFsZ29yaXRobSI6IkhNQUMtU0hBMjU2IiwiaXNzdWVkX2F0IjoxNjI0MjQ0MTU2fQ";
const OURS: &str = "e7ecf9SV0wVUyCNH0G0wG6_dPexLo8GKzsk5Y9CCe88.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5MDAwMDAwMCwidXNlcl9pZCI6IjEwMTU4MDAwMDAwMDAwMDAxIn0";

fn opened(text: &str) -> Result<SignedRequest, Refused> {
    open(text, &[&secret()])
}

fn person(user_id: &str, issued_at: i64) -> SignedRequest {
    SignedRequest { user_id: Some(user_id.to_owned()), profile_id: None, issued_at: Some(issued_at), expires: None }
}

#[test]
fn known_requests() {
    assert_eq!(open(RECORDED, &[&SecretString::from("key")]), Ok(person("0", 1_624_244_156)));
    assert_eq!(opened(OURS), Ok(person("10158000000000001", 1_790_000_000)));
    assert_eq!(opened(RECORDED), Err(Refused::Signature));
}

#[test]
fn any_of_several_secrets_may_have_signed() {
    let (ours, other) = (secret(), SecretString::from("instagram-app-secret"));
    assert!(open(OURS, &[&other, &ours]).is_ok() && open(OURS, &[&ours, &other]).is_ok());
    assert_eq!(open(OURS, &[&other]), Err(Refused::Signature));
    assert_eq!(open(OURS, &[]), Err(Refused::Signature));
    assert_eq!(open(OURS, &[&SecretString::from("")]), Err(Refused::Signature));
}

#[test]
fn every_documented_content() {
    let cases = [
        (
            json!({"user_id": "218471", "issued_at": 1_291_836_800, "expires": 1_291_840_400}),
            Some("218471"),
            None,
            true,
        ),
        (json!({"user_id": 218_471, "issued_at": "1291836800", "expires": "1291840400"}), Some("218471"), None, true),
        (json!({"user_id": null, "profile_id": "123", "issued_at": "1291836800"}), None, Some("123"), true),
        (json!({"user_id": "", "profile_id": 123, "issued_at": 1_291_836_800}), None, Some("123"), true),
        (json!({"user_id": "218471", "user": {"country": "br"}, "oauth_token": "EAA"}), Some("218471"), None, false),
        (json!({"user_id": "218471", "issued_at": 0, "expires": 0}), Some("218471"), None, false),
        (json!({"user_id": "218471", "issued_at": "soon", "expires": []}), Some("218471"), None, false),
        (json!({"user_id": "218471", "issued_at": -1, "expires": i64::MAX}), Some("218471"), None, false),
        (json!({}), None, None, false),
    ];
    for (mut content, user_id, profile_id, is_dated) in cases {
        content["algorithm"] = json!("HMAC-SHA256");
        let found = opened(&request(&content.to_string())).unwrap();
        assert_eq!((found.user_id.as_deref(), found.profile_id.as_deref()), (user_id, profile_id), "{content}");
        assert_eq!(found.issued_at, is_dated.then_some(1_291_836_800), "{content}");
        assert_eq!(found.expires, (is_dated && user_id.is_some()).then_some(1_291_840_400), "{content}");
        assert!(!format!("{found:?}").contains("EAA"));
    }
}

#[test]
fn the_algorithm_is_looked_at() {
    for (algorithm, is_ours) in [
        (json!("HMAC-SHA256"), true),
        (json!("hmac-sha256"), true),
        (json!("Hmac-Sha256"), true),
        (json!("HMAC-SHA1"), false),
        (json!("none"), false),
        (json!(""), false),
        (json!("HMAC-SHA256 "), false),
        (Value::Null, false),
    ] {
        let text = request(&json!({"user_id": "1", "algorithm": algorithm}).to_string());
        let expected = if is_ours { Ok(()) } else { Err(Refused::Algorithm) };
        assert_eq!(opened(&text).map(|_| ()), expected, "{algorithm}");
    }
    assert_eq!(opened(&request(r#"{"user_id":"1"}"#)), Err(Refused::Algorithm));
}

#[test]
fn signed_nonsense_is_refused() {
    for content in [
        "",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{}x",
        "<html>",
        "[\"HMAC-SHA256\",\"1\"]",
        r#"{"algorithm":"HMAC-SHA256","user_id":{}}"#,
        r#"{"algorithm":"HMAC-SHA256","user_id":["1"]}"#,
        r#"{"algorithm":"HMAC-SHA256","user_id":true}"#,
        r#"{"algorithm":"HMAC-SHA256","user_id":1.5}"#,
        r#"{"algorithm":"HMAC-SHA256","user_id":-1}"#,
        r#"{"algorithm":"HMAC-SHA256","profile_id":{}}"#,
        r#"{"algorithm":256}"#,
    ] {
        assert_eq!(opened(&request(content)), Err(Refused::Content), "{content}");
    }
}

#[test]
fn another_form_is_refused() {
    let (signature, content) = OURS.split_once('.').unwrap();
    for text in [
        String::new(),
        "a".to_owned(),
        signature.to_owned(),
        format!("{signature}{content}"),
        format!("{OURS}."),
        format!("{OURS}.x"),
        format!(" {OURS}"),
        format!("{OURS}\n"),
        format!("{signature}. {content}"),
        // Other alphabet, too much padding, a bit beyond the last byte.
        OURS.replace('_', "/"),
        OURS.replace('_', "%5F"),
        format!("{signature}==.{content}"),
        format!("{signature}.{content}===="),
        format!("{}9.{content}", &signature[..42]),
        format!("{signature}.é"),
    ] {
        assert_eq!(opened(&text), Err(Refused::Form), "{text}");
    }
    for text in
        [".".to_owned(), format!(".{content}"), format!("{signature}."), format!("{}.{content}", &signature[..40])]
    {
        assert_eq!(opened(&text), Err(Refused::Signature), "{text}");
    }
}

#[test]
fn padding_is_free() {
    for user_id in ["1", "12", "123", "1234"] {
        let content = json!({"algorithm": "HMAC-SHA256", "issued_at": 1_790_000_000, "user_id": user_id}).to_string();
        assert_eq!(opened(&request(&content)), Ok(person(user_id, 1_790_000_000)));
        assert_eq!(opened(&padded_request(&content)), Ok(person(user_id, 1_790_000_000)));
    }
    let (signature, content) = OURS.split_once('.').unwrap();
    assert!(opened(&format!("{signature}=.{content}")).is_ok());
}

#[test]
fn a_large_one_is_not_looked_at() {
    let content =
        |filler: usize| json!({"algorithm": "HMAC-SHA256", "user_id": "1", "filler": "x".repeat(filler)}).to_string();
    assert!(opened(&request(&content(6_000))).is_ok());
    assert_eq!(opened(&request(&content(6_200))), Err(Refused::TooLarge));
    assert_eq!(opened(&"a".repeat(8 * 1024 + 1)), Err(Refused::TooLarge));
}

#[test]
fn a_refusal_says_nothing_of_the_content() {
    for content in ["PRIVATE", r#"{"user_id":"PRIVATE"}"#, r#"{"algorithm":"PRIVATE"}"#] {
        let refused = opened(&request(content)).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("PRIVATE"));
    }
}
