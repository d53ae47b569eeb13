//! Grants of people and businesses, each with its channels.

use axum::extract::State;
use http::StatusCode;
use lifecycle::{
    Timestamp,
    ids::{ChannelId, ConnectionId},
};
use renewal::{ConnectionFilter, PlatformConnection, Renova, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::{Path, Query},
    page::{Cursor, Page, Wanted},
    status::{Kind, Status, Way},
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, delete)).routes(routes!(check))
}

/// A grant of one person or business.
#[derive(Serialize, ToSchema)]
pub struct Connection {
    #[schema(value_type = Uuid)]
    id: ConnectionId,
    /// By the platform's own id.
    #[schema(examples("customer-42"))]
    organization: String,
    provider: Way,
    /// Who gave it; with Instagram Login the account.
    #[schema(examples("Ana Souza"))]
    name: String,
    status: Status,
    /// The moment that the status speaks of.
    #[schema(required = true)]
    status_at: Option<Instant>,
    /// It calls for a renewal.
    needs_renewal: bool,
    /// Where a person renews it.
    #[schema(
        examples("https://renova.example.com/integrations/meta?connection=019ab0c5-9c7a-7e5c-9c1e-2b8f0e6d4a11"),
        format = "uri"
    )]
    link: String,
    /// When the grant ends; `null`: never, or not known.
    #[schema(required = true)]
    expires_at: Option<Instant>,
    #[schema(required = true)]
    data_access_expires_at: Option<Instant>,
    /// Rises with every renewal.
    #[schema(examples(1))]
    token_generation: i64,
    created_at: Instant,
    renewed_at: Instant,
    /// When Meta was asked last.
    #[schema(required = true)]
    checked_at: Option<Instant>,
    channels: Vec<ChannelOfConnection>,
}

/// A channel in short.
#[derive(Serialize, ToSchema)]
struct ChannelOfConnection {
    #[schema(value_type = Uuid)]
    id: ChannelId,
    kind: Kind,
    #[schema(examples("101"))]
    account_id: String,
    /// As people know it.
    #[schema(examples("@loja.aurora"))]
    name: String,
    status: Status,
}

impl Connection {
    fn new(renova: &Renova, it: PlatformConnection) -> Self {
        let link = it.link(renova);
        let PlatformConnection { organization, state } = it;
        let needs_renewal = state.needs_renewal();
        let channels = state.channels.into_iter().map(|it| ChannelOfConnection {
            id: it.channel.id,
            kind: it.channel.kind.into(),
            name: it.account(),
            account_id: it.channel.account_id,
            status: it.health.into(),
        });
        let connection = state.connection;
        Self {
            id: connection.id,
            organization: organization.external_id,
            provider: connection.provider.into(),
            name: connection.grantee_name,
            status: state.health.into(),
            status_at: state.health.at().map(Instant),
            needs_renewal,
            link,
            expires_at: connection.facts.expires_at.map(Instant),
            data_access_expires_at: connection.facts.data_access_expires_at.map(Instant),
            token_generation: connection.token_generation,
            created_at: connection.created_at.into(),
            renewed_at: connection.renewed_at.into(),
            checked_at: connection.facts.checked_at.map(Instant),
            channels: channels.collect(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListConnections {
    /// Only those of this organization, by the platform's own id.
    organization: Option<String>,
    /// Only those with this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only those whose nearest end is past or at most so many days away.
    #[param(minimum = 0, maximum = 365)]
    expires_within_days: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// List connections
///
/// In the order in which they were added. With a filter a page may be shorter than `limit`, or empty: go on
/// until `next_cursor` is `null`.
#[utoipa::path(
    get,
    path = "/connections",
    operation_id = "listConnections",
    tag = "Connections",
    params(ListConnections),
    responses((status = 200, description = "A page of connections.", body = Page<Connection>)),
    security(("api_key" = ["connections:read"])),
)]
async fn list(
    caller: Caller,
    State(api): State<Api>,
    Query(asked): Query<ListConnections>,
) -> Result<axum::Json<Page<Connection>>, Problem> {
    caller.require(Scope::ConnectionsRead)?;
    let wanted = Wanted::new(asked.cursor.as_deref(), asked.limit)?;
    if asked.expires_within_days.is_some_and(|days| days > 365) {
        return Err(Problem::invalid("expires_within_days", "must be a number from 0 to 365"));
    }
    let filter = ConnectionFilter {
        organization: asked.organization,
        status: asked.status.map(|status| status.as_str().to_owned()),
        expires_within_days: asked.expires_within_days,
    };
    let after = wanted.after.map(|cursor| ConnectionId::from_uuid(cursor.id));
    let renova = api.renova();
    let slice = renova.platform_connections(&caller, &filter, after, wanted.limit).await?;
    Ok(axum::Json(Page {
        data: slice.items.into_iter().map(|it| Connection::new(renova, it)).collect(),
        next_cursor: slice.next.map(|id| Cursor { at: Timestamp(0), id: id.as_uuid() }.write()),
    }))
}

/// Get a connection
#[utoipa::path(
    get,
    path = "/connections/{id}",
    operation_id = "getConnection",
    tag = "Connections",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "As it is.", body = Connection)),
    security(("api_key" = ["connections:read"])),
)]
async fn get(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<Connection>, Problem> {
    caller.require(Scope::ConnectionsRead)?;
    let found = api.renova().platform_connection(&caller, id).await?;
    Ok(axum::Json(Connection::new(api.renova(), found)))
}

/// Delete a connection
///
/// Its tokens are deleted, and its Pages stop delivering unless another connection needs them.
#[utoipa::path(
    delete,
    path = "/connections/{id}",
    operation_id = "deleteConnection",
    tag = "Connections",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone.")),
    security(("api_key" = ["connections:write"])),
)]
async fn delete(caller: Caller, State(api): State<Api>, Path(id): Path<ConnectionId>) -> Result<StatusCode, Problem> {
    caller.require(Scope::ConnectionsWrite)?;
    api.renova().end_connection(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Check a connection
///
/// Asks Meta now how it really is. Renova does so once a day by itself, and sooner where an end is near or
/// a failed use was reported. While Meta cannot be asked, the status is `unreachable`.
#[utoipa::path(
    post,
    path = "/connections/{id}/check",
    operation_id = "checkConnection",
    tag = "Connections",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, description = "As it was found.", body = Connection)),
    security(("api_key" = ["connections:write"])),
)]
async fn check(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ConnectionId>,
) -> Result<axum::Json<Connection>, Problem> {
    caller.require(Scope::ConnectionsWrite)?;
    let found = api.renova().check_for_platform(&caller, id).await?;
    Ok(axum::Json(Connection::new(api.renova(), found)))
}
