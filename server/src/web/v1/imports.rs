//! Tokens that the platform has already.

use axum::extract::State;
use futures::{StreamExt as _, stream};
use lifecycle::ids::{ChannelId, ConnectionId};
use renewal::{Error, ImportOutcome, Imported, ImportedGrant, Scope};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Instant, Problem,
    extract::Json,
    status::{Kind, Way},
};

/// Each asks Meta several times, and the caller waits.
const MOST_AT_ONCE: usize = 20;
/// Meta is asked about so many at the same time.
const TOGETHER: usize = 4;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(import))
}

/// One token to be taken over: a line of `renova import` has the same form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// By the platform's own id; put it first.
    #[schema(examples("customer-42"))]
    organization: String,
    /// `facebook` when absent.
    provider: Option<Way>,
    /// Of the person or the business; with Instagram Login of the account. Not that of a Page.
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, examples("EAAB…"))]
    token: SecretString,
    /// When it ends, where Meta does not state it: with Instagram Login.
    expires_at: Option<Instant>,
    /// The accounts that become channels, by Meta's ids; absent or `null`: all that can be used.
    #[schema(examples(json!(["101", "17841400000000001"])))]
    accounts: Option<Vec<String>>,
}

fn secret<'de, D: Deserializer<'de>>(text: D) -> Result<SecretString, D::Error> {
    String::deserialize(text).map(SecretString::from)
}

impl From<Grant> for ImportedGrant {
    fn from(grant: Grant) -> Self {
        Self {
            organization: grant.organization,
            provider: grant.provider.unwrap_or(Way::Facebook).into(),
            token: grant.token,
            expires_at: grant.expires_at.map(|at| at.0),
            accounts: grant.accounts,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportConnections {
    /// Look only: Meta is asked, nothing is stored.
    #[serde(default)]
    dry_run: bool,
    #[schema(min_items = 1, max_items = 20)]
    connections: Vec<Grant>,
}

/// What became of each, in the order in which they came.
#[derive(Serialize, ToSchema)]
struct ImportedConnections {
    data: Vec<Line>,
}

/// What became of one token.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportedConnection)]
pub struct Line {
    pub status: LineStatus,
    #[schema(required = true, value_type = Option<Uuid>)]
    connection_id: Option<ConnectionId>,
    /// Whose token it is.
    #[schema(required = true, examples("Ana Souza"))]
    name: Option<String>,
    channels: Vec<LineChannel>,
    /// Why it failed: a stable word.
    #[schema(required = true, examples("token_expired"))]
    code: Option<&'static str>,
    /// The same for people.
    #[schema(required = true)]
    detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportStatus)]
pub enum LineStatus {
    Imported,
    /// A trial run: it could be imported.
    WouldImport,
    /// The same person or business is connected: it stays as it is.
    AlreadyConnected,
    Failed,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportedChannel)]
struct LineChannel {
    /// `null`: in a trial run.
    #[schema(required = true, value_type = Option<Uuid>)]
    id: Option<ChannelId>,
    kind: Kind,
    #[schema(examples("101"))]
    account_id: String,
    #[schema(examples("Loja Aurora"))]
    name: String,
}

impl Line {
    pub fn of(done: Result<Imported, Error>) -> Self {
        let imported = match done {
            Ok(imported) => imported,
            Err(error) => return Self::failed(&error),
        };
        let (status, connection_id) = match imported.outcome {
            ImportOutcome::Imported(id) => (LineStatus::Imported, Some(id)),
            ImportOutcome::WouldImport => (LineStatus::WouldImport, None),
            ImportOutcome::AlreadyConnected(id) => (LineStatus::AlreadyConnected, Some(id)),
        };
        let channels = imported.channels.into_iter().map(|it| LineChannel {
            id: it.id,
            kind: it.kind.into(),
            account_id: it.account_id,
            name: it.name,
        });
        let (name, channels) = (Some(imported.grantee_name), channels.collect());
        Self { status, connection_id, name, channels, code: None, detail: None }
    }

    /// A line of a file that is none of ours. Where it stands is told, what stands there is not: it may be
    /// a token.
    #[must_use]
    pub fn unreadable(error: &serde_json::Error) -> Self {
        let detail = format!("cannot be read at column {}", error.column());
        Self {
            status: LineStatus::Failed,
            connection_id: None,
            name: None,
            channels: Vec::new(),
            code: Some("malformed"),
            detail: Some(detail),
        }
    }

    /// An error of Meta's by its meaning; its text names no token.
    fn failed(error: &Error) -> Self {
        let (code, detail) = match error {
            Error::NotFound => ("organization_not_found", "put the organization first".to_owned()),
            Error::Meta(meta) => (meta.code(), meta.to_string()),
            error @ (Error::Invalid { .. } | Error::NoMetaApp | Error::AlreadyConnected) => {
                (error.code(), error.to_string())
            }
            error => {
                tracing::error!(%error, "a token could not be imported");
                (error.code(), "it could not be stored: import it again".to_owned())
            }
        };
        Self {
            status: LineStatus::Failed,
            connection_id: None,
            name: None,
            channels: Vec::new(),
            code: Some(code),
            detail: Some(detail),
        }
    }
}

/// Import connections
///
/// Each token is checked at Meta first, and becomes a connection with its channels; nobody has to log in again.
/// What is connected already stays as it is, so an import can be sent again. `renova import` does the same
/// with a file.
#[utoipa::path(
    post,
    path = "/connections/import",
    operation_id = "importConnections",
    tag = "Connections",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = ImportConnections,
    responses((status = 200, description = "What became of each.", body = ImportedConnections)),
    security(("api_key" = ["connections:write"])),
)]
async fn import(
    caller: Caller,
    State(api): State<Api>,
    Json(asked): Json<ImportConnections>,
) -> Result<axum::Json<ImportedConnections>, Problem> {
    caller.require(Scope::ConnectionsWrite)?;
    if !(1..=MOST_AT_ONCE).contains(&asked.connections.len()) {
        return Err(Problem::invalid("connections", format!("must have from 1 to {MOST_AT_ONCE} entries")));
    }
    let (renova, who) = (api.renova(), &caller);
    let lines = stream::iter(asked.connections)
        .map(|grant| async move { Line::of(renova.import_grant(who, grant.into(), asked.dry_run).await) })
        .buffered(TOGETHER);
    Ok(axum::Json(ImportedConnections { data: lines.collect().await }))
}
