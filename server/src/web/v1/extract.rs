//! Reading a request: whatever cannot be read becomes a problem that names the field.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_path_to_error::Path as FieldPath;

use super::problem::{self, Problem};

/// The parameters in the address. What cannot be an id names nothing that is there.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let raw = RawPathParams::from_request_parts(parts, state).await.map_err(|_| problem::NOTHING_HERE)?;
        // A zero byte is in no text of a database.
        if raw.iter().any(|(_, value)| value.contains('\0')) {
            return Err(problem::NOTHING_HERE);
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| problem::NOTHING_HERE)
    }
}

/// What stands after the question mark.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let zero = |(_, value): &(Cow<'_, str>, Cow<'_, str>)| value.contains('\0');
        if let Some((name, _)) = url::form_urlencoded::parse(query.as_bytes()).find(zero) {
            return Err(Problem::invalid(name, ZERO));
        }
        let fields = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        let read = serde_path_to_error::deserialize(fields);
        read.map(Self).map_err(|error| of_field(error.path(), &error.inner().to_string()))
    }
}

/// A body of JSON.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(NOT_JSON);
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(rejection.status()))?;
        let not_json = |error: &serde_json::Error| Problem::malformed(format!("The body is not JSON: {error}."));
        let mut reader = serde_json::Deserializer::from_slice(&body);
        // By itself a form also takes a list of its fields' values.
        if body.trim_ascii_start().first() == Some(&b'[') {
            return Err(Problem::invalid("body", "must be an object"));
        }
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| match error.inner() {
            inner if inner.is_data() => of_field(error.path(), &inner.to_string()),
            inner => not_json(inner),
        })?;
        reader.end().map_err(|error| not_json(&error))?;
        if holds_zero(&body) {
            return Err(Problem::invalid("body", ZERO));
        }
        Ok(Self(value))
    }
}

/// No text of a database holds one.
const ZERO: &str = "must not contain a zero character";

/// In a text of JSON a zero can only stand as `\u0000`, behind no other backslash.
fn holds_zero(json: &[u8]) -> bool {
    let escaped = json.windows(6).enumerate().filter(|(_, window)| *window == b"\\u0000").map(|(place, _)| place);
    escaped
        .map(|place| &json[..place])
        .any(|before| before.iter().rev().take_while(|it| **it == b'\\').count() % 2 == 0)
}

/// A body that could not be taken in.
pub fn unread(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return problem::TOO_LARGE;
    }
    Problem::malformed("The body has ended early.".to_owned())
}

const NOT_JSON: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "not_json",
    "The body is not JSON",
    "Send JSON, with the header `Content-Type: application/json`.",
);

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn of_field(path: &FieldPath, why: &str) -> Problem {
    // Where it stands in the text helps nobody who knows the field.
    let why = why.split(" at line ").next().unwrap_or(why);
    let path = path.to_string();
    let name = match why.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(missing) if path == "." => missing.to_owned(),
        Some(missing) => format!("{path}.{missing}"),
        None if path == "." => "body".to_owned(),
        None => path,
    };
    Problem::invalid(name, format!("cannot be read: {why}."))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[expect(dead_code, reason = "only read")]
        limit: u8,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        name: String,
    }

    async fn problem_of(kind: &str, body: &str) -> String {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(body.to_owned())).unwrap();
        match Json::<Asked>::from_request(request, &()).await {
            Ok(_) => "read".to_owned(),
            Err(problem) => format!("{problem:?}"),
        }
    }

    #[tokio::test]
    async fn a_problem_names_the_field() {
        for (body, part) in [
            (r#"{"limit": 1}"#, "read"),
            (r#"{"limit": 300}"#, r#"field: Some("limit")"#),
            ("{}", r#"field: Some("limit")"#),
            (r#"{"limit": 1, "more": 2}"#, "more"),
            ("[1]", r#"field: Some("body")"#),
            ("{", "malformed"),
            (r#"{"limit": 1} {}"#, "malformed"),
            (r#"{"limit": 1, "name": "a\u0000"}"#, "zero"),
            (r#"{"limit": 1, "name": "a\\u0000"}"#, "read"),
        ] {
            let problem = problem_of("application/json; charset=utf-8", body).await;
            assert!(problem.contains(part), "{body}: {problem}");
        }
        assert!(problem_of("text/plain", "{}").await.contains("not_json"));
    }

    #[tokio::test]
    async fn a_query_names_its_field_too() {
        for (query, part) in
            [("limit=7", "Ok"), ("limit=x", "limit"), ("limit=7&name=%00", "zero"), ("more=1", "more"), ("", "limit")]
        {
            let mut parts = Request::get(format!("/?{query}")).body(()).unwrap().into_parts().0;
            let read = Query::<Asked>::from_request_parts(&mut parts, &()).await.map(|query| query.0);
            assert!(format!("{read:?}").contains(part), "{query}: {read:?}");
        }
    }
}
