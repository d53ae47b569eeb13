//! An Instagram professional account, reached through the Page it is linked to.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{GraphCall, pages};
use crate::fields::{self, NodeKind};
use crate::picture;
use crate::reply::{Answer, GraphError};
use crate::state::{LapsedCode, Meta};
use crate::tokens::Viewer;
use crate::world::Instagram;

pub(super) const ACCOUNT: NodeKind = NodeKind {
    name: "IGUser",
    fields: &[
        "biography",
        "followers_count",
        "follows_count",
        "has_profile_pic",
        "id",
        "ig_id",
        "is_published",
        "media_count",
        "name",
        "profile_picture_url",
        "username",
        "website",
    ],
    nodes: &[],
};

pub(super) fn read(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, id: &str) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    let Some((page, account)) = meta.state.world.page_of_instagram(id) else {
        return Err(GraphError::no_object(id, "get"));
    };
    let (page, account) = (page.id.clone(), account.clone());
    let person = match viewer {
        Viewer::Person { person, .. } | Viewer::Page { person, .. } => person,
        Viewer::App => return Err(GraphError::no_object(id, "get")),
    };
    if pages::check_sees(meta, call, viewer, &page).is_err() {
        return Err(GraphError::no_object(id, "get"));
    }
    let is_lapsed = meta.permission_status(person, "instagram_basic") == Some("expired");
    if is_lapsed && meta.state.settings.data_access_lapsed_code == LapsedCode::Token {
        return Err(GraphError::token(
            "Error validating access token: The access to this user's data has expired.",
            None,
        ));
    }
    if !meta.allows(person, "instagram_basic") {
        return Err(GraphError::permission(10, "(#10) Application does not have permission for this action"));
    }
    if !sees(meta, person, id) {
        return Err(GraphError::no_object(id, "get"));
    }
    fields::project(&object(meta, &account), &call.fields("id")?, &ACCOUNT)
}

/// Whether the person's tokens reach the account.
pub(super) fn sees(meta: &Meta<'_>, person: &str, id: &str) -> bool {
    meta.allows(person, "instagram_basic")
        && meta.state.grants.get(person).is_some_and(|grant| grant.instagrams.contains(id))
}

pub(super) fn object(meta: &Meta<'_>, account: &Instagram) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    put("id", json!(account.id));
    put("ig_id", json!(account.id));
    put("username", json!(account.username));
    put("name", json!(account.name));
    put("profile_picture_url", json!(picture::url(&meta.config.public_url, &account.id)));
    put("has_profile_pic", json!(true));
    put("is_published", json!(true));
    put("followers_count", json!(1_284));
    put("follows_count", json!(197));
    put("media_count", json!(342));
    object
}
