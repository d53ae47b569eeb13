//! The parameters of a call, wherever the client has put them: query, form,
//! JSON body, `Authorization` header. Meta takes them all.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::reply::GraphError;

#[derive(Default)]
pub(crate) struct Params {
    pub query: Vec<(String, String)>,
    pub body: Vec<(String, String)>,
    /// Of `Authorization: Bearer` or `OAuth`.
    pub bearer: Option<String>,
    /// Of `Authorization: Basic`.
    pub basic: Option<(String, String)>,
    /// The first word of the `Authorization` header.
    pub scheme: Option<String>,
}

/// Parameters whose values are secrets or lead to one.
const SECRET: [&str; 11] = [
    "access_token",
    "appsecret_proof",
    "client_secret",
    "code",
    "fb_exchange_token",
    "input_token",
    "key",
    "refresh_token",
    "sim_query",
    "state",
    "verify_token",
];

impl Params {
    pub fn read(parts: &Parts, body: &[u8]) -> Result<Params, GraphError> {
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let (scheme, credentials) = authorization(&parts.headers);
        let mut params = Params { query, scheme: scheme.clone(), ..Params::default() };
        match scheme.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("bearer" | "oauth") => params.bearer = credentials,
            Some("basic") => params.basic = credentials.as_deref().and_then(basic),
            _ => {}
        }
        let is_json = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        params.body = if is_json && !body.is_empty() {
            json_pairs(body)?
        } else {
            form_urlencoded::parse(body).into_owned().collect()
        };
        Ok(params)
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.body.iter().chain(&self.query).find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// As [`Params::get`], an empty value counting as none.
    pub fn filled(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|value| !value.is_empty())
    }

    pub fn access_token(&self) -> Option<&str> {
        self.filled("access_token").or(self.bearer.as_deref())
    }

    /// `a,b`, `["a","b"]`, `key=a&key=b` or `key[0]=a&key[1]=b`.
    pub fn list(&self, key: &str) -> Option<Vec<String>> {
        let start = format!("{key}[");
        let texts: Vec<&str> = self
            .body
            .iter()
            .chain(&self.query)
            .filter(|(name, _)| name == key || name.starts_with(&start))
            .map(|(_, value)| value.as_str())
            .collect();
        if texts.is_empty() {
            return None;
        }
        Some(texts.into_iter().flat_map(items).collect())
    }

    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some("true" | "1"))
    }
}

fn items(text: &str) -> Vec<String> {
    if let Ok(items) = serde_json::from_str::<Vec<String>>(text) {
        return items;
    }
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// For the call log: names stay, secret values do not.
pub(crate) fn masked(pairs: &[(String, String)]) -> Map<String, Value> {
    pairs
        .iter()
        .map(|(name, value)| {
            let shown = if SECRET.contains(&name.as_str()) && !value.is_empty() {
                "***".to_owned()
            } else {
                // A token in an unexpected place is still a token.
                mask_tokens(value)
            };
            (name.clone(), Value::String(shown))
        })
        .collect()
}

fn mask_tokens(value: &str) -> String {
    if value.contains("EAA") || value.contains("IGAA") || value.contains("access_token") {
        "***".to_owned()
    } else {
        value.to_owned()
    }
}

fn authorization(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let Some(text) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
        return (None, None);
    };
    match text.split_once(' ') {
        Some((scheme, rest)) => (Some(scheme.to_owned()), Some(rest.trim().to_owned())),
        None => (Some(text.to_owned()), None),
    }
}

/// RFC 6749 has both parts form-encoded within the header.
fn basic(credentials: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // As the name of a pair without a value, so that '=' is the only sign
    // that needs care.
    let guarded = text.replace('=', "%3D").replace('&', "%26");
    form_urlencoded::parse(guarded.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

fn json_pairs(body: &[u8]) -> Result<Vec<(String, String)>, GraphError> {
    let object: Map<String, Value> = serde_json::from_slice(body)
        .map_err(|_| GraphError::new(100, "(#100) The request body is not a JSON object"))?;
    Ok(object
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{Params, basic, masked};

    fn with_query(text: &str) -> Params {
        Params { query: url::form_urlencoded::parse(text.as_bytes()).into_owned().collect(), ..Params::default() }
    }

    #[test]
    fn lists_in_four_forms() {
        let wanted = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(with_query("f=a,%20b").list("f"), wanted);
        assert_eq!(with_query("f=%5B%22a%22,%22b%22%5D").list("f"), wanted);
        assert_eq!(with_query("f=a&f=b").list("f"), wanted);
        assert_eq!(with_query("f%5B0%5D=a&f%5B1%5D=b").list("f"), wanted);
        assert_eq!(with_query("g=a").list("f"), None);
    }

    #[test]
    fn secrets_are_masked() {
        let pairs = with_query("code=abc&fields=id&next=EAAxyz").query;
        let shown = masked(&pairs);
        assert_eq!(shown["code"], "***");
        assert_eq!(shown["fields"], "id");
        assert_eq!(shown["next"], "***");
    }

    #[test]
    fn basic_credentials() {
        assert_eq!(basic("MTIzOnMlM0Fl"), Some(("123".to_owned(), "s:e".to_owned())));
        assert_eq!(basic("???"), None);
    }
}
