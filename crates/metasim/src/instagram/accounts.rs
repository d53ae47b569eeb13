//! `/me` and `/{account}`: the professional account itself.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::reply::{api_error, unsupported};
use super::state::scoped_id;
use crate::fields::{self, NodeKind};
use crate::graph::GraphCall;
use crate::picture;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::world::Instagram;

const ACCOUNT: NodeKind = NodeKind {
    name: "IGUser",
    fields: &[
        "account_type",
        "biography",
        "followers_count",
        "follows_count",
        "id",
        "media_count",
        "name",
        "profile_picture_url",
        "user_id",
        "username",
        "website",
    ],
    nodes: &[],
};

pub(super) fn read(meta: &mut Meta<'_>, call: &GraphCall<'_>, node: &str) -> Answer {
    if call.method != Method::GET {
        return Err(unsupported(call));
    }
    let account = own(meta, call, node)?;
    fields::project(&object(meta, &account), &call.fields("id")?, &ACCOUNT)
}

/// A token sees its own account and no other.
pub(super) fn own(meta: &Meta<'_>, call: &GraphCall<'_>, node: &str) -> Result<Instagram, GraphError> {
    let viewer = meta.instagram_viewer(call)?;
    meta.instagram_account(&viewer)
        .filter(|account| node == "me" || node == account.id || node == scoped_id(&account.id))
        .cloned()
        .ok_or_else(|| {
            api_error(
                100,
                format!(
                    "Unsupported {} request. Object with ID '{node}' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
                    call.method.as_str().to_ascii_lowercase()
                ),
            )
        })
}

fn object(meta: &Meta<'_>, account: &Instagram) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    put("id", json!(scoped_id(&account.id)));
    put("user_id", json!(account.id));
    put("username", json!(account.username));
    put("name", json!(account.name));
    put("account_type", json!("BUSINESS"));
    put("profile_picture_url", json!(picture::url(&meta.config.public_url, &account.id)));
    put("followers_count", json!(1_284));
    put("follows_count", json!(197));
    put("media_count", json!(342));
    object
}
