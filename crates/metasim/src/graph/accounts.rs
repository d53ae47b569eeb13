//! `/me/accounts`: the Pages that a person granted, with their tokens.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};
use url::form_urlencoded;

use super::{GraphCall, pages};
use crate::fields;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

const DEFAULT_LIMIT: usize = 25;
const LARGEST_LIMIT: usize = 100;

const DEFAULT_FIELDS: &str = "access_token,category,category_list,name,id,tasks";

pub(super) fn list(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, person: &str) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    match viewer {
        Viewer::Person { person: viewing, .. } if viewing == person => {}
        Viewer::App => {
            return Err(GraphError::new(102, "A user access token is required to request this resource."));
        }
        _ => return Err(GraphError::no_object(person, "get")),
    }
    let wanted = call.fields(DEFAULT_FIELDS)?;
    let limit = match call.params.filled("limit") {
        None => DEFAULT_LIMIT,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => limit.min(LARGEST_LIMIT),
            _ => {
                return Err(GraphError::new(100, "(#100) Param limit must be an integer greater than 0"));
            }
        },
    };

    // Without the permission Meta's list is empty rather than refused.
    let ids: Vec<String> = if meta.allows(person, "pages_show_list") {
        let granted = meta.state.grants.get(person).map(|grant| &grant.pages);
        meta.state
            .world
            .pages_of(person)
            .map(|page| page.id.clone())
            .filter(|id| granted.is_some_and(|granted| granted.contains(id)))
            .collect()
    } else {
        Vec::new()
    };

    let (start, end) = match (call.params.filled("after"), call.params.filled("before")) {
        (Some(cursor), _) => {
            let start = position(&ids, cursor)? + 1;
            (start, (start + limit).min(ids.len()))
        }
        (None, Some(cursor)) => {
            let end = position(&ids, cursor)?;
            (end.saturating_sub(limit), end)
        }
        (None, None) => (0, limit.min(ids.len())),
    };
    let shown = &ids[start..end];

    let mut data = Vec::new();
    for id in shown {
        let object = pages::object(meta, viewer, id, &wanted);
        data.push(fields::project(&object, &wanted, &pages::PAGE)?);
    }
    let mut body = Map::new();
    body.insert("data".to_owned(), json!(data));
    if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
        let (before, after) = (STANDARD.encode(first), STANDARD.encode(last));
        let mut paging = Map::new();
        if start > 0 {
            let link = link(call, person, limit, "before", &before);
            paging.insert("previous".to_owned(), json!(link));
        }
        if end < ids.len() {
            let link = link(call, person, limit, "after", &after);
            paging.insert("next".to_owned(), json!(link));
        }
        paging.insert("cursors".to_owned(), json!({"before": before, "after": after}));
        body.insert("paging".to_owned(), json!(paging));
    }
    if call.params.flag("summary") || call.params.get("summary") == Some("total_count") {
        body.insert("summary".to_owned(), json!({"total_count": ids.len()}));
    }
    Ok(json!(body))
}

/// In the recordings a cursor is the base64 of an item's id.
fn position(ids: &[String], cursor: &str) -> Result<usize, GraphError> {
    STANDARD
        .decode(cursor)
        .ok()
        .and_then(|id| ids.iter().position(|known| known.as_bytes() == id))
        .ok_or_else(|| GraphError::new(100, "(#100) Invalid cursors values"))
}

/// As recorded: the token is part of the link.
fn link(call: &GraphCall<'_>, person: &str, limit: usize, side: &str, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("access_token", call.params.access_token().unwrap_or(""));
    query.append_pair("pretty", "0");
    if let Some(fields) = call.params.filled("fields") {
        query.append_pair("fields", fields);
    }
    if call.params.flag("summary") {
        query.append_pair("summary", "1");
    }
    query.append_pair("limit", &limit.to_string());
    query.append_pair(side, cursor);
    format!("{}/{}/{person}/accounts?{}", call.base, call.version(), query.finish())
}
