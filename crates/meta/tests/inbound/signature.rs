//! Signatures of notifications.

use meta::webhook::verify;
use secrecy::SecretString;

use crate::sign::secret;

const BODY: &[u8] = br#"{"object":"instagram","entry":[{"id":"17841400000000001","time":1790000000000,"messaging":[{"sender":{"id":"6500000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1790000000000,"message":{"mid":"m_1","text":"\u00a1Hola!"}}]}]}"#;
const SIGNATURE: &str = "1c40ee9fbea4a23d193bd533936dd831586304d749d3204225f53569aa914c9c";

#[test]
fn metas_signature_is_taken() {
    let header = format!("sha256={SIGNATURE}");
    assert!(verify(&[&secret()], Some(&header), BODY));
    let upper = format!("sha256={}", SIGNATURE.to_uppercase());
    assert!(verify(&[&secret()], Some(&upper), BODY));
}

#[test]
fn any_of_several_secrets_may_have_signed() {
    let header = format!("sha256={SIGNATURE}");
    let (ours, other) = (secret(), SecretString::from("instagram-app-secret"));
    assert!(verify(&[&other, &ours], Some(&header), BODY));
    assert!(verify(&[&ours, &other], Some(&header), BODY));
    assert!(!verify(&[&other], Some(&header), BODY));
    assert!(!verify(&[], Some(&header), BODY));
}

#[test]
fn a_header_of_another_form_is_refused() {
    let short = &SIGNATURE[..62];
    for header in [
        String::new(),
        "sha256=".to_owned(),
        SIGNATURE.to_owned(),
        format!("sha256={short}"),
        format!("sha256={SIGNATURE}00"),
        format!("sha256={short}0"),
        format!("sha256={short}zz"),
        format!("sha256= {SIGNATURE}"),
        format!(" sha256={SIGNATURE}"),
        format!("sha256={SIGNATURE} "),
        format!("sha1={SIGNATURE}"),
        format!("SHA256={SIGNATURE}"),
        format!("sha256=sha256={SIGNATURE}"),
        format!("sha256={SIGNATURE},sha256={SIGNATURE}"),
        format!("sha256=é{}", &SIGNATURE[2..]),
    ] {
        assert!(!verify(&[&secret()], Some(&header), BODY), "{header:?}");
    }
    assert!(!verify(&[&secret()], None, BODY));
}

/// The bytes count, not what they mean.
#[test]
fn another_spelling_of_the_same_body_is_refused() {
    let header = format!("sha256={SIGNATURE}");
    let text = String::from_utf8(BODY.to_vec()).unwrap();
    assert!(!verify(&[&secret()], Some(&header), text.replace("\\u00a1", "¡").as_bytes()));
    assert!(!verify(&[&secret()], Some(&header), format!("{text}\n").as_bytes()));
    assert!(!verify(&[&secret()], Some(&header), b""));
}

/// Everybody can compute a signature under an empty key.
#[test]
fn an_empty_secret_signs_nothing() {
    let header = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    assert!(!verify(&[&SecretString::from("")], Some(header), b""));
}
