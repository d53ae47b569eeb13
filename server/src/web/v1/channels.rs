//! Pages and Instagram accounts whose messages arrive.

use axum::extract::State;
use http::StatusCode;
use lifecycle::{
    Timestamp,
    ids::{ChannelId, ConnectionId},
};
use renewal::{PlatformChannel, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Api, Caller, Instant, Problem,
    extract::{Json, Path, Query},
    page::{Cursor, Wanted},
    status::{Kind, Status},
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, change, delete)).routes(routes!(report))
}

/// A Page or an Instagram account.
#[derive(Serialize, ToSchema)]
pub struct Channel {
    #[schema(value_type = Uuid)]
    id: ChannelId,
    #[schema(value_type = Uuid)]
    connection_id: ConnectionId,
    /// By the platform's own id.
    #[schema(examples("customer-42"))]
    organization: String,
    kind: Kind,
    /// The Page's id, or the Instagram professional account's.
    #[schema(examples("17841400000000001"))]
    account_id: String,
    #[schema(examples("Loja Aurora"))]
    name: String,
    /// Instagram's handle, without the at sign.
    #[schema(required = true, examples("loja.aurora"))]
    username: Option<String>,
    /// The Page whose token serves it; `null` with Instagram Login.
    #[schema(required = true, examples("101"))]
    page_id: Option<String>,
    status: Status,
    /// The moment that the status speaks of.
    #[schema(required = true)]
    status_at: Option<Instant>,
    /// Of the token; `null`: it has no end of its own.
    #[schema(required = true)]
    expires_at: Option<Instant>,
    #[schema(required = true)]
    data_access_expires_at: Option<Instant>,
    /// Rises with every renewal.
    #[schema(examples(1))]
    token_generation: i64,
    /// Webhook fields that arrive.
    #[schema(examples("messages"))]
    subscribed_fields: Vec<String>,
    /// Instagram: a message arrives when a story mentions the account.
    story_mentions: bool,
    /// Instagram: replies and reactions to stories arrive.
    story_replies: bool,
    /// When the newest message arrived, as far as Renova is told of messages.
    #[schema(required = true)]
    last_message_at: Option<Instant>,
    /// When Meta was asked last.
    #[schema(required = true)]
    checked_at: Option<Instant>,
    created_at: Instant,
    /// When anything of the above changed last, but messages and what time alone changes.
    changed_at: Instant,
}

impl From<PlatformChannel> for Channel {
    fn from(it: PlatformChannel) -> Self {
        let PlatformChannel { organization, channel, changed_at, health, .. } = it;
        Self {
            id: channel.id,
            connection_id: channel.connection_id,
            organization: organization.external_id,
            kind: channel.kind.into(),
            account_id: channel.account_id,
            name: channel.name,
            username: channel.username,
            page_id: channel.page_id,
            status: health.into(),
            status_at: health.at().map(Instant),
            expires_at: channel.facts.expires_at.map(Instant),
            data_access_expires_at: channel.facts.data_access_expires_at.map(Instant),
            token_generation: channel.token_generation,
            subscribed_fields: channel.subscribed_fields,
            story_mentions: channel.story_mentions,
            story_replies: channel.story_replies,
            last_message_at: channel.last_message_at.map(Instant),
            checked_at: channel.facts.checked_at.map(Instant),
            created_at: channel.created_at.into(),
            changed_at: changed_at.into(),
        }
    }
}

/// One page of channels.
#[derive(Serialize, ToSchema)]
struct ChannelPage {
    data: Vec<Channel>,
    /// Ask with it as `cursor` for what comes after; `null`: there is nothing more at this moment.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// Whatever changed before this instant was there to be listed.
    as_of: Instant,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListChannels {
    /// Only those of this organization, by the platform's own id.
    organization: Option<String>,
    /// Only those that changed then or later. Channels that went are told by the event `channel.removed`.
    #[param(value_type = Option<String>, format = DateTime)]
    changed_since: Option<Instant>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[0-9a-f]{48}$")]
    cursor: Option<String>,
    /// 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// List channels
///
/// In the order of their last change. Whoever keeps `as_of` of the first page and asks with it as
/// `changed_since` the next time misses nothing; what has just changed may come twice.
#[utoipa::path(
    get,
    path = "/channels",
    operation_id = "listChannels",
    tag = "Channels",
    params(ListChannels),
    responses((status = 200, description = "A page of channels.", body = ChannelPage)),
    security(("api_key" = ["channels:read"])),
)]
async fn list(
    caller: Caller,
    State(api): State<Api>,
    Query(asked): Query<ListChannels>,
) -> Result<axum::Json<ChannelPage>, Problem> {
    caller.require(Scope::ChannelsRead)?;
    let as_of = api.renova().settled_at().into();
    let wanted = Wanted::new(asked.cursor.as_deref(), asked.limit)?;
    let since = asked.changed_since.map_or(i64::MIN, |since| since.0.0.saturating_sub(1));
    // All ids of the instant before have been seen.
    let since = (Timestamp(since), ChannelId::from_uuid(Uuid::max()));
    let after = wanted.after.map_or(since, |cursor| (cursor.at, ChannelId::from_uuid(cursor.id)).max(since));
    let slice = api.renova().platform_channels(&caller, asked.organization.as_deref(), after, wanted.limit).await?;
    Ok(axum::Json(ChannelPage {
        data: slice.items.into_iter().map(Channel::from).collect(),
        next_cursor: slice.next.map(|(at, id)| Cursor { at, id: id.as_uuid() }.write()),
        as_of,
    }))
}

