//! The Graph API: finds out who asks for what and hands the call to the module
//! of that node or edge.

mod accounts;
mod app;
mod businesses;
mod debug;
mod instagram;
mod list;
mod oauth;
mod pages;
mod people;
mod subscriptions;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use url::form_urlencoded;

use crate::Sim;
use crate::fields;
use crate::host::{self, Host};
use crate::params::Params;
use crate::reply::{Answer, DEFAULT_VERSION, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;
use crate::webhooks;
use businesses::Held;

pub(crate) use subscriptions::PAGE_FIELDS;

pub(crate) use debug::APPLICATION;

/// One call, taken apart.
pub(crate) struct GraphCall<'a> {
    pub method: &'a Method,
    pub version: Option<&'a str>,
    /// The path without host and version.
    pub path: &'a str,
    pub params: &'a Params,
    /// The address the client used for the Graph host, for links in answers.
    pub base: String,
    /// Whether the callback in the parameters has passed its verification;
    /// nothing where there was none to ask.
    pub callback_answered: Option<bool>,
}

/// What a path's first part stands for.
enum Node {
    /// Or the system user of a business.
    Person(String),
    Page(String),
    Instagram(String),
    Business(String),
    App,
}

pub(crate) async fn handle(State(sim): State<Sim>, request: Request) -> Response {
    host::serve(&sim, Host { name: "graph", answer, reword: |_| {} }, request).await
}

/// Only for a call that would otherwise take effect: nobody else makes the
/// simulator ask an address.
pub(crate) async fn verify_callback(sim: &Sim, call: &GraphCall<'_>) -> Option<bool> {
    let (callback, token) = app::callback_to_verify(call)?;
    let is_app = call.params.access_token() == Some(sim.with(|meta| meta.app_token()).as_str());
    if !is_app || app::check(call).is_err() {
        return None;
    }
    Some(webhooks::verify_callback(callback, token).await)
}

/// `/v25.0/me` is `Some("v25.0")` and `/me`.
pub(crate) fn split_version(path: &str) -> (Option<&str>, &str) {
    let Some(rest) = path.strip_prefix("/v") else {
        return (None, path);
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let is_version = rest[..end].split_once('.').is_some_and(|(major, minor)| {
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        number(major) && number(minor)
    });
    if is_version { (Some(&path[1..end + 2]), &path[end + 2..]) } else { (None, path) }
}

fn answer(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let parts: Vec<&str> = call.path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["oauth", "access_token"] => oauth::access_token(meta, call),
        ["debug_token"] => debug::debug_token(meta, call),
        [node, edge @ ..] => on_node(meta, call, node, edge),
        [] => Err(unknown_path(call)),
    }
}

