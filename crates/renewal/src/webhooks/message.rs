//! One event as the platform receives it: body, id, instant and signature of Standard Webhooks 1.0.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lifecycle::{Timestamp, clock::SECOND_MS};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use store::{Event, Organization, WebhookEndpoint};
use zeroize::Zeroizing;

use crate::{Error, Renova, sealing::Place};

pub(super) const SECRET_PREFIX: &str = "whsec_";
/// The standard's advice; in bytes.
const LARGEST_BODY: usize = 20_000;
/// Of a body that would be larger, what is longer than this is left out.
const LARGEST_KEPT: usize = 500;

/// What an event means to people. The texts are the application's.
pub trait EventWords: Send + Sync {
    /// One sentence for each language, by its tag such as `pt-BR`. It is true of the event's instant.
    fn sentences(&self, event: &Event, organization: &Organization) -> Vec<(&'static str, String)>;
}

/// What is posted to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookMessage {
    /// `webhook-id`: the same for every attempt, and for every endpoint.
    pub id: String,
    /// `webhook-timestamp`: of this attempt, in seconds.
    pub timestamp: i64,
    /// `webhook-signature`: one for each secret that is valid.
    pub signature: String,
    /// JSON.
    pub body: String,
}

impl Renova {
    pub(super) fn webhook_message(
        &self,
        endpoint: &WebhookEndpoint,
        event: &Event,
        organization: &Organization,
    ) -> Result<WebhookMessage, Error> {
        let now = self.wall_now();
        let (id, timestamp) = (event.id.to_string(), now.0.div_euclid(SECOND_MS));
        let words = self.parts.words.sentences(event, organization);
        let body = body(event, organization, words, &|connection| self.renewal_link(organization, connection))?;
        let mut signatures = Vec::new();
        for secret in self.valid_secrets(endpoint, now)? {
            signatures.push(signature(&secret, &id, timestamp, &body)?);
        }
        Ok(WebhookMessage { id, timestamp, signature: signatures.join(" "), body })
    }

    /// The newest first.
    fn valid_secrets(&self, endpoint: &WebhookEndpoint, now: Timestamp) -> Result<Vec<SecretString>, Error> {
        let mut secrets = vec![self.unseal(&endpoint.secret, &Place::webhook_secret(endpoint.id))?];
        if let Some(previous) = endpoint.previous.as_ref().filter(|previous| now < previous.until) {
            secrets.push(self.unseal(&previous.secret, &Place::webhook_previous(endpoint.id))?);
        }
        Ok(secrets)
    }
}

fn signature(secret: &SecretString, id: &str, timestamp: i64, body: &str) -> Result<String, Error> {
    const UNREADABLE: Error = Error::Internal("an unreadable webhook secret");
    let encoded = secret.expose_secret().strip_prefix(SECRET_PREFIX).ok_or(UNREADABLE)?;
    let key = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| UNREADABLE)?);
    let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| UNREADABLE)?;
    let mac = mac.chain_update(format!("{id}.{timestamp}.").as_bytes()).chain_update(body.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// `link` leads from a connection's id to where it is renewed.
fn body(
    event: &Event,
    organization: &Organization,
    sentences: Vec<(&'static str, String)>,
    link: &dyn Fn(&str) -> String,
) -> Result<String, Error> {
    Ok(told(event, organization, sentences, link)?.to_string())
}

/// The same as a value.
pub(crate) fn told(
    event: &Event,
    organization: &Organization,
    sentences: Vec<(&'static str, String)>,
    link: &dyn Fn(&str) -> String,
) -> Result<Value, Error> {
    let instant =
        jiff::Timestamp::from_millisecond(event.at.0).map_err(|_| Error::Internal("an impossible instant"))?;
    let mut data = match serde_json::from_str(&event.data)? {
        Value::Object(data) => data,
        other => Map::from_iter([("value".to_owned(), other)]),
    };
    data.insert("organization".to_owned(), json!({"external_id": organization.external_id, "name": organization.name}));
    data.insert("sentences".to_owned(), sentences.into_iter().collect());
    if let Some(connection) = data.get("connection").and_then(Value::as_str).map(link) {
        data.insert("link".to_owned(), Value::String(connection));
    }
    let whole = |data: &Map<String, Value>| json!({"type": event.kind, "timestamp": instant.to_string(), "data": data});
    let value = whole(&data);
    if value.to_string().len() < LARGEST_BODY {
        return Ok(value);
    }
    let always = ["organization", "sentences"];
    data.retain(|key, value| always.contains(&key.as_str()) || value.to_string().len() <= LARGEST_KEPT);
    data.insert("shortened".to_owned(), Value::Bool(true));
    Ok(whole(&data))
}

#[cfg(test)]
mod tests {
    use lifecycle::ids::{EventId, OrganizationId};

    use super::*;

    fn event(data: &Value) -> Event {
        Event {
            id: EventId::new(Timestamp(1), [1; 10]),
            organization_id: OrganizationId::new(Timestamp(1), [2; 10]),
            kind: "connection.renewed".to_owned(),
            data: data.to_string(),
            at: Timestamp(1_790_000_000_123),
            is_sent: true,
        }
    }

    fn link(connection: &str) -> String {
        format!("https://renova.example/{connection}")
    }

    fn words() -> Vec<(&'static str, String)> {
        vec![("en", "Renewed.".to_owned())]
    }

    fn organization() -> Organization {
        Organization {
            id: OrganizationId::new(Timestamp(1), [2; 10]),
            external_id: "42".to_owned(),
            slug: "aurora".to_owned(),
            name: "Loja Aurora".to_owned(),
            time_zone: "America/Sao_Paulo".to_owned(),
            locale: "pt-BR".to_owned(),
            created_at: Timestamp(0),
        }
    }

    fn told(data: &Value) -> Value {
        serde_json::from_str(&body(&event(data), &organization(), words(), &link).unwrap()).unwrap()
    }

    #[test]
    fn the_signature_is_the_one_of_the_standard() {
        // The vector of the standard's own libraries.
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let made =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(made, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(signature(&SecretString::from("g0hM"), "a", 1, "").is_err());
        assert!(signature(&SecretString::from("whsec_?"), "a", 1, "").is_err());
    }

    #[test]
    fn the_body_says_what_happened_when_and_to_whom() {
        assert_eq!(
            told(&json!({"connection": "c", "gaps": [{"from": 1}]})),
            json!({
                "type": "connection.renewed",
                "timestamp": "2026-09-21T14:13:20.123Z",
                "data": {
                    "connection": "c",
                    "gaps": [{"from": 1}],
                    "link": "https://renova.example/c",
                    "organization": {"external_id": "42", "name": "Loja Aurora"},
                    "sentences": {"en": "Renewed."},
                },
            })
        );
        assert_eq!(told(&json!([1]))["data"]["value"], json!([1]));
        assert!(body(&Event { data: "{".to_owned(), ..event(&json!({})) }, &organization(), words(), &link).is_err());
    }

    #[test]
    fn a_body_stays_small() {
        let many = vec!["a channel with a rather long name"; 2_000];
        let told = told(&json!({"connection": "c", "gaps": many, "organization": "someone else"}));
        assert!(told.to_string().len() < LARGEST_BODY);
        assert_eq!((&told["data"]["connection"], &told["data"]["gaps"]), (&json!("c"), &Value::Null));
        assert_eq!(told["data"]["shortened"], json!(true));
        assert_eq!(told["data"]["organization"]["external_id"], json!("42"));
        assert_eq!(told["data"]["sentences"]["en"], json!("Renewed."));
    }
}
