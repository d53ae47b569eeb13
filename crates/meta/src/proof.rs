//! The proof that a call with a token comes from the app's server.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// `appsecret_proof` of a token in its plain form: HMAC-SHA256 of the token
/// under the app secret, 64 lowercase hexadecimal digits. It is useless without
/// the token, but identifies it: treat it as confidential.
/// Meta: `graph-api/guides/secure-requests`.
#[must_use]
pub fn appsecret_proof(secret: &SecretString, token: &SecretString) -> String {
    // HMAC takes keys of any length, so the empty answer is never given; Meta
    // would refuse it.
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_or_else(
        |_| String::new(),
        |mac| {
            let mac = mac.chain_update(token.expose_secret().as_bytes());
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
}
