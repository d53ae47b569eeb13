//! The three token calls: code → short token, short → long, long → longer.

use axum::http::Method;
use serde_json::{Value, json};

use super::reply::{api_error, no_permission, unsupported};
use super::state::scoped_id;
use super::tokens::REFRESHABLE_AFTER;
use super::{BASIC, PERMISSIONS};
use crate::graph::GraphCall;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;

/// `POST /oauth/access_token` on the API host. The answer is flat unless the
/// settings ask for the documented `{"data":[…]}`.
pub(super) fn from_code(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let refuse = |message: &str| Err(GraphError::new(400, message));
    if call.method != Method::POST {
        return Err(GraphError { status: 405, ..GraphError::new(405, "Method not allowed") });
    }
    let params = call.params;
    if params.filled("client_id") != Some(&meta.config.instagram_app_id) {
        return refuse("Invalid platform app");
    }
    if params.filled("client_secret") != Some(&meta.config.instagram_app_secret) {
        return refuse("Error validating client secret.");
    }
    if params.filled("grant_type") != Some("authorization_code") {
        return refuse("Invalid grant_type: must be authorization_code");
    }
    let Some(redirect_uri) = params.filled("redirect_uri") else {
        return refuse("Missing required field redirect_uri");
    };
    let Some(text) = params.filled("code") else {
        return refuse("Missing required field code");
    };
    let now = meta.now;
    let code = meta.state.instagram.codes.get_mut(text).filter(|code| !code.used && !code.has_expired(now));
    let Some(code) = code else {
        return refuse("Matching code was not found or was already used");
    };
    if code.redirect_uri != redirect_uri {
        return refuse(
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
        );
    }
    code.used = true;
    let account = code.account.clone();
    meta.state.changed = true;
    // The owner may have removed the app while the code was on its way.
    let Some(grant) = meta.state.instagram.grants.get(&account) else {
        return refuse("Matching code was not found or was already used");
    };
    let permissions: Vec<&str> =
        PERMISSIONS.into_iter().filter(|permission| grant.granted.contains(*permission)).collect();
    let token = meta.issue_short_instagram_token(&account);
    let user = scoped_id(&account);
    Ok(if meta.state.settings.instagram_answers_in_data {
        json!({"data": [{"access_token": token, "user_id": user, "permissions": permissions.join(",")}]})
    } else {
        json!({"access_token": token, "user_id": user, "permissions": permissions})
    })
}

/// `GET /access_token?grant_type=ig_exchange_token`
pub(super) fn exchange(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let text = token_of(call, "ig_exchange_token")?;
    if call.params.filled("client_secret") != Some(&meta.config.instagram_app_secret) {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    let token = meta.live_instagram_token(text)?;
    if token.long_lived {
        return Err(unsupported(call));
    }
    let long = meta.issue_long_instagram_token(&token.account, meta.now);
    Ok(bearer(meta, &long))
}

/// `GET /refresh_access_token?grant_type=ig_refresh_token`: no secret and no
/// person is needed, but a token that has ended stays dead.
pub(super) fn refresh(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let text = token_of(call, "ig_refresh_token")?;
    let token = meta.live_instagram_token(text)?;
    if !meta.instagram_allows(&token.account, BASIC) {
        return Err(no_permission());
    }
    if !token.long_lived {
        return Err(GraphError::new(100, "Only long-lived access tokens can be refreshed."));
    }
    if meta.now < token.issued_at + REFRESHABLE_AFTER {
        return Err(GraphError::new(100, "The access token must be at least 24 hours old to be refreshed."));
    }
    let new = meta.issue_long_instagram_token(&token.account, meta.now);
    Ok(bearer(meta, &new))
}

fn token_of<'a>(call: &'a GraphCall<'_>, grant_type: &str) -> Result<&'a str, GraphError> {
    if call.method != Method::GET {
        return Err(unsupported(call));
    }
    match call.params.filled("grant_type") {
        None => return Err(api_error(100, "The parameter grant_type is required")),
        Some(given) if given != grant_type => {
            return Err(api_error(100, format!("Invalid grant_type: {given}. It must be {grant_type}")));
        }
        Some(_) => {}
    }
    call.params.access_token().ok_or_else(|| api_error(100, "The parameter access_token is required"))
}

fn bearer(meta: &Meta<'_>, text: &str) -> Value {
    let expires_at = meta.state.instagram.tokens.get(text).map_or(0, |token| token.expires_at);
    json!({"access_token": text, "token_type": "bearer", "expires_in": expires_at - meta.now})
}
