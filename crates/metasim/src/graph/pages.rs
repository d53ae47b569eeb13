//! A Page as the API shows it, to its people's tokens and to its own.

use axum::http::Method;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{GraphCall, instagram};
use crate::fields::{self, Field, NodeKind};
use crate::picture;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

pub(super) const PAGE: NodeKind = NodeKind {
    name: "Page",
    fields: &[
        "access_token",
        "category",
        "category_list",
        "connected_instagram_account",
        "id",
        "instagram_business_account",
        "is_published",
        "link",
        "name",
        "picture",
        "tasks",
    ],
    nodes: &[("instagram_business_account", &instagram::ACCOUNT), ("connected_instagram_account", &instagram::ACCOUNT)],
};

pub(super) fn read(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, page: &str) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    check_sees(meta, call, viewer, page)?;
    let refused = || {
        GraphError::permission(
            10,
            "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages and https://developers.facebook.com/docs/apps/review/feature#reference-PAGES_ACCESS for details.",
        )
    };
    let allowed = match viewer {
        Viewer::App => false,
        Viewer::Page { person, .. } => meta.allows(person, "pages_read_engagement"),
        Viewer::Person { person, .. } => {
            meta.allows(person, "pages_read_engagement") || meta.allows(person, "pages_show_list")
        }
    };
    if !allowed {
        return Err(refused());
    }
    let wanted = call.fields("id,name")?;
    let object = object(meta, viewer, page, &wanted);
    fields::project(&object, &wanted, &PAGE)
}

/// A Page is there for its own token and for people with a role on it, as far
/// as the person granted it to the app.
pub(super) fn check_sees(meta: &Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, page: &str) -> Result<(), GraphError> {
    let sees = match viewer {
        Viewer::App => true,
        Viewer::Page { person, page: own, .. } => own == page && granted(meta, person, page),
        Viewer::Person { person, .. } => {
            granted(meta, person, page) && meta.state.world.tasks_of(person, page).is_some()
        }
    };
    if sees { Ok(()) } else { Err(GraphError::no_object(page, &super::verb(call.method))) }
}

fn granted(meta: &Meta<'_>, person: &str, page: &str) -> bool {
    meta.state.grants.get(person).is_some_and(|grant| grant.pages.contains(page))
}

/// Everything the viewer may know of the Page. A token is only made where it
/// is asked for.
pub(super) fn object(meta: &mut Meta<'_>, viewer: &Viewer, id: &str, wanted: &[Field]) -> Map<String, Value> {
    let mut object = Map::new();
    let Some(page) = meta.state.world.page(id).cloned() else {
        return object;
    };
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    let category_id = category_id(&page.category);
    put("id", json!(page.id));
    put("name", json!(page.name));
    put("category", json!(page.category));
    put("category_list", json!([{"id": category_id, "name": page.category}]));
    put("is_published", json!(true));
    put("link", json!(format!("https://www.facebook.com/{id}")));
    put(
        "picture",
        json!({"data": {"height": 50, "is_silhouette": false, "width": 50,
            "url": picture::url(&meta.config.public_url, id)}}),
    );
    let person = match viewer {
        Viewer::App => return object,
        Viewer::Person { person, .. } | Viewer::Page { person, .. } => person,
    };
    let tasks = meta.state.world.tasks_of(person, id).unwrap_or_default();
    match viewer {
        Viewer::Person { token, .. } => {
            put("tasks", json!(tasks));
            if fields::wants(wanted, "access_token")
                && !page.token_withheld
                && meta.allows(person, "pages_show_list")
                && let Some(token) = meta.page_token(token, id)
            {
                put("access_token", json!(token));
            }
        }
        Viewer::Page { token, .. } => put("access_token", json!(token)),
        Viewer::App => {}
    }
    if let Some(account) = &page.instagram
        && instagram::sees(meta, person, &account.id)
    {
        let account = Value::Object(instagram::object(meta, account));
        put("connected_instagram_account", account.clone());
        put("instagram_business_account", account);
    }
    object
}

/// Stable and of the usual length; Meta's real numbers mean nothing here.
fn category_id(category: &str) -> String {
    let hash = Sha256::digest(category.as_bytes());
    let number = hash.iter().take(4).fold(0_u64, |sum, byte| sum * 256 + u64::from(*byte));
    format!("{}", 100_000_000_000_000 + number)
}
