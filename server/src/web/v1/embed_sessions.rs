//! Sessions for people who see Renova inside the platform's pages.

use axum::extract::State;
use http::StatusCode;
use renewal::{NewEmbed, NewEmbedSession, Scope, UserProfile, VouchedUser};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Api, Caller, Instant, Problem, extract::Json, problem::Details, users::RoleWord};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Who sees Renova, and in which page.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEmbedSession {
    /// The platform's own id of the organization.
    #[schema(examples("customer-42"))]
    organization: String,
    user: EmbedUser,
    /// Of the page that shows Renova, as browsers write it. An administrator of the organization, or the
    /// setting `RENOVA_EMBED_ORIGINS`, has registered it.
    #[schema(examples("https://app.platform.example"))]
    origin: String,
    /// A page of `origin` where a log-in at Meta in the same tab comes back to.
    #[schema(examples("https://app.platform.example/settings/meta"))]
    return_url: Option<String>,
}

/// The person whom the platform has signed in: added, or made what is told here.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EmbedUser {
    /// The platform's own id.
    #[schema(examples("user-7"))]
    external_id: String,
    #[schema(examples("Ana Souza"), min_length = 1, max_length = 200)]
    name: String,
    #[schema(examples("ana@loja-aurora.example"), max_length = 254)]
    email: String,
    /// `pt-BR`, `en` or `es`; `null` or absent: it stays as it is, the organization's at first.
    #[schema(examples("pt-BR"))]
    locale: Option<String>,
    role: RoleWord,
}

/// What the page hands to the frame.
#[derive(Serialize, ToSchema)]
struct EmbedSession {
    /// A secret, used once: `es_…`.
    #[schema(examples("es_Ek3vW0yqRr1o9mT2cXkq8l5bq1xJq3n0hS7dYp4uZtA"))]
    token: String,
    expires_at: Instant,
    /// Names the organization in the address of the frame; no secret.
    #[schema(examples("9f86d081884c7d659a2feaa0c55ad015"))]
    embed_id: String,
}

impl From<CreateEmbedSession> for NewEmbedSession {
    fn from(asked: CreateEmbedSession) -> Self {
        let EmbedUser { external_id, name, email, locale, role } = asked.user;
        let profile = UserProfile { name, email, locale, role: role.into() };
        Self {
            organization: asked.organization,
            user: VouchedUser { external_id, profile },
            origin: asked.origin,
            return_url: asked.return_url,
        }
    }
}

impl From<NewEmbed> for EmbedSession {
    fn from(new: NewEmbed) -> Self {
        Self { token: new.token.expose_secret().to_owned(), expires_at: new.expires_at.into(), embed_id: new.embed_id }
    }
}

/// Begin an embed session
///
/// For one person, in pages of one origin, for ten minutes. The page asks the platform's server for another
/// when it runs out.
#[utoipa::path(
    post,
    path = "/embed-sessions",
    operation_id = "createEmbedSession",
    tag = "Embeds",
    request_body = CreateEmbedSession,
    responses(
        (status = 201, description = "It has begun.", body = EmbedSession),
        (status = 404, description = "There is no such organization.", body = Details, content_type = "application/problem+json"),
        (status = 409, description = "Another person has this e-mail.", body = Details, content_type = "application/problem+json"),
        (status = 422, description = "A field cannot be what it is, or the origin is not registered.", body = Details, content_type = "application/problem+json"),
    ),
    security(("api_key" = ["embed-sessions:write"])),
)]
async fn create(
    caller: Caller,
    State(api): State<Api>,
    Json(asked): Json<CreateEmbedSession>,
) -> Result<(StatusCode, axum::Json<EmbedSession>), Problem> {
    caller.require(Scope::EmbedSessionsWrite)?;
    let new = api.renova().create_embed_session(&caller, asked.into()).await?;
    Ok((StatusCode::CREATED, axum::Json(new.into())))
}
