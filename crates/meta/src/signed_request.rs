//! `signed_request`: how Meta calls back when a person removes the app or wants
//! their data deleted.
//!
//! Meta: `development/create-an-app/app-dashboard/data-deletion-callback`.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::mac::signed_by_any;
use crate::wire::{Id, Object};

/// Meta's requests have a few hundred bytes.
const LARGEST: usize = 8 * 1024;
/// Meta writes no padding; some of those who pass a request on add it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whom a callback is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// The person's app-scoped id, as in the facts of their token.
    pub user_id: Option<String>,
    /// The Page, where a Page removed the app.
    pub profile_id: Option<String>,
    /// When Meta signed it, in seconds since 1970 by Meta's clock. [`None`]
    /// where it does not say so.
    pub issued_at: Option<i64>,
    /// When it stops being good, in the same way.
    pub expires: Option<i64>,
}

/// Why a callback is not believed. Says nothing of what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Larger than 8 KiB.
    #[error("the signed request is too large")]
    TooLarge,
    /// Not two parts of base64url with a dot between them.
    #[error("the signed request does not have the documented form")]
    Form,
    /// None of the secrets signed it.
    #[error("the signed request has a wrong signature")]
    Signature,
    /// Signed, but not a JSON object with the documented types.
    #[error("the signed request's content does not have the documented form")]
    Content,
    /// Signed, but it names another algorithm than HMAC-SHA256, or none.
    #[error("the signed request names another algorithm")]
    Algorithm,
}

/// Opens the value of the form field `signed_request`. Any of the secrets may
/// have signed it: Instagram Login has an app secret of its own. An empty secret
/// signs nothing.
///
/// The signature proves who wrote it, not when: an old request can be sent
/// again, so compare [`SignedRequest::issued_at`] before acting on it.
///
/// # Errors
/// [`Refused`], whatever is wrong with it.
pub fn open(text: &str, secrets: &[&SecretString]) -> Result<SignedRequest, Refused> {
    if text.len() > LARGEST {
        return Err(Refused::TooLarge);
    }
    let (signature, content) = text.split_once('.').ok_or(Refused::Form)?;
    let decode = |part| BASE64URL.decode(part).map_err(|_| Refused::Form);
    let (signature, json) = (decode(signature)?, decode(content)?);
    if !signed_by_any(secrets, &signature, content.as_bytes()) {
        return Err(Refused::Signature);
    }
    let Object(content): Object<Content> = serde_json::from_slice(&json).map_err(|_| Refused::Content)?;
    content.into_request()
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    algorithm: Option<String>,
    #[serde(default, deserialize_with = "id")]
    user_id: Option<String>,
    #[serde(default, deserialize_with = "id")]
    profile_id: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    issued_at: Option<i64>,
    #[serde(default, deserialize_with = "instant")]
    expires: Option<i64>,
}

impl Content {
    fn into_request(self) -> Result<SignedRequest, Refused> {
        let is_ours = |name: &String| name.eq_ignore_ascii_case("HMAC-SHA256");
        if !self.algorithm.as_ref().is_some_and(is_ours) {
            return Err(Refused::Algorithm);
        }
        let Self { user_id, profile_id, issued_at, expires, .. } = self;
        Ok(SignedRequest { user_id, profile_id, issued_at, expires })
    }
}

/// A string or a number; null and an empty string are none.
fn id<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(value)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => serde_json::from_value(value).map(|Id(id)| Some(id)).map_err(serde::de::Error::custom),
    }
}

/// A signed request with an odd instant is still signed: the instant is not
/// known, that is all.
fn instant<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(value)?;
    Ok(crate::wire::instant(value).unwrap_or_default())
}
