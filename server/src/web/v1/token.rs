//! The one place where a token leaves.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use lifecycle::{Timestamp, clock::SECOND_MS, ids::ChannelId};
use renewal::{ChannelToken, DeadToken, Scope, TokenAnswer, TokenTag};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::Path,
    problem::Details,
    status::{Kind, Status},
};

/// A caller may keep an answer for so long without asking; in seconds.
const FRESH: i64 = 300;
/// And for so long while Renova cannot be reached: an outage of Renova stops nobody. In seconds.
const WHILE_AWAY: i64 = 7 * 24 * 60 * 60;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get))
}

/// A token and what is known about it.
#[derive(Serialize, ToSchema)]
struct Token<'a> {
    /// Keep it as secret as a password.
    #[schema(examples("EAAB…"))]
    token: &'a str,
    kind: Kind,
    /// The Page's id, or the Instagram professional account's.
    #[schema(examples("101"))]
    account_id: &'a str,
    /// Where the token is used.
    #[schema(examples("https://graph.facebook.com/v25.0"), format = "uri")]
    graph_url: &'a str,
    /// `null`: no end of its own.
    #[schema(required = true)]
    expires_at: Option<Instant>,
    #[schema(required = true)]
    data_access_expires_at: Option<Instant>,
    /// When the grant behind it ends.
    #[schema(required = true)]
    grant_expires_at: Option<Instant>,
    /// Rises with every renewal.
    #[schema(examples(1))]
    token_generation: i64,
    status: Status,
}

/// Get a channel's token
///
/// Noted before it is answered: which key got which token when. Keep the answer for `max-age` seconds, then
/// ask with its `ETag` as `If-None-Match`. While Renova cannot be reached, go on with what you have. When
/// Meta refuses the token, report it and ask again at once without `If-None-Match`. Only a token that is
/// proved dead is refused.
#[utoipa::path(
    get,
    path = "/channels/{id}/token",
    operation_id = "getChannelToken",
    tag = "Channels",
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header, description = "`ETag` of an answer that you have.")),
    responses(
        (status = 200, description = "The token.", body = Token,
            headers(("ETag" = String, description = "The same as long as nothing has changed."),
                    ("Cache-Control" = String, description = "How long it may be kept."))),
        (status = 304, description = "Nothing has changed."),
        (status = 409, description = "This token is proved dead: `reason` says why.", body = Details, content_type = "application/problem+json"),
    ),
    security(("api_key" = ["tokens:read"])),
)]
async fn get(
    caller: Caller,
    State(api): State<Api>,
    Path(id): Path<ChannelId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.require(Scope::TokensRead)?;
    match api.renova().channel_token(&caller.0, id, tags_of(&headers)).await? {
        TokenAnswer::Token(token) => Ok(answer(&token, api.renova().now())),
        TokenAnswer::Unchanged(tag, ends_at) => Ok(unchanged(&tag, fresh(ends_at, api.renova().now()))),
        TokenAnswer::Dead(dead) => Err(refused(&dead)),
    }
}

fn answer(token: &ChannelToken, now: Timestamp) -> Response {
    let body = Token {
        token: token.token.expose_secret(),
        kind: token.kind.into(),
        account_id: &token.account_id,
        graph_url: &token.graph_url,
        expires_at: token.expires_at.map(Instant),
        data_access_expires_at: token.data_access_expires_at.map(Instant),
        grant_expires_at: token.grant_expires_at.map(Instant),
        token_generation: token.token_generation,
        status: token.health.into(),
    };
    let mut response = axum::Json(body).into_response();
    keep(response.headers_mut(), &token.tag, fresh(token.expires_at, now));
    response
}

/// For how many seconds it may be kept without asking: never past its own end.
fn fresh(ends_at: Option<Timestamp>, now: Timestamp) -> i64 {
    ends_at.map_or(FRESH, |at| at.since(now) / SECOND_MS).clamp(0, FRESH)
}

fn unchanged(tag: &TokenTag, fresh: i64) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    keep(response.headers_mut(), tag, fresh);
    response
}

fn keep(headers: &mut HeaderMap, tag: &TokenTag, fresh: i64) {
    let kept = format!("private, max-age={fresh}, stale-if-error={WHILE_AWAY}");
    for (name, value) in [(header::ETAG, format!("\"{}\"", tag.0)), (header::CACHE_CONTROL, kept)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

/// Weak ones count as well: an answer is the same to the byte or it has another tag.
fn tags_of(headers: &HeaderMap) -> Vec<String> {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let tags = lists.flat_map(|list| list.split(','));
    tags.map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned()).collect()
}

fn refused(dead: &DeadToken) -> Problem {
    let DeadToken { health, reason, since } = dead;
    let since = since.map(|at| format!(" since {}", Instant(at))).unwrap_or_default();
    let detail = format!(
        "Meta has refused it{since}. Somebody has to renew the connection; the event `connection.renewed` tells when."
    );
    Problem::new(StatusCode::CONFLICT, "token_dead", "This token is proved dead", "")
        .with_detail(detail)
        .with_reason(reason.clone(), health.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_from_any_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\", W/\"b\""));
        headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"c\""));
        assert_eq!(tags_of(&headers), ["a", "b", "c"]);
        assert!(tags_of(&HeaderMap::new()).is_empty());
    }
}
