//! A page for people that renders the document: one section for each operation, no script at all.

use std::fmt::Write as _;

use axum::{
    extract::State,
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use serde_json::Value;

use super::{
    Api, PATH,
    openapi::{example, value},
};
use crate::web::html::Escaped;

/// Nothing but the page itself and Renova's style sheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

pub async fn page(State(api): State<Api>) -> Response {
    let assets = &api.mount.ui.assets;
    let mut response = Html(render(value(), &assets.css, &assets.favicon)).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Writing into a text cannot fail.
macro_rules! put {
    ($out:expr, $($what:tt)+) => {
        let _ = write!($out, $($what)+);
    };
}

fn render(document: &Value, style: &str, icon: &str) -> String {
    let mut out = String::new();
    let description = text(&document["info"]["description"]);
    put!(out, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    put!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    put!(out, "<meta name=\"color-scheme\" content=\"light dark\"><title>The API of Renova</title>");
    for (kind, address) in [("stylesheet", style), ("icon", icon)] {
        if !address.is_empty() {
            put!(out, "<link rel=\"{kind}\" href=\"{}\">", Escaped(address));
        }
    }
    put!(out, "</head><body><main class=\"small-page\"><h1>The API of Renova</h1><p>{}</p>", Escaped(description));
    put!(out, "<p><a href=\"{PATH}/openapi.json\">openapi.json</a></p>");
    let operations = operations(document);
    put!(out, "<nav aria-label=\"Operations\"><ul>");
    for operation in &operations {
        let (id, summary) = (text(&operation.what["operationId"]), text(&operation.what["summary"]));
        put!(out, "<li><a href=\"#{}\">{}</a></li>", Escaped(id), Escaped(summary));
    }
    put!(out, "</ul></nav>");
    for operation in &operations {
        section(&mut out, operation);
    }
    put!(out, "</main></body></html>");
    out
}

struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    what: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(what) = item.get(method) {
                operations.push(Operation { method, path, what });
            }
        }
    }
    operations
}

fn section(out: &mut String, operation: &Operation<'_>) {
    let Operation { method, path, what } = operation;
    let (id, summary) = (text(&what["operationId"]), text(&what["summary"]));
    put!(out, "<section aria-labelledby=\"{}\"><h2 id=\"{}\">{}</h2>", Escaped(id), Escaped(id), Escaped(summary));
    put!(out, "<p><code>{} {PATH}{}</code></p>", method.to_uppercase(), Escaped(path));
    put!(out, "<p>{}</p>", Escaped(text(&what["description"])));
    if let Some(scope) = what["security"][0]["api_key"][0].as_str() {
        put!(out, "<p>Scope: <code>{}</code></p>", Escaped(scope));
    }
    parameters(out, &what["parameters"]);
    if let Some(example) = example_of(&what["requestBody"]["content"]) {
        put!(out, "<h3>Body</h3><pre>{}</pre>", Escaped(&example));
    }
    put!(out, "<h3>Answers</h3>");
    for (status, answer) in what["responses"].as_object().into_iter().flatten() {
        put!(out, "<p><code>{}</code> {}</p>", Escaped(status), Escaped(text(&answer["description"])));
        if let Some(example) = example_of(&answer["content"]).filter(|_| status.starts_with('2')) {
            put!(out, "<pre>{}</pre>", Escaped(&example));
        }
    }
    put!(out, "</section>");
}

fn parameters(out: &mut String, parameters: &Value) {
    let Some(parameters) = parameters.as_array() else { return };
    put!(out, "<h3>Parameters</h3><ul>");
    for parameter in parameters {
        let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
        let description = text(&parameter["description"]);
        put!(out, "<li><code>{}</code> ({}) {}</li>", Escaped(name), Escaped(place), Escaped(description));
    }
    put!(out, "</ul>");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn example_of(content: &Value) -> Option<String> {
    let (_, first) = content.as_object()?.iter().next()?;
    serde_json::to_string_pretty(&example(&first["schema"])).ok().filter(|text| text != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_section_with_an_example() {
        let page = render(value(), "/pkg/a.css", "");
        for operation in operations(value()) {
            assert!(page.contains(&format!("id=\"{}\"", text(&operation.what["operationId"]))), "{}", operation.path);
        }
        assert!(page.contains("&quot;external_id&quot;: &quot;customer-42&quot;") || page.contains("\"external_id\""));
        assert!(!page.contains("<script") && !page.contains("style=\""));
    }
}