fn on_node(meta: &mut Meta<'_>, call: &GraphCall<'_>, id: &str, edge: &[&str]) -> Answer {
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(id, "me" | "app") && !is_number {
        return Err(GraphError::new(803, format!("(#803) Some of the aliases you requested do not exist: {id}")));
    }
    let Some(token) = call.params.access_token() else {
        return Err(if id == "me" {
            GraphError::new(2500, "An active access token must be used to query information about the current user.")
        } else {
            GraphError::new(104, "An access token is required to request this resource.")
        });
    };
    let viewer = meta.viewer(token)?;
    if viewer != Viewer::App {
        meta.check_proof(call.params, token)?;
    }
    let node = find(meta, call, &viewer, id)?;
    match (node, edge) {
        (Node::Person(person), []) => people::read(meta, call, &viewer, &person),
        (Node::Person(person), ["permissions", rest @ ..]) => people::permissions(meta, call, &viewer, &person, rest),
        (Node::Person(person), ["accounts"]) => accounts::list(meta, call, &viewer, &person),
        (Node::Person(person), ["assigned_pages"]) => accounts::assigned(meta, call, &viewer, &person),
        (Node::Person(person), ["businesses"]) => businesses::list(meta, call, &viewer, &person),
        (Node::Business(id), []) => businesses::read(meta, call, &viewer, &id),
        (Node::Business(id), ["owned_pages"]) => businesses::pages(meta, call, &viewer, &id, Held::Owned),
        (Node::Business(id), ["client_pages"]) => businesses::pages(meta, call, &viewer, &id, Held::Client),
        (Node::Business(id), ["system_user_access_tokens"]) => businesses::system_user_token(meta, call, &viewer, &id),
        (Node::Page(page), []) => pages::read(meta, call, &viewer, &page),
        (Node::Page(page), ["subscribed_apps"]) => subscriptions::on_page(meta, call, &viewer, &page),
        (Node::Instagram(instagram), []) => instagram::read(meta, call, &viewer, &instagram),
        (Node::App, []) => app::read(meta, call),
        (Node::App, ["permissions"]) => app::permissions(call, &viewer),
        (Node::App, ["subscriptions"]) => app::subscriptions(meta, call, &viewer),
        (Node::App, [edge, ..]) => Err(fields::no_field(edge, "Application")),
        (Node::Person(_), [edge, ..]) => Err(fields::no_field(edge, "User")),
        (Node::Page(_), [edge, ..]) => Err(fields::no_field(edge, "Page")),
        (Node::Instagram(_), [edge, ..]) => Err(fields::no_field(edge, "IGUser")),
        (Node::Business(_), [edge, ..]) => Err(fields::no_field(edge, "Business")),
    }
}

fn find(meta: &Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str) -> Result<Node, GraphError> {
    if id == "me" {
        return match viewer {
            Viewer::Person { person, .. } => Ok(Node::Person(person.clone())),
            Viewer::Page { page, .. } => Ok(Node::Page(page.clone())),
            Viewer::App => Err(GraphError::new(
                2500,
                "An active access token must be used to query information about the current user.",
            )),
        };
    }
    if id == "app" || id == meta.config.app_id {
        return Ok(Node::App);
    }
    let world = &meta.state.world;
    let node = if world.is_holder(id) {
        Node::Person(id.to_owned())
    } else if world.page(id).is_some() {
        Node::Page(id.to_owned())
    } else if world.page_of_instagram(id).is_some() {
        Node::Instagram(id.to_owned())
    } else if world.business(id).is_some() {
        Node::Business(id.to_owned())
    } else {
        return Err(GraphError::no_object(id, &verb(call.method)));
    };
    Ok(node)
}

impl GraphCall<'_> {
    pub fn version(&self) -> &str {
        self.version.unwrap_or(DEFAULT_VERSION)
    }

    /// The fields asked for, or those a kind of node gives unasked.
    pub fn fields(&self, default: &str) -> Result<Vec<fields::Field>, GraphError> {
        fields::parse(self.params.filled("fields").unwrap_or(default))
    }

    /// The address of this very call.
    pub fn link(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.params.query).finish();
        let version = self.version.map(|version| format!("/{version}")).unwrap_or_default();
        format!("{}{version}{}?{query}", self.base, self.path)
    }

    pub fn wrong_method(&self) -> GraphError {
        GraphError {
            kind: "GraphMethodException",
            ..GraphError::new(100, format!("Unsupported {} request.", verb(self.method)))
        }
    }
}

fn verb(method: &Method) -> String {
    method.as_str().to_ascii_lowercase()
}

fn unknown_path(call: &GraphCall<'_>) -> GraphError {
    GraphError::new(2500, format!("Unknown path components: {}", call.path))
}

#[cfg(test)]
mod tests {
    use super::split_version;

    #[test]
    fn versions() {
        assert_eq!(split_version("/v25.0/me"), (Some("v25.0"), "/me"));
        assert_eq!(split_version("/v3.2"), (Some("v3.2"), ""));
        assert_eq!(split_version("/me/accounts"), (None, "/me/accounts"));
        assert_eq!(split_version("/verify/x"), (None, "/verify/x"));
    }
}
