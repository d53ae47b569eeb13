//! Addresses that are told of events: a platform's key has the platform's, which are told of every
//! organization's; an organization's key has its own, which are told of its own alone.

use axum::extract::State;
use http::StatusCode;
use lifecycle::ids::WebhookEndpointId;
use renewal::{EndpointOwner, Scope};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use store::WebhookEndpoint;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::{Json, Path},
    page::Page,
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(delete))
}

/// Whose endpoints a key has.
fn owner(caller: &Caller) -> EndpointOwner<'static> {
    caller.organization.map_or(EndpointOwner::PLATFORM, EndpointOwner::organization)
}

/// An address that is told of events.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
struct Endpoint {
    #[schema(value_type = Uuid)]
    id: WebhookEndpointId,
    #[schema(examples("https://platform.example.com/webhooks/renova"), format = "uri")]
    url: String,
    #[schema(examples("CRM"))]
    description: String,
    created_at: Instant,
    /// It is told nothing any more since then.
    #[schema(required = true)]
    disabled_at: Option<Instant>,
    /// `gone`, `failing` or `operator`.
    #[schema(required = true, examples("failing"))]
    disabled_reason: Option<&'static str>,
    /// It has taken nothing since then.
    #[schema(required = true)]
    failing_since: Option<Instant>,
}

impl From<WebhookEndpoint> for Endpoint {
    fn from(row: WebhookEndpoint) -> Self {
        Self {
            id: row.id,
            url: row.url,
            description: row.description,
            created_at: row.created_at.into(),
            disabled_at: row.disabled.map(|(at, _)| at.into()),
            disabled_reason: row.disabled.map(|(_, reason)| reason.as_str()),
            failing_since: row.failing_since.map(Instant),
        }
    }
}

/// List webhook endpoints
///
/// Those of the key's owner: the platform's, or the organization's own. All of them stand on one page.
#[utoipa::path(
    get,
    path = "/webhook-endpoints",
    operation_id = "listWebhookEndpoints",
    tag = "Webhook endpoints",
    responses((status = 200, description = "All of them.", body = Page<Endpoint>)),
    security(("api_key" = ["webhooks:read"])),
)]
async fn list(caller: Caller, State(api): State<Api>) -> Result<axum::Json<Page<Endpoint>>, Problem> {
    caller.require(Scope::WebhooksRead)?;
    let endpoints = api.renova().webhook_endpoints(owner(&caller)).await?;
    Ok(axum::Json(Page { data: endpoints.into_iter().map(Endpoint::from).collect(), next_cursor: None }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddWebhookEndpoint {
    /// https, on port 443 or 8443.
    #[schema(examples("https://platform.example.com/webhooks/renova"), format = "uri")]
    url: String,
    /// For people.
    #[serde(default)]
    #[schema(examples("CRM"), max_length = 200)]
    description: String,
}

/// An endpoint that was added.
#[derive(Serialize, ToSchema)]
struct AddedWebhookEndpoint {
    #[schema(value_type = Uuid)]
    id: WebhookEndpointId,
    /// By which deliveries are signed (Standard Webhooks). Shown this once.
    #[schema(examples("whsec_…"))]
    secret: String,
}

/// Add a webhook endpoint
///
/// From now on it is told of every event of its owner: a platform's of every organization, an
/// organization's of its own alone.
#[utoipa::path(
    post,
    path = "/webhook-endpoints",
    operation_id = "addWebhookEndpoint",
    tag = "Webhook endpoints",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = AddWebhookEndpoint,
    responses((status = 201, description = "It is told from now on.", body = AddedWebhookEndpoint)),
    security(("api_key" = ["webhooks:write"])),
)]
async fn add(
    caller: Caller,
    State(api): State<Api>,
    Json(asked): Json<AddWebhookEndpoint>,
) -> Result<(StatusCode, axum::Json<AddedWebhookEndpoint>), Problem> {
    caller.require(Scope::WebhooksWrite)?;
    let added = api.renova().add_webhook_endpoint(owner(&caller), &asked.url, &asked.description).await?;
    let told = AddedWebhookEndpoint { id: added.id, secret: added.secret.expose_secret().to_owned() };
    Ok((StatusCode::CREATED, axum::Json(told)))
}

/// Delete a webhook endpoint
///
/// With its secrets and deliveries.
#[utoipa::path(
    delete,
    path = "/webhook-endpoints/{id}",
    operation_id = "deleteWebhookEndpoint",
    tag = "Webhook endpoints",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone.")),
    security(("api_key" = ["webhooks:write"])),
)]
async fn delete(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<WebhookEndpointId>,
) -> Result<StatusCode, Problem> {
    caller.require(Scope::WebhooksWrite)?;
    api.renova().remove_webhook_endpoint(owner(&caller), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
