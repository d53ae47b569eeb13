//! `appsecret_proof`: that the caller has the app's secret besides a token.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::params::Params;
use crate::reply::GraphError;
use crate::state::Meta;

/// How long a timed proof is good.
const LIFE: i64 = 5 * 60;

impl Meta<'_> {
    pub fn check_proof(&self, params: &Params, token: &str) -> Result<(), GraphError> {
        let wrong = || GraphError::new(100, "Invalid appsecret_proof provided in the API argument");
        let Some(proof) = params.filled("appsecret_proof") else {
            if self.state.settings.require_appsecret_proof {
                return Err(GraphError {
                    kind: "GraphMethodException",
                    ..GraphError::new(100, "API calls from the server require an appsecret_proof argument")
                });
            }
            return Ok(());
        };
        let message = match params.filled("appsecret_time") {
            None => token.to_owned(),
            Some(time) => {
                let at: i64 = time.parse().map_err(|_| wrong())?;
                // A client may go by the moved clock or by the real one.
                let fresh = |now: i64| (now - at).abs() <= LIFE;
                if !fresh(self.now) && !fresh(self.wall) {
                    return Err(wrong());
                }
                format!("{token}|{time}")
            }
        };
        if sign(&self.config.app_secret, &message).as_deref() == Some(proof) { Ok(()) } else { Err(wrong()) }
    }
}

pub(crate) fn sign(secret: &str, message: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(message.as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_signature() {
        // RFC 4231, test case 2.
        assert_eq!(
            super::sign("Jefe", "what do ya want for nothing?").as_deref(),
            Some("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        );
    }
}
