//! Whether the platform hears of events.

use store::{StoreError, WebhookEndpoint};

use super::Line;

const NAME: &str = "webhooks";

/// None where the platform has no endpoint.
pub(super) fn examine(endpoints: Result<Vec<WebhookEndpoint>, StoreError>) -> Option<Line> {
    let endpoints = endpoints.ok().filter(|all| !all.is_empty())?;
    let unwell: Vec<_> = endpoints.iter().filter_map(trouble).collect();
    if unwell.is_empty() {
        return Some(Line::ok(NAME, format!("endpoints told of events: {}", endpoints.len())));
    }
    let fix = "mend the endpoint, then `renova webhook test ID`; `enable` one that is disabled";
    Some(Line::warning(NAME, unwell.join(", "), fix))
}

fn trouble(endpoint: &WebhookEndpoint) -> Option<String> {
    let state = match (endpoint.disabled, endpoint.failing_since) {
        (Some((_, reason)), _) => format!("is disabled ({})", reason.as_str()),
        (None, Some(_)) => "is failing".to_owned(),
        (None, None) => return None,
    };
    Some(format!("{} {state}", endpoint.id))
}
