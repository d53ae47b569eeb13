//! People of an organization, by the platform's own ids.

use axum::extract::State;
use http::StatusCode;
use lifecycle::Role;
use renewal::{Scope, UserProfile};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::{Json, Path},
    organizations::status_of,
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(put, get, delete))
}

/// What somebody may do: an `admin` connects and renews, an `agent` reads and asks.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub enum RoleWord {
    Admin,
    Agent,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Agent => Self::Agent,
        }
    }
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Agent => Self::Agent,
        }
    }
}

/// A person of an organization.
#[derive(Serialize, ToSchema)]
pub struct User {
    /// The platform's own id.
    #[schema(examples("user-7"))]
    external_id: String,
    #[schema(examples("ana@loja-aurora.example"))]
    email: String,
    #[schema(examples("Ana Souza"))]
    name: String,
    role: RoleWord,
    /// `pt-BR`, `en` or `es`; `null`: the organization's.
    #[schema(required = true, examples("pt-BR"))]
    locale: Option<String>,
    created_at: Instant,
}

impl User {
    fn new(external_id: String, row: store::User) -> Self {
        Self {
            external_id,
            email: row.email,
            name: row.name,
            role: row.role.into(),
            locale: row.locale,
            created_at: row.created_at.into(),
        }
    }
}

/// What a person shall be. There is no password: people come by the platform's own log-in, or set one by
/// *Esqueci minha senha*.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutUser {
    /// One person of the installation has it. Whoever belongs to the organization by this e-mail already
    /// becomes this user.
    #[schema(examples("ana@loja-aurora.example"), max_length = 254)]
    email: String,
    #[schema(examples("Ana Souza"), min_length = 1, max_length = 200)]
    name: String,
    role: RoleWord,
    /// `null` or absent: it stays as it is, the organization's at first.
    #[schema(examples("pt-BR"), pattern = "^(pt-BR|en|es)$")]
    locale: Option<String>,
}

impl From<PutUser> for UserProfile {
    fn from(put: PutUser) -> Self {
        Self { email: put.email, name: put.name, role: put.role.into(), locale: put.locale }
    }
}

/// Put a user
///
/// Adds the person, or makes it what is asked for: send it as often as you like.
#[utoipa::path(
    put,
    path = "/organizations/{external_id}/users/{user_external_id}",
    operation_id = "putUser",
    tag = "Users",
    params(
        ("external_id" = String, Path, description = "The organization, by the platform's own id.", example = "customer-42"),
        ("user_external_id" = String, Path, description = "The platform's own id.", example = "user-7"),
    ),
    request_body = PutUser,
    responses(
        (status = 200, description = "As it is now.", body = User),
        (status = 201, description = "It is new.", body = User),
    ),
    security(("api_key" = ["platform:write"])),
)]
async fn put(
    caller: Caller,
    State(api): State<Api>,
    Path((organization, external_id)): Path<(String, String)>,
    Json(asked): Json<PutUser>,
) -> Result<(StatusCode, axum::Json<User>), Problem> {
    caller.require(Scope::PlatformWrite)?;
    let put = api.renova().put_user(&caller, &organization, &external_id, asked.into()).await?;
    Ok((status_of(put.is_new), axum::Json(User::new(external_id, put.value))))
}

/// Get a user
#[utoipa::path(
    get,
    path = "/organizations/{external_id}/users/{user_external_id}",
    operation_id = "getUser",
    tag = "Users",
    params(
        ("external_id" = String, Path, description = "The organization, by the platform's own id.", example = "customer-42"),
        ("user_external_id" = String, Path, description = "The platform's own id.", example = "user-7"),
    ),
    responses((status = 200, description = "As it is.", body = User)),
    security(("api_key" = ["platform:write"])),
)]
async fn get(
    caller: Caller,
    State(api): State<Api>,
    Path((organization, external_id)): Path<(String, String)>,
) -> Result<axum::Json<User>, Problem> {
    caller.require(Scope::PlatformWrite)?;
    let user = api.renova().user_of(&caller, &organization, &external_id).await?;
    Ok(axum::Json(User::new(external_id, user)))
}

/// Remove a user
///
/// Log-ins end at once; what the person did stays in the history.
#[utoipa::path(
    delete,
    path = "/organizations/{external_id}/users/{user_external_id}",
    operation_id = "deleteUser",
    tag = "Users",
    params(
        ("external_id" = String, Path, description = "The organization, by the platform's own id.", example = "customer-42"),
        ("user_external_id" = String, Path, description = "The platform's own id.", example = "user-7"),
    ),
    responses((status = 204, description = "The person belongs to the organization no more.")),
    security(("api_key" = ["platform:write"])),
)]
async fn delete(
    caller: Caller,
    State(api): State<Api>,
    Path((organization, external_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    caller.require(Scope::PlatformWrite)?;
    api.renova().remove_user(&caller, &organization, &external_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