/// Get a channel
#[utoipa::path(
    get,
    path = "/channels/{id}",
    operation_id = "getChannel",
    tag = "Channels",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "As it is.", body = Channel)),
    security(("api_key" = ["channels:read"])),
)]
async fn get(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ChannelId>,
) -> Result<axum::Json<Channel>, Problem> {
    caller.require(Scope::ChannelsRead)?;
    Ok(axum::Json(api.renova().platform_channel(&caller, id).await?.into()))
}

/// The platform's options; what is absent or `null` stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeChannel {
    /// Receive a message when a story mentions the account.
    #[schema(examples(true))]
    story_mentions: Option<bool>,
    /// Receive replies and reactions to stories.
    #[schema(examples(false))]
    story_replies: Option<bool>,
}

/// Change story options
///
/// Only an Instagram channel has them.
#[utoipa::path(
    patch,
    path = "/channels/{id}",
    operation_id = "changeChannel",
    tag = "Channels",
    params(("id" = Uuid, Path)),
    request_body = ChangeChannel,
    responses((status = 200, description = "As it is now.", body = Channel)),
    security(("api_key" = ["channels:write"])),
)]
async fn change(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ChannelId>,
    Json(asked): Json<ChangeChannel>,
) -> Result<axum::Json<Channel>, Problem> {
    caller.require(Scope::ChannelsWrite)?;
    let changed = api.renova().change_channel(&caller, id, asked.story_mentions, asked.story_replies).await?;
    Ok(axum::Json(changed.into()))
}

/// Delete a channel
///
/// Its messages stop arriving, unless another channel needs its Page's subscription. With the last channel
/// its connection ends.
#[utoipa::path(
    delete,
    path = "/channels/{id}",
    operation_id = "deleteChannel",
    tag = "Channels",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone.")),
    security(("api_key" = ["channels:write"])),
)]
async fn delete(caller: Caller, State(api): State<Api>, Path(id): Path<ChannelId>) -> Result<StatusCode, Problem> {
    caller.require(Scope::ChannelsWrite)?;
    api.renova().end_channel(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The error with which Meta refused a use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportFailure {
    /// `error.code` of Meta's answer.
    #[schema(examples(190))]
    code: i64,
    /// `error.error_subcode` of Meta's answer.
    #[schema(examples(460))]
    subcode: Option<i64>,
}

/// What a failure means.
#[derive(Serialize, ToSchema)]
struct Report {
    /// A stable word.
    #[schema(examples("password_changed"))]
    meaning: &'static str,
    /// Meta is asked how the connection really is: at once, or a minute after the last time.
    check_due: bool,
}

/// Report a failed use
///
/// A use of the token was refused by Meta. Unless the error is Meta's own trouble or a limit, Renova asks
/// Meta at once, or a minute after the last time; what it finds is told by events. The report alone marks nothing as dead.
#[utoipa::path(
    post,
    path = "/channels/{id}/report",
    operation_id = "reportFailure",
    tag = "Channels",
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$")),
    request_body = ReportFailure,
    responses((status = 202, description = "It was taken.", body = Report)),
    security(("api_key" = ["reports:write"])),
)]
async fn report(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ChannelId>,
    Json(asked): Json<ReportFailure>,
) -> Result<(StatusCode, axum::Json<Report>), Problem> {
    caller.require(Scope::ReportsWrite)?;
    let reported = api.renova().report_failure(&caller, id, asked.code, asked.subcode).await?;
    let report = Report { meaning: reported.meaning, check_due: reported.is_checked };
    Ok((StatusCode::ACCEPTED, axum::Json(report)))
}
