//! How this product words its errors: `IGApiException` and never a subcode on
//! the Graph host, three flat fields on the host of the code exchange.

use serde_json::{Value, json};

use crate::graph::GraphCall;
use crate::reply::GraphError;

/// An error of the API itself; 190 and the like stay `OAuthException`.
pub(super) fn api_error(code: u32, message: impl Into<String>) -> GraphError {
    GraphError { kind: "IGApiException", ..GraphError::new(code, message) }
}

/// The token is no good. Nothing says why but the text.
pub(super) fn dead(text: &str) -> GraphError {
    GraphError::token(format!("Error validating access token: {text}"), None)
}

pub(super) fn no_permission() -> GraphError {
    api_error(10, "Application does not have permission for this action")
}

pub(super) fn unsupported(call: &GraphCall<'_>) -> GraphError {
    api_error(100, format!("Unsupported request - method type: {}", call.method.as_str().to_ascii_lowercase()))
}

/// Errors of parts that are shared with the Graph host, such as the reading of `fields`.
pub(super) fn in_product_form(mut error: GraphError) -> GraphError {
    error.subcode = None;
    let shared = error.message.strip_prefix("(#100) ").map(str::to_owned);
    if shared.is_some() || error.code == 2500 {
        error.kind = "IGApiException";
    }
    if let Some(message) = shared {
        error.message = message;
    }
    error
}

/// `{"error_type":…,"code":400,"error_message":…}`
pub(super) fn without_frame(body: &mut Value) {
    let Some(error) = body.get("error").filter(|error| error.is_object()) else {
        return;
    };
    let code = error["code"].as_u64().filter(|code| (400..600).contains(code)).unwrap_or(400);
    *body = json!({"error_type": error["type"], "code": code, "error_message": error["message"]});
}
