//! The document that describes all of it (OpenAPI 3.1), made of the handlers themselves.

use std::sync::LazyLock;

use axum::response::{IntoResponse as _, Response};
use http::header;
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, ContentBuilder, Ref, RefOr, ResponseBuilder, Server,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{PATH, problem::Details, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Renova",
        description = "What a platform's servers ask: channel tokens with their health, connections, events. \
                       Instants are RFC 3339 in UTC, `null` means none. Lists come page by page: ask with \
                       `next_cursor` as `cursor` for what comes after. Send an `Idempotency-Key` with a POST, and \
                       it has its effect once in 24 hours, however often it is sent. A key asks at most so often \
                       as `RateLimit-Limit` says. Failures are problem details (RFC 9457) with a stable `code`.",
        license(name = "", identifier = "")
    ),
    components(schemas(Details)),
    modifiers(&Everywhere)
)]
struct About;

/// The frame of the document, without any path.
pub fn about() -> openapi::OpenApi {
    About::openapi()
}

static DOCUMENT: LazyLock<openapi::OpenApi> = LazyLock::new(|| {
    let mut document = routes().into_openapi();
    FinishedOperations.modify(&mut document);
    document
});

/// The document as it is served, as JSON with a line break at its end.
#[must_use]
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = DOCUMENT.to_pretty_json().unwrap_or_default();
        text.push('\n');
        text
    });
    &TEXT
}

/// The same as a value, for the page that renders it.
pub fn value() -> &'static Value {
    static VALUE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(document()).unwrap_or_default());
    &VALUE
}

/// What a value of this schema of the document looks like, made of the examples of its fields.
#[must_use]
pub fn example(schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
        return example(&value()["components"]["schemas"][name]);
    }
    if let Some(first) = schema["examples"].get(0) {
        return first.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    // What may also be null is shown with a value.
    for variants in ["oneOf", "anyOf", "allOf"] {
        let some = schema[variants].as_array().into_iter().flatten().find(|it| it["type"] != "null");
        if let Some(some) = some {
            return example(some);
        }
    }
    let kind = &schema["type"];
    match kind.as_str().or_else(|| kind[0].as_str()) {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), example(field))).collect()
        }
        Some("array") => Value::Array(vec![example(&schema["items"])]),
        Some("boolean") => Value::Bool(true),
        Some("integer") => 1.into(),
        Some("string") => match schema["format"].as_str() {
            Some("uuid") => "01a0c5c9-7a43-7e5c-9c1e-2b8f0e6d4a11".into(),
            Some("date-time") => "2026-11-24T19:00:00.000Z".into(),
            _ => "…".into(),
        },
        _ => Value::Null,
    }
}

pub async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document()).into_response()
}

/// How a key is sent, and where.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let description = "A key as `renova apikey add` prints it: `rk_…`. A platform's key reaches every \
                           organization, an organization's key its own.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("api_key", SecurityScheme::Http(scheme));
        document.servers = Some(vec![Server::new(PATH)]);
        document.info.license = None;
    }
}

/// What every operation may answer.
struct FinishedOperations;

/// The status, and what it means.
const ANYWHERE: [(&str, &str); 4] = [
    ("401", "No valid key."),
    ("403", "The key does not allow this."),
    ("429", "The key asks too often: wait as long as `Retry-After` says."),
    ("default", "Something else went wrong: `code` says what, `detail` what to do."),
];

impl Modify for FinishedOperations {
    fn modify(&self, document: &mut openapi::OpenApi) {
        for path in document.paths.paths.values_mut() {
            let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete];
            operations.into_iter().flatten().for_each(finish);
        }
    }
}

fn finish(operation: &mut Operation) {
    for (status, description) in ANYWHERE {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", problem).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
}
