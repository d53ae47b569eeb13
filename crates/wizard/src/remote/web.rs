//! `fetch`, as far as it is needed.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCredentials, RequestInit, Response, UrlSearchParams};

use crate::model::UiError;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json";

/// What came back, whatever it says.
pub(super) struct Answer {
    pub status: u16,
    /// JSON, as the browser has read it; `undefined` where it is none.
    pub value: JsValue,
}

impl Answer {
    pub const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// A body of form fields.
pub(super) fn form(fields: &[(&'static str, String)]) -> String {
    let Ok(form) = UrlSearchParams::new() else { return String::new() };
    for (name, value) in fields {
        form.append(name, value);
    }
    form.to_string().into()
}

/// Posts without any cookie. Fails with `offline` where nothing came back.
pub(super) async fn post(address: &str, body: &str, kind: &str, bearer: Option<&str>) -> Result<Answer, UiError> {
    try_post(address, body, kind, bearer).await.map_err(|_| UiError::of("offline"))
}

async fn try_post(address: &str, body: &str, kind: &str, bearer: Option<&str>) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", JSON)?;
    headers.set("content-type", kind)?;
    if let Some(bearer) = bearer {
        headers.set("authorization", &["Bearer ", bearer].concat())?;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_credentials(RequestCredentials::Omit);
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(body));
    let response = JsFuture::from(window().fetch_with_str_and_init(address, &request)).await?;
    let response: Response = response.dyn_into()?;
    let value = JsFuture::from(response.json()?).await.unwrap_or(JsValue::UNDEFINED);
    Ok(Answer { status: response.status(), value })
}
