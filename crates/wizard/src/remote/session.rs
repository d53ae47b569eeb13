//! The session: one bearer for all calls, redeemed by the first that needs it.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use js_sys::{JSON, Promise};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::{OpenedSession, RemoteOptions, SessionToken, read, web};
use crate::{live::browser_now, model::UiError};

/// A session this close to its end is not begun with.
const MARGIN_MS: i64 = 60_000;
/// After a failure the next token is asked for after so long, each time twice as long.
const FIRST_PAUSE_MS: i64 = 2_000;
const LONGEST_PAUSE_MS: i64 = 20_000;

/// Nothing before the first call.
#[derive(Default)]
pub(super) struct Session {
    held: Mutex<Option<Held>>,
    /// In a row.
    failures: AtomicU32,
}

/// A promise of `[bearer, epoch milliseconds of its end]`, so that calls at the same moment share one redemption.
struct Held {
    promise: SendWrapper<Promise>,
    ends_ms: Option<i64>,
    bearer: Option<String>,
}

impl Session {
    /// The bearer of a session with some time left.
    pub async fn bearer(&self, options: &RemoteOptions) -> Result<String, UiError> {
        let promise = self.promise(options);
        match JsFuture::from(promise.clone()).await {
            Ok(opened) => Ok(self.keep(&opened)),
            Err(error) => {
                self.pause(&promise);
                Err(told(&error))
            }
        }
    }

    /// Renova has said that it is over. One that has come since stays.
    pub fn end(&self, bearer: &str) {
        self.change(|held| {
            if held.as_ref().is_some_and(|it| it.bearer.as_deref() == Some(bearer)) {
                *held = None;
            }
        });
    }

    /// The failure is the answer for a while: a page that has lost its session asks again and again.
    fn pause(&self, failed: &Promise) {
        self.change(|held| {
            let ours = |it: &&mut Held| it.ends_ms.is_none() && js_sys::Object::is(&it.promise, failed);
            if let Some(held) = held.as_mut().filter(ours) {
                let failures = self.failures.fetch_add(1, Ordering::Relaxed);
                let pause = (FIRST_PAUSE_MS << failures.min(4)).min(LONGEST_PAUSE_MS);
                held.ends_ms = Some(browser_now() + pause + MARGIN_MS);
            }
        });
    }

    fn promise(&self, options: &RemoteOptions) -> Promise {
        let now = browser_now();
        let mut promise = None;
        self.change(|held| {
            let good = held.as_ref().filter(|it| it.ends_ms.is_none_or(|ends| now < ends - MARGIN_MS));
            promise = Some(match good {
                Some(it) => Promise::clone(&it.promise),
                None => {
                    let fresh = future_to_promise(opened(options.clone()));
                    let promise = SendWrapper::new(fresh.clone());
                    *held = Some(Held { promise, ends_ms: None, bearer: None });
                    fresh
                }
            });
        });
        promise.unwrap_or_else(|| Promise::reject(&JsValue::NULL))
    }

    /// Writes down what the promise has become.
    fn keep(&self, opened: &JsValue) -> String {
        let opened = js_sys::Array::from(opened);
        let bearer = opened.get(0).as_string().unwrap_or_default();
        self.failures.store(0, Ordering::Relaxed);
        self.change(|held| {
            if let Some(held) = held.as_mut().filter(|it| it.bearer.is_none()) {
                held.bearer = Some(bearer.clone());
                held.ends_ms = opened.get(1).as_f64().map(|at| at as i64);
            }
        });
        bearer
    }

    fn change(&self, act: impl FnOnce(&mut Option<Held>)) {
        if let Ok(mut held) = self.held.lock() {
            act(&mut held);
        }
    }
}

/// Fetches a token and redeems it: `[bearer, end]`, or the failure's code.
async fn opened(options: RemoteOptions) -> Result<JsValue, JsValue> {
    let outcome = redeemed(&options).await;
    if let Some(tell) = &options.on_session {
        tell(outcome.as_ref());
    }
    let opened = outcome.map_err(|error| JsValue::from_str(&error.code))?;
    // By what is left of it: the browser's clock may be wrong by hours.
    let end = browser_now() + i64::from(opened.expires_in) * 1_000;
    Ok(js_sys::Array::of2(&JsValue::from_str(&opened.bearer), &JsValue::from_f64(end as f64)).into())
}

async fn redeemed(options: &RemoteOptions) -> Result<OpenedSession, UiError> {
    let SessionToken { token, embed_id } = (options.fetch_session)().await?;
    let body = js_sys::Object::new();
    for (name, value) in [("token", &token), ("origin", &options.origin), ("embed_id", &embed_id)] {
        js_sys::Reflect::set(&body, &name.into(), &JsValue::from_str(value)).ok();
    }
    let body = JSON::stringify(&body).map(String::from).unwrap_or_default();
    let address = [&options.renova, "/embed/api/redeem"].concat();
    read(web::post(&address, &body, web::JSON, None).await?)
}

fn told(error: &JsValue) -> UiError {
    UiError::of(&error.as_string().unwrap_or_else(|| "session_over".to_owned()))
}
