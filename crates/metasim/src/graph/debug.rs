//! `debug_token`: what Meta says about a token.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::GraphCall;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::{Token, TokenKind, Viewer};

/// The name under which people see the app.
pub(crate) const APPLICATION: &str = "Renova";

pub(super) fn debug_token(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    if call.method != Method::GET {
        return Err(call.wrong_method());
    }
    let not_allowed = || {
        GraphError::new(
            100,
            "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app",
        )
    };
    let caller = call.params.access_token().ok_or_else(not_allowed)?;
    let Some(input) = call.params.filled("input_token") else {
        return Err(GraphError::new(100, "(#100) The parameter input_token is required."));
    };
    // A token may look at itself; some clients do it that way.
    if meta.viewer(caller)? != Viewer::App && caller != input {
        return Err(not_allowed());
    }
    let mut data = describe(meta, input);
    if let Some(fields) = call.params.filled("fields") {
        let wanted = crate::fields::parse(fields)?;
        data.retain(|name, _| crate::fields::wants(&wanted, name));
    }
    Ok(json!({ "data": data }))
}

fn describe(meta: &Meta<'_>, input: &str) -> Map<String, Value> {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| {
        data.insert(name.to_owned(), value);
    };
    if input == meta.app_token() {
        put("app_id", json!(meta.config.app_id));
        put("type", json!("APP"));
        put("application", json!(APPLICATION));
        put("is_valid", json!(true));
        put("scopes", json!([]));
        return data;
    }
    let problem = meta.viewer(input).err();
    let mut scopes = Vec::new();
    if let Some(token) = meta.state.tokens.get(input) {
        put("app_id", json!(meta.config.app_id));
        put(
            "type",
            json!(match token.kind {
                TokenKind::User => "USER",
                TokenKind::Page => "PAGE",
                TokenKind::SystemUser => "SYSTEM_USER",
            }),
        );
        put("application", json!(APPLICATION));
        put("data_access_expires_at", json!(meta.data_access_expires_at(&token.person)));
        put("expires_at", json!(token.expires_at));
        // Short-lived tokens lack it in the recordings.
        if token.long_lived {
            put("issued_at", json!(token.issued_at));
        }
        if let Some(page) = &token.page {
            put("profile_id", json!(page));
        }
        put("user_id", json!(token.person));
        if token.invalid_subcode != Some(466) {
            scopes = meta.granted_of(&token.person);
        }
        if problem.is_none() {
            put("granular_scopes", granular(meta, token, &scopes));
        }
    }
    put("is_valid", json!(problem.is_none()));
    put("scopes", json!(scopes));
    if let Some(problem) = problem {
        let mut error = Map::new();
        error.insert("code".to_owned(), json!(problem.code));
        error.insert("message".to_owned(), json!(problem.message));
        if let Some(subcode) = problem.subcode {
            error.insert("subcode".to_owned(), json!(subcode));
        }
        put("error", Value::Object(error));
    }
    data
}

/// Which accounts each permission reaches; none named where all are.
fn granular(meta: &Meta<'_>, token: &Token, scopes: &[&str]) -> Value {
    let Some(grant) = meta.state.grants.get(&token.person) else {
        return json!([]);
    };
    scopes
        .iter()
        .filter_map(|scope| {
            if scope.starts_with("pages_") {
                Some(json!({"scope": scope, "target_ids": grant.pages}))
            } else if scope.starts_with("instagram_") {
                Some(json!({"scope": scope, "target_ids": grant.instagrams}))
            } else if *scope == "business_management" {
                Some(json!({ "scope": scope }))
            } else {
                None
            }
        })
        .collect()
}
