//! Keeping a view fresh in the browser: when the server says that something happened, by the clock,
//! when the page is shown again, and when another window of the same browser says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, EventSource, MessageEvent, VisibilityState};

/// The name that all of Renova's windows share.
const CHANNEL: &str = "renova";

/// The server's events, once refused, are asked for again after so many seconds.
const FEED_PAUSE_S: u32 = 30;

/// Calls `every_second`, and `read` whenever the server's events at `feed` say so, or `due` does for
/// the seconds since the last time and whether those events arrive.
///
/// Does nothing on the server. Ends with the reactive owner that it was called under.
pub(crate) fn keep_fresh(
    feed: Option<String>,
    due: impl Fn(u32, bool) -> bool + 'static,
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
        let ear = Rc::new(Ear::new(Rc::clone(&wake), feed.clone()));
        let tick = {
            let (calls, wake, ear) = (Rc::clone(&calls), Rc::clone(&wake), Rc::clone(&ear));
            move || {
                (calls.1)();
                ear.attend();
                passed.set(passed.get().saturating_add(1));
                if (calls.0)(passed.get(), ear.hears()) {
                    wake();
                }
            }
        };
        ear.attend();
        StoredValue::new_local(Interval::new(1_000, tick));
        StoredValue::new_local(Rc::clone(&ear));
        for event in ["visibilitychange", "pageshow"] {
            let (wake, ear) = (Rc::clone(&wake), Rc::clone(&ear));
            let listener = window_event_listener_untyped(event, move |_| {
                ear.pause.set(0);
                ear.attend();
                wake();
            });
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

/// Goes to another page.
pub(crate) fn go_to(href: &str) {
    window().location().set_href(href).ok();
}

/// Goes to another page in the whole tab, also out of a frame.
pub(crate) fn go_to_in_tab(href: &str) {
    window().open_with_url_and_target(href, "_top").ok();
}

/// `/connect/{renewal}` for a window of its own.
pub(crate) fn for_popup(href: &str) -> String {
    let joint = if href.contains('?') { "&" } else { "?" };
    [href, joint, "in=popup"].concat()
}

/// Opens Meta's log-in inside a click; `false` where the browser refused, or hides the window that
/// it has opened from a frame.
pub(crate) fn open_login(href: &str) -> bool {
    let opened = window().open_with_url_and_target_and_features(href, "renova_login", "popup,width=640,height=760");
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

/// Listens to the other windows, and to the server while the page is shown, until it is dropped.
struct Ear {
    channel: Option<BroadcastChannel>,
    href: Option<String>,
    events: RefCell<Option<EventSource>>,
    /// Seconds until the server's events are asked for again.
    pause: Cell<u32>,
    hear: Closure<dyn Fn(MessageEvent)>,
}

impl Ear {
    fn new(wake: Rc<impl Fn() + 'static>, href: Option<String>) -> Self {
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |_| wake());
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        }
        Self { channel, href, events: RefCell::new(None), pause: Cell::new(0), hear }
    }

    /// The server's events arrive.
    fn hears(&self) -> bool {
        self.events.borrow().as_ref().is_some_and(|events| events.ready_state() == EventSource::OPEN)
    }

    /// Opens the server's events where the page is shown, closes them where it is not. The browser
    /// itself asks again where they break off, but not where they were refused.
    fn attend(&self) {
        let Some(href) = &self.href else { return };
        let visible = is_visible();
        let mut events = self.events.borrow_mut();
        if let Some(open) = &*events {
            let refused = open.ready_state() == EventSource::CLOSED;
            if refused || !visible {
                open.close();
                *events = None;
                self.pause.set(if refused { FEED_PAUSE_S } else { 0 });
            }
            return;
        }
        let pause = self.pause.get();
        self.pause.set(pause.saturating_sub(1));
        if visible && pause == 0 {
            *events = EventSource::new(href).ok();
            if let Some(open) = &*events {
                open.add_event_listener_with_callback("change", self.hear.as_ref().unchecked_ref()).ok();
            }
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
        if let Some(events) = &*self.events.borrow() {
            events.close();
        }
    }
}
