//! The token endpoint: code → user token, short → long, app token.

use axum::http::Method;
use serde_json::{Value, json};
use url::Url;

use super::GraphCall;
use crate::params::Params;
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::TokenKind;

pub(super) fn access_token(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    if call.method != Method::GET && call.method != Method::POST {
        return Err(call.wrong_method());
    }
    let params = call.params;
    check_app(meta, params)?;
    match params.filled("grant_type") {
        Some("fb_exchange_token") => exchange(meta, params),
        Some("client_credentials") => Ok(json!({
            "access_token": meta.app_token(),
            "token_type": "bearer",
        })),
        None | Some("authorization_code") => from_code(meta, params),
        Some(other) => Err(GraphError::new(100, format!("(#100) Unsupported grant_type: {other}"))),
    }
}

fn check_app(meta: &Meta<'_>, params: &Params) -> Result<(), GraphError> {
    let basic = params.basic.as_ref();
    let id = params.filled("client_id").or(basic.map(|(id, _)| id.as_str()));
    let secret = params.filled("client_secret").or(basic.map(|(_, secret)| secret.as_str()));
    match id {
        None => Err(GraphError::new(101, "Missing client_id parameter.")),
        Some(id) if id != meta.config.app_id => {
            Err(GraphError::new(101, "Error validating application. Invalid application ID."))
        }
        Some(_) => match secret {
            None => Err(GraphError::new(1, "Missing client_secret parameter.")),
            Some(secret) if secret != meta.config.app_secret => {
                Err(GraphError::new(1, "Error validating client secret."))
            }
            Some(_) => Ok(()),
        },
    }
}

fn from_code(meta: &mut Meta<'_>, params: &Params) -> Answer {
    let Some(text) = params.filled("code") else {
        return Err(GraphError::new(100, "Missing authorization code"));
    };
    let Some(redirect_uri) = params.filled("redirect_uri") else {
        return Err(GraphError::new(191, "Missing redirect_uri parameter."));
    };
    if Url::parse(redirect_uri).is_err() {
        return Err(GraphError::new(191, "redirect_uri isn't an absolute URI. Check RFC 3986."));
    }
    let now = meta.now;
    let Some(code) = meta.state.codes.get_mut(text) else {
        return Err(GraphError::code("Invalid verification code format.", None));
    };
    if code.used {
        return Err(GraphError::code("This authorization code has been used.", Some(36009)));
    }
    if code.has_expired(now) {
        return Err(GraphError::code("This authorization code has expired.", Some(36007)));
    }
    if code.redirect_uri != redirect_uri {
        return Err(GraphError::code(
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
            Some(36008),
        ));
    }
    code.used = true;
    let person = code.person.clone();
    meta.state.changed = true;
    let token = match meta.state.world.business_of_system_user(&person) {
        Some(_) => meta.issue_system_user_token(&person),
        None => meta.issue_short_token(&person),
    };
    // The person may have removed the app while the code was on its way.
    if let Err(error) = meta.live_token(&token) {
        meta.state.tokens.remove(&token);
        return Err(error);
    }
    Ok(bearer(meta, &token))
}

fn exchange(meta: &mut Meta<'_>, params: &Params) -> Answer {
    let Some(text) = params.filled("fb_exchange_token") else {
        return Err(GraphError::new(100, "(#100) Missing fb_exchange_token parameter"));
    };
    let token = meta.live_token(text)?;
    let person = match token.kind {
        TokenKind::User => token.person.clone(),
        // It has no end, so there is nothing to extend.
        TokenKind::SystemUser => return Ok(bearer(meta, text)),
        TokenKind::Page => {
            return Err(GraphError::token("Invalid OAuth access token - a user access token is required", None));
        }
    };
    // Without the person there is no extension: a long-lived token comes back
    // as it is, with what is left of its 60 days.
    let long = if token.long_lived { text.to_owned() } else { meta.issue_long_token(&person, meta.now) };
    Ok(bearer(meta, &long))
}

fn bearer(meta: &Meta<'_>, text: &str) -> Value {
    let mut body = json!({ "access_token": text, "token_type": "bearer" });
    let expires_at = meta.state.tokens.get(text).map_or(0, |token| token.expires_at);
    if expires_at != 0 {
        body["expires_in"] = json!(expires_at - meta.now);
    }
    body
}
