//! `debug_token`: what Meta says about a token.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::GraphCall;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::{FOREIGN_APP, FOREIGN_TOKEN, Token, TokenKind, Viewer};

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
    if input == FOREIGN_TOKEN {
        let message = "(#100) The App_id in the input_token did not match the Viewing App";
        put("app_id", json!(FOREIGN_APP));
        put("error", json!({"code": 100, "message": message}));
        put("is_valid", json!(false));
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
    let omits_all = meta.state.settings.granular_scopes_without_targets;
    let own: Vec<_> = meta.state.world.pages_of(&token.person).collect();
    let all_pages = own.iter().all(|page| grant.pages.contains(&page.id));
    let all_instagrams =
        own.iter().filter_map(|page| page.instagram.as_ref()).all(|account| grant.instagrams.contains(&account.id));
    let entry = |scope: &str, ids: &BTreeSet<String>, is_all: bool| {
        if omits_all && is_all { json!({ "scope": scope }) } else { json!({"scope": scope, "target_ids": ids}) }
    };
    scopes
        .iter()
        .filter_map(|scope| {
            if scope.starts_with("pages_") {
                Some(entry(scope, &grant.pages, all_pages))
            } else if scope.starts_with("instagram_") {
                Some(entry(scope, &grant.instagrams, all_instagrams))
            } else if *scope == "business_management" {
                Some(json!({ "scope": scope }))
            } else {
                None
            }
        })
        .collect()
}
