//! Whether the platform hears of events.

use renewal::Notify;
use store::{StoreError, WebhookEndpoint};

use super::Line;

const NAME: &str = "webhooks";
const MEND: &str = "mend the endpoint, then `renova webhook test ID`; `enable` one that is disabled";

/// None where nobody has asked for events to be sent.
pub(super) fn examine(notify: Notify, endpoints: Result<Vec<WebhookEndpoint>, StoreError>) -> Option<Line> {
    let endpoints = endpoints.ok()?;
    let should_tell = matches!(notify, Notify::Platform | Notify::Both);
    if endpoints.is_empty() {
        return should_tell.then(|| nobody_hears(notify));
    }
    let unwell: Vec<_> = endpoints.iter().filter_map(trouble).collect();
    if unwell.is_empty() {
        return Some(Line::ok(NAME, format!("endpoints told of events: {}", endpoints.len())));
    }
    let found = unwell.join(", ");
    // It has asked for events, so it does not fetch them: and nobody else tells people.
    if notify == Notify::Platform && endpoints.iter().all(|it| it.disabled.is_some()) {
        return Some(Line::error(NAME, format!("nobody is told of anything: {found}"), MEND));
    }
    Some(Line::warning(NAME, found, MEND))
}

/// No error: the platform may fetch the events instead, of which nothing is known here.
fn nobody_hears(notify: Notify) -> Line {
    let found = if notify == Notify::Platform {
        "the platform tells people and has no endpoint: unless it fetches `GET /api/v1/events`, nobody is told"
    } else {
        "the platform has no endpoint: it hears of events only if it fetches `GET /api/v1/events`"
    };
    Line::warning(NAME, found, "`renova webhook add --url URL`, or leave it where the platform fetches them")
}

fn trouble(endpoint: &WebhookEndpoint) -> Option<String> {
    let state = match (endpoint.disabled, endpoint.failing_since) {
        (Some((_, reason)), _) => format!("is disabled ({})", reason.as_str()),
        (None, Some(_)) => "is failing".to_owned(),
        (None, None) => return None,
    };
    Some(format!("{} {state}", endpoint.id))
}
