//! The proof that a call with a token comes from the app's server.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// `appsecret_proof` of a token in its plain form: HMAC-SHA256 of the token
/// under the app secret, 64 lowercase hexadecimal digits. It is useless without
/// the token, but identifies it: treat it as confidential.
/// Meta: `graph-api/guides/secure-requests`.
#[must_use]
pub fn appsecret_proof(secret: &SecretString, token: &SecretString) -> String {
    under(secret, &[token.expose_secret()])
}

/// The proof that Meta takes for five minutes from `at`, in seconds since 1970;
/// `appsecret_time` goes with it. Meta: `facebook-login/security`.
#[must_use]
pub fn timed_appsecret_proof(secret: &SecretString, token: &SecretString, at: i64) -> String {
    under(secret, &[token.expose_secret(), "|", &at.to_string()])
}

/// What proves this token in a call: bound to a moment where one is given.
pub(crate) fn parameters(
    secret: &SecretString,
    token: &SecretString,
    at: Option<i64>,
) -> Vec<(&'static str, Cow<'static, str>)> {
    match at {
        None => vec![("appsecret_proof", appsecret_proof(secret, token).into())],
        Some(at) => vec![
            ("appsecret_proof", timed_appsecret_proof(secret, token, at).into()),
            ("appsecret_time", at.to_string().into()),
        ],
    }
}

fn under(secret: &SecretString, parts: &[&str]) -> String {
    // HMAC takes keys of any length, so the empty answer is never given; Meta
    // would refuse it.
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_or_else(
        |_| String::new(),
        |mac| {
            let mac = parts.iter().fold(mac, |mac, part| mac.chain_update(part.as_bytes()));
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_proofs() {
        for (secret, token, proof) in [
            (
                "sample-app-secret",
                "EAAB-sample-token",
                "28108649d1cb95c8e800bd14e39f335cf0cac6b808c0a1e25eac09b678052e08",
            ),
            // RFC 4231, test case 2.
            (
                "Jefe",
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ] {
            assert_eq!(appsecret_proof(&SecretString::from(secret), &SecretString::from(token)), proof);
        }
    }

    #[test]
    fn a_timed_proof_is_bound_to_its_moment() {
        let (secret, token) = (SecretString::from("sample-app-secret"), SecretString::from("EAAB-sample-token"));
        let known = "6df33503ece9cb3f337bc2081ac8955fbfb5f1cc94a45161e13089dac31672a5";
        assert_eq!(timed_appsecret_proof(&secret, &token, 1_790_000_000), known);
        assert_eq!(
            parameters(&secret, &token, Some(1_790_000_000)),
            [("appsecret_proof", known.into()), ("appsecret_time", "1790000000".into())]
        );
    }
}
