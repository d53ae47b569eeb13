//! Businesses: the list of a person's, the node, its Pages and the token of its
//! system user.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::list::Window;
use super::{GraphCall, accounts};
use crate::fields::{self, NodeKind};
use crate::picture;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::{TokenKind, Viewer};
use crate::world::Business;

pub(super) const BUSINESS: NodeKind = NodeKind {
    name: "Business",
    fields: &["created_time", "id", "link", "name", "profile_picture_uri", "updated_time", "verification_status"],
    nodes: &[],
};

/// Edges of a business that list Pages.
#[derive(Clone, Copy)]
pub(super) enum Held {
    Owned,
    Client,
}

pub(super) fn list(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Answer {
    match viewer {
        Viewer::Person { person: viewing, .. } if viewing == person => {}
        Viewer::App => return Err(accounts::user_token_needed()),
        _ => return Err(GraphError::no_object(person, "get")),
    }
    check_manages(meta, person)?;
    let ids: Vec<String> = match meta.state.world.business_of_system_user(person) {
        Some(business) => vec![business.id.clone()],
        None => meta.state.world.businesses_of(person).map(|business| business.id.clone()).collect(),
    };
    let wanted = call.fields("id,name")?;
    let window = Window::of(call, &ids)?;
    let mut data = Vec::new();
    for id in window.shown {
        if let Some(business) = meta.state.world.business(id) {
            data.push(fields::project(&object(meta, business), &wanted, &BUSINESS)?);
        }
    }
    window.answer(call, &format!("{person}/businesses"), data)
}

pub(super) fn read(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    let business = seen(meta, call, viewer, id)?;
    fields::project(&object(meta, business), &call.fields("id,name")?, &BUSINESS)
}

pub(super) fn pages(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str, held: Held) -> Answer {
    let business = seen(meta, call, viewer, id)?;
    let (edge, ids) = match held {
        Held::Owned => ("owned_pages", business.owned_pages.clone()),
        Held::Client => ("client_pages", business.client_pages.clone()),
    };
    let ids = ids.into_iter().filter(|page| meta.state.world.page(page).is_some()).collect();
    accounts::answer(meta, call, viewer, &format!("{id}/{edge}"), ids, "name,id")
}

/// The token that the business granted, for an app that has lost it.
pub(super) fn system_user_token(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str) -> Answer {
    if call.method != Method::POST {
        return Err(call.wrong_method());
    }
    let business = seen(meta, call, viewer, id)?.clone();
    // Without the proof Meta hands out no token of a business.
    if call.params.filled("appsecret_proof").is_none() {
        return Err(GraphError::new(100, "API calls from the server require an appsecret_proof argument"));
    }
    if !call.params.flag("fetch_only") {
        return Err(GraphError::permission(200, "(#200) Permissions error"));
    }
    let newest = meta
        .state
        .tokens
        .iter()
        .filter(|(text, token)| {
            token.kind == TokenKind::SystemUser && token.person == business.system_user && meta.live_token(text).is_ok()
        })
        .max_by_key(|(_, token)| token.issued_at)
        .map(|(text, _)| text.clone());
    match newest {
        Some(token) => Ok(json!({ "access_token": token })),
        None => Err(GraphError::permission(200, "(#200) Permissions error")),
    }
}

/// Whether the holder's grant lets the app look at businesses at all.
pub(super) fn check_manages(meta: &Meta<'_>, holder: &str) -> Result<(), GraphError> {
    if meta.allows(holder, "business_management") {
        return Ok(());
    }
    Err(GraphError::permission(200, "(#200) Requires business_management permission to manage the object."))
}

/// A business is there for people with a role in it and for its system user.
fn seen<'a>(meta: &'a Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str) -> Result<&'a Business, GraphError> {
    let no_object = || GraphError::no_object(id, &super::verb(call.method));
    let Viewer::Person { person, .. } = viewer else {
        return Err(no_object());
    };
    let business = meta
        .state
        .world
        .business(id)
        .filter(|business| business.system_user == *person || business.people.contains(person))
        .ok_or_else(no_object)?;
    // A system user always knows its own business.
    if business.system_user != *person {
        check_manages(meta, person)?;
    }
    Ok(business)
}

fn object(meta: &Meta<'_>, business: &Business) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    put("id", json!(business.id));
    put("name", json!(business.name));
    put("link", json!(format!("https://business.facebook.com/business/{}", business.id)));
    put("created_time", json!("2021-03-08T14:27:51+0000"));
    put("updated_time", json!("2026-08-19T09:12:05+0000"));
    put("verification_status", json!("verified"));
    put("profile_picture_uri", json!(picture::url(&meta.config.public_url, &business.id)));
    object
}
