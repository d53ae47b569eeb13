//! What has happened, for who was away or has no webhook.

use axum::extract::State;
use lifecycle::{Timestamp, ids::EventId};
use renewal::Scope;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Api, Caller, Instant, Problem,
    extract::Query,
    page::{Cursor, Page, Wanted},
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What has happened, as a webhook tells it.
#[derive(Serialize, ToSchema)]
struct Event {
    /// The `webhook-id` of its deliveries.
    #[schema(value_type = Uuid)]
    id: EventId,
    /// Such as `connection.renewed`; docs/webhooks.md lists them.
    #[schema(examples("connection.renewed"))]
    r#type: String,
    timestamp: Instant,
    /// `organization`, a ready sentence in each language (`sentences`), where a person renews it (`link`), and
    /// more by type.
    data: Map<String, Value>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListEvents {
    /// Only those of this organization, by the platform's own id.
    organization: Option<String>,
    /// Only those of then or later; used only without a `cursor`.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Instant>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// List events
///
/// The oldest first, a few seconds after they happened. Keep `next_cursor` and ask with it again: nothing is
/// missed and nothing comes twice. It is `null` only where there is nothing yet; then ask as before.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "listEvents",
    tag = "Events",
    params(ListEvents),
    responses((status = 200, description = "A page of events.", body = Page<Event>)),
    security(("api_key" = ["events:read"])),
)]
async fn list(
    caller: Caller,
    State(api): State<Api>,
    Query(asked): Query<ListEvents>,
) -> Result<axum::Json<Page<Event>>, Problem> {
    caller.require(Scope::EventsRead)?;
    let wanted = Wanted::new(asked.cursor.as_deref(), asked.limit)?;
    let since = asked.since.map_or(i64::MIN, |since| since.0.0.saturating_sub(1));
    let since = (Timestamp(since), EventId::from_uuid(Uuid::max()));
    let after = wanted.after.map_or(since, |cursor| (cursor.at, EventId::from_uuid(cursor.id)));
    let slice = api.renova().platform_events(&caller, asked.organization.as_deref(), after, wanted.limit).await?;
    let told = |(event, value): (store::Event, Value)| Event {
        id: event.id,
        r#type: event.kind,
        timestamp: event.at.into(),
        data: value.get("data").and_then(Value::as_object).cloned().unwrap_or_default(),
    };
    Ok(axum::Json(Page {
        data: slice.items.into_iter().map(told).collect(),
        next_cursor: slice.next.map(|(at, id)| Cursor { at, id: id.as_uuid() }.write()).or(asked.cursor),
    }))
}
