//! Links by which one administrator begins one renewal, once.

use axum::extract::State;
use http::StatusCode;
use lifecycle::ids::ConnectionId;
use renewal::Scope;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Api, Caller, Instant, Problem, extract::Json};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create))
}

/// For whom a link shall be, and what for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRenewalLink {
    /// The organization, by the platform's own id.
    #[schema(examples("customer-42"))]
    organization: String,
    /// An administrator of it, by the platform's own id.
    #[schema(examples("user-7"))]
    user: String,
    /// What is renewed; `null` or absent: an account is connected for the first time.
    #[schema(examples("019cde3a-7c00-7000-8000-000000000001"))]
    connection: Option<String>,
    /// `true`: whoever opens the link is this person, the platform knows. No log-in is asked for, and a session
    /// begins that may do this renewal and nothing else. Only a key of the platform may say so.
    #[serde(default)]
    vouched: bool,
}

/// A link, to be sent to its person and nobody else.
#[derive(Serialize, ToSchema)]
struct RenewalLink {
    /// Opening it changes nothing; the button on its page uses it up. It is shown this once.
    #[schema(examples("https://renova.example.com/r/3f…"))]
    url: String,
    expires_at: Instant,
}

/// Make a renewal link
///
/// For a named administrator, valid for 24 hours, to be used once. Send it by your own mail or chat.
#[utoipa::path(
    post,
    path = "/renewal-links",
    operation_id = "createRenewalLink",
    tag = "Renewal links",
    request_body = NewRenewalLink,
    responses((status = 201, description = "The link.", body = RenewalLink)),
    security(("api_key" = ["renewal-links:write"])),
)]
async fn create(
    caller: Caller,
    State(api): State<Api>,
    Json(asked): Json<NewRenewalLink>,
) -> Result<(StatusCode, axum::Json<RenewalLink>), Problem> {
    caller.require(Scope::RenewalLinksWrite)?;
    let connection = match asked.connection.as_deref().map(str::parse::<ConnectionId>) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Err(Problem::invalid("connection", "must be the id of a connection")),
    };
    let made =
        api.renova().renewal_link_by_key(&caller, &asked.organization, &asked.user, connection, asked.vouched).await?;
    let link = RenewalLink { url: made.url.expose_secret().to_owned(), expires_at: made.expires_at.into() };
    Ok((StatusCode::CREATED, axum::Json(link)))
}
