//! Lists with cursors, the same for every edge.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::GraphCall;
use crate::reply::{Answer, GraphError};

const DEFAULT_LIMIT: usize = 25;
const LARGEST_LIMIT: usize = 100;

/// One page of all the ids of an edge.
pub(super) struct Window<'a> {
    pub shown: &'a [String],
    start: usize,
    end: usize,
    limit: usize,
    all: usize,
}

impl<'a> Window<'a> {
    /// What `limit`, `after` and `before` ask for.
    pub fn of(call: &GraphCall<'_>, ids: &'a [String]) -> Result<Window<'a>, GraphError> {
        if call.method != Method::GET {
            return Err(call.wrong_method());
        }
        let limit = match call.params.filled("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse::<usize>() {
                Ok(limit) if limit > 0 => limit.min(LARGEST_LIMIT),
                _ => {
                    return Err(GraphError::new(100, "(#100) Param limit must be an integer greater than 0"));
                }
            },
        };
        let (start, end) = match (call.params.filled("after"), call.params.filled("before")) {
            (Some(cursor), _) => {
                let start = position(ids, cursor)? + 1;
                (start, (start + limit).min(ids.len()))
            }
            (None, Some(cursor)) => {
                let end = position(ids, cursor)?;
                (end.saturating_sub(limit), end)
            }
            (None, None) => (0, limit.min(ids.len())),
        };
        Ok(Window { shown: &ids[start..end], start, end, limit, all: ids.len() })
    }

    /// The answer, `data` being what is shown. `path` is that of the links, such
    /// as `10160472918365047/accounts`.
    pub fn answer(&self, call: &GraphCall<'_>, path: &str, data: Vec<Value>) -> Answer {
        let mut body = Map::new();
        body.insert("data".to_owned(), json!(data));
        if let (Some(first), Some(last)) = (self.shown.first(), self.shown.last()) {
            let (before, after) = (STANDARD.encode(first), STANDARD.encode(last));
            let mut paging = Map::new();
            if self.start > 0 {
                paging.insert("previous".to_owned(), json!(self.link(call, path, "before", &before)));
            }
            if self.end < self.all {
                paging.insert("next".to_owned(), json!(self.link(call, path, "after", &after)));
            }
            paging.insert("cursors".to_owned(), json!({"before": before, "after": after}));
            body.insert("paging".to_owned(), json!(paging));
        }
        if call.params.flag("summary") || call.params.get("summary") == Some("total_count") {
            body.insert("summary".to_owned(), json!({"total_count": self.all}));
        }
        Ok(json!(body))
    }

    /// As recorded: the token is part of the link.
    fn link(&self, call: &GraphCall<'_>, path: &str, side: &str, cursor: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("access_token", call.params.access_token().unwrap_or(""));
        query.append_pair("pretty", "0");
        if let Some(fields) = call.params.filled("fields") {
            query.append_pair("fields", fields);
        }
        if call.params.flag("summary") {
            query.append_pair("summary", "1");
        }
        query.append_pair("limit", &self.limit.to_string());
        query.append_pair(side, cursor);
        format!("{}/{}/{path}?{}", call.base, call.version(), query.finish())
    }
}

/// In the recordings a cursor is the base64 of an item's id.
fn position(ids: &[String], cursor: &str) -> Result<usize, GraphError> {
    STANDARD
        .decode(cursor)
        .ok()
        .and_then(|id| ids.iter().position(|known| known.as_bytes() == id))
        .ok_or_else(|| GraphError::new(100, "(#100) Invalid cursors values"))
}
