//! Keeping a view fresh in the browser: by the clock, when the page is shown again, and when
//! another window of the same browser says that something happened.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent, VisibilityState};

/// The name that all of Renova's windows share.
const CHANNEL: &str = "renova";

/// Calls `every_second`, and `read` whenever `due` says so for the seconds since the last time.
///
/// Does nothing on the server. Ends with the reactive owner that it was called under.
pub(crate) fn keep_fresh(
    due: impl Fn(u32) -> bool + 'static,
    every_second: impl Fn() + 'static,
    read: impl Fn() + 'static,
) {
    let calls = Rc::new((due, every_second, read));
    Effect::new(move || {
        let passed = Rc::new(Cell::new(0_u32));
        let wake = {
            let (calls, passed) = (Rc::clone(&calls), Rc::clone(&passed));
            Rc::new(move || {
                if is_visible() {
                    passed.set(0);
                    (calls.2)();
                }
            })
        };
        let tick = {
            let (calls, wake) = (Rc::clone(&calls), Rc::clone(&wake));
            move || {
                (calls.1)();
                passed.set(passed.get().saturating_add(1));
                if (calls.0)(passed.get()) {
                    wake();
                }
            }
        };
        StoredValue::new_local(Interval::new(1_000, tick));
        StoredValue::new_local(Ear::new(Rc::clone(&wake)));
        for event in ["visibilitychange", "pageshow"] {
            let wake = Rc::clone(&wake);
            let listener = window_event_listener_untyped(event, move |_| wake());
            on_cleanup(move || listener.remove());
        }
    });
}

/// Calls `act` once, after `ms`. Its view may be gone by then.
pub(crate) fn after(ms: u32, act: impl FnOnce() + 'static) {
    Timeout::new(ms, act).forget();
}

/// Tells the browser's other windows to read again.
pub(crate) fn tell_others() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        // The others also read by the clock: a message that is lost costs seconds.
        channel.post_message(&JsValue::TRUE).ok();
        channel.close();
    }
}

/// The browser's present in epoch milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "a countdown ticks by the reader's own clock; what is true comes from the server"
)]
pub(crate) fn browser_now() -> i64 {
    js_sys::Date::now() as i64
}

/// Opens Meta's log-in inside a click; `false` where the browser refused.
pub(crate) fn open_login(href: &str) -> bool {
    let joint = if href.contains('?') { "&" } else { "?" };
    let href = [href, joint, "in=popup"].concat();
    let opened = window().open_with_url_and_target_and_features(&href, "renova_login", "popup,width=640,height=760");
    match opened {
        Ok(Some(login)) => {
            // A window opened before may lie behind this one.
            login.focus().ok();
            true
        }
        _ => false,
    }
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Listens to the other windows until it is dropped.
struct Ear {
    channel: Option<BroadcastChannel>,
    _hear: Closure<dyn Fn(MessageEvent)>,
}

impl Ear {
    fn new(wake: Rc<impl Fn() + 'static>) -> Self {
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |_| wake());
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        }
        Self { channel, _hear: hear }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}
