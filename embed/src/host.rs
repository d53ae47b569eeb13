//! The page around the frame: what it is told, and what it says. Every message goes to its exact
//! origin, and none is taken from anybody else.

use std::{cell::RefCell, sync::Arc};

use js_sys::{Object, Promise, Reflect};
use leptos::{
    ev,
    prelude::{WindowListenerHandle, document, window, window_event_listener},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Window};
use wizard::{Locale, Pending, UiError, remote::SessionToken};

/// Marks what is ours among a page's messages.
const SOURCE: &str = "renova";

/// What the host is told.
pub(crate) enum Said<'a> {
    /// The session is open and the first screen is there.
    Ready,
    Height {
        px: i32,
    },
    Step {
        step: u8,
        state: &'static str,
    },
    Finished {
        connection_id: Option<&'a str>,
    },
    Closed,
    Failed {
        code: &'a str,
    },
    Counts {
        total: usize,
        action_required: usize,
    },
    Renew {
        connection_id: Option<&'a str>,
    },
}

/// What the host may change while the frame is there.
pub(crate) struct Update {
    pub locale: Option<Locale>,
    pub theme: Option<String>,
    /// Custom properties by name.
    pub appearance: Option<Object>,
}

type OnUpdate = Box<dyn Fn(Update)>;

#[derive(Clone)]
pub(crate) struct Host {
    shared: Arc<SendWrapper<Shared>>,
}

struct Shared {
    origin: String,
    parent: Window,
    /// Who waits for a session: the ends of promises.
    waiting: RefCell<Vec<js_sys::Function>>,
    on_update: RefCell<Option<OnUpdate>>,
    /// A session has been asked for before.
    greeted: RefCell<bool>,
    /// What has failed and is not well again: told once.
    failing: RefCell<String>,
    _ear: RefCell<Option<WindowListenerHandle>>,
}

impl Host {
    /// `None` where this page stands in no frame.
    pub fn of(origin: String) -> Option<Self> {
        let parent = window().parent().ok()?.filter(|parent| *parent != window())?;
        let shared = Shared {
            origin,
            parent,
            waiting: RefCell::new(Vec::new()),
            on_update: RefCell::new(None),
            greeted: RefCell::new(false),
            failing: RefCell::default(),
            _ear: RefCell::new(None),
        };
        let host = Self { shared: Arc::new(SendWrapper::new(shared)) };
        let ear = host.clone();
        let listener = window_event_listener(ev::message, move |event| ear.hear(&event));
        host.shared._ear.replace(Some(listener));
        Some(host)
    }

    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// Takes what the host changes.
    pub fn on_update(&self, act: impl Fn(Update) + 'static) {
        self.shared.on_update.replace(Some(Box::new(act)));
    }

    /// Asks the host for a session token: by `hello` at first, by `session` when one has run out.
    pub fn session(&self) -> Pending<SessionToken> {
        let first = !self.shared.greeted.replace(true);
        let promise = Promise::new(&mut |resolve, _| self.shared.waiting.borrow_mut().push(resolve));
        self.post(if first { "hello" } else { "session" }, &[]);
        Box::pin(SendWrapper::new(async move {
            let token = JsFuture::from(promise).await.ok().and_then(|token| token.as_string());
            let token = token.ok_or_else(|| UiError::of("session_over"))?;
            Ok(SessionToken { token, embed_id: embed_id() })
        }))
    }

    pub fn say(&self, said: Said<'_>) {
        let number = |number: usize| JsValue::from_f64(number as f64);
        let text = |text: Option<&str>| text.map_or(JsValue::NULL, JsValue::from_str);
        match said {
            Said::Ready => self.post("ready", &[]),
            Said::Height { px } => self.post("height", &[("px", px.into())]),
            Said::Step { step, state } => self.post("step", &[("step", step.into()), ("state", state.into())]),
            Said::Finished { connection_id } => self.post("finished", &[("connection_id", text(connection_id))]),
            Said::Closed => self.post("closed", &[]),
            Said::Failed { code } => {
                if self.shared.failing.replace(code.to_owned()) != code {
                    self.post("failed", &[("code", code.into())]);
                }
            }
            Said::Counts { total, action_required } => {
                self.post("counts", &[("total", number(total)), ("action_required", number(action_required))]);
            }
            Said::Renew { connection_id } => self.post("renew", &[("connection_id", text(connection_id))]),
        }
    }

    /// Something has been read, or a session opened: what fails from now on is told anew.
    pub fn is_well(&self) {
        self.shared.failing.take();
    }

    fn post(&self, kind: &str, fields: &[(&str, JsValue)]) {
        let message = Object::new();
        let source = [("source", SOURCE.into()), ("type", kind.into())];
        for (name, value) in source.iter().chain(fields) {
            Reflect::set(&message, &(*name).into(), value).ok();
        }
        self.shared.parent.post_message(&message, &self.shared.origin).ok();
    }

    fn hear(&self, event: &MessageEvent) {
        let is_parent =
            event.source().is_some_and(|source| JsValue::from(source) == JsValue::from(self.shared.parent.clone()));
        if event.origin() != self.shared.origin || !is_parent {
            return;
        }
        let data = event.data();
        if text(&data, "source").as_deref() != Some(SOURCE) {
            return;
        }
        match text(&data, "type").as_deref() {
            Some("session") => self.take_session(text(&data, "token")),
            Some("update") => self.take_update(&data),
            _ => {}
        }
    }

    /// All who wait get it: they ask at the same moment. Without a token they are told so.
    fn take_session(&self, token: Option<String>) {
        let token = token.map_or(JsValue::NULL, |token| token.into());
        for resolve in self.shared.waiting.take() {
            resolve.call1(&JsValue::NULL, &token).ok();
        }
    }

    fn take_update(&self, data: &JsValue) {
        let appearance = Reflect::get(data, &"appearance".into()).ok().and_then(|it| it.dyn_into::<Object>().ok());
        let update = Update {
            locale: text(data, "locale").as_deref().and_then(Locale::parse),
            theme: text(data, "theme"),
            appearance,
        };
        if let Some(act) = &*self.shared.on_update.borrow() {
            act(update);
        }
    }
}

fn embed_id() -> String {
    document().body().and_then(|body| body.dataset().get("embedId")).unwrap_or_default()
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    Reflect::get(value, &name.into()).ok()?.as_string()
}
