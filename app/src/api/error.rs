//! The one error that crosses to the browser.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use wizard::UiError;

/// `{code, message, request_id}`: never the text of a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub UiError);

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// What did not come from our own functions: an unreachable server, an answer that is not ours.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Request(_) => "offline",
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => "invalid",
            _ => "unexpected_answer",
        };
        Self(UiError { code: code.to_owned(), message: String::new(), request_id: String::new() })
    }
}

impl From<ApiError> for UiError {
    fn from(error: ApiError) -> Self {
        error.0
    }
}
