//! Customers of the platform, by its own ids.

use axum::extract::State;
use http::StatusCode;
use renewal::{OrganizationProfile, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::{Json, Path},
};

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(put, get, delete))
}

/// A customer of the platform.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// The platform's own id.
    #[schema(examples("customer-42"))]
    external_id: String,
    #[schema(examples("Loja Aurora"))]
    name: String,
    /// For people, in addresses and commands.
    #[schema(examples("loja-aurora"))]
    slug: String,
    /// A name of the IANA list: warnings go by its days and hours.
    #[schema(examples("America/Sao_Paulo"))]
    time_zone: String,
    /// `pt-BR`, `en` or `es`.
    #[schema(examples("pt-BR"))]
    locale: String,
    created_at: Instant,
}

impl From<store::Organization> for Organization {
    fn from(row: store::Organization) -> Self {
        Self {
            external_id: row.external_id,
            name: row.name,
            slug: row.slug,
            time_zone: row.time_zone,
            locale: row.locale,
            created_at: row.created_at.into(),
        }
    }
}

/// What an organization shall be. What is absent or `null` stays as it is, or has its default.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutOrganization {
    #[schema(examples("Loja Aurora"), min_length = 1, max_length = 200)]
    name: String,
    /// Made of the name at first.
    #[schema(examples("loja-aurora"), pattern = "^[a-z0-9-]+$", max_length = 100)]
    slug: Option<String>,
    /// `America/Sao_Paulo` at first.
    #[schema(examples("America/Sao_Paulo"))]
    time_zone: Option<String>,
    /// `pt-BR` at first.
    #[schema(examples("pt-BR"), pattern = "^(pt-BR|en|es)$")]
    locale: Option<String>,
}

impl From<PutOrganization> for OrganizationProfile {
    fn from(put: PutOrganization) -> Self {
        Self { name: put.name, slug: put.slug, time_zone: put.time_zone, locale: put.locale }
    }
}

/// Put an organization
///
/// Adds it, or makes it what is asked for: send it as often as you like.
#[utoipa::path(
    put,
    path = "/organizations/{external_id}",
    operation_id = "putOrganization",
    tag = "Organizations",
    params(("external_id" = String, Path, description = "The platform's own id.", example = "customer-42")),
    request_body = PutOrganization,
    responses(
        (status = 200, description = "As it is now.", body = Organization),
        (status = 201, description = "It is new.", body = Organization),
    ),
    security(("api_key" = ["platform:write"])),
)]
async fn put(
    caller: Caller,
    State(api): State<Api>,
    Path(external_id): Path<String>,
    Json(asked): Json<PutOrganization>,
) -> Result<(StatusCode, axum::Json<Organization>), Problem> {
    caller.require(Scope::PlatformWrite)?;
    let put = api.renova().put_organization(&caller, &external_id, asked.into()).await?;
    Ok((status_of(put.is_new), axum::Json(put.value.into())))
}

/// Get an organization
#[utoipa::path(
    get,
    path = "/organizations/{external_id}",
    operation_id = "getOrganization",
    tag = "Organizations",
    params(("external_id" = String, Path, description = "The platform's own id.", example = "customer-42")),
    responses((status = 200, description = "As it is.", body = Organization)),
    security(("api_key" = ["platform:write"])),
)]
async fn get(
    caller: Caller,
    State(api): State<Api>,
    Path(external_id): Path<String>,
) -> Result<axum::Json<Organization>, Problem> {
    caller.require(Scope::PlatformWrite)?;
    Ok(axum::Json(api.renova().organization_of(&caller, &external_id).await?.into()))
}

/// Delete an organization
///
/// Ends its connections and deletes everything that belongs to it: users, tokens, history, events, keys.
/// Only a key of the platform may do this.
#[utoipa::path(
    delete,
    path = "/organizations/{external_id}",
    operation_id = "deleteOrganization",
    tag = "Organizations",
    params(("external_id" = String, Path, description = "The platform's own id.", example = "customer-42")),
    responses((status = 204, description = "It is gone.")),
    security(("api_key" = ["platform:write"])),
)]
async fn delete(
    caller: Caller,
    State(api): State<Api>,
    Path(external_id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.require(Scope::PlatformWrite)?;
    api.renova().delete_organization(&caller, &external_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub fn status_of(is_new: bool) -> StatusCode {
    if is_new { StatusCode::CREATED } else { StatusCode::OK }
}
