//! *Finalizar* acts once it has been in sight for half a second: a click that was meant for what stood
//! there before, or that a page has caught by moving its frame, does nothing.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

const FINISH: &str = "[data-state=proved] .is-primary";
/// The button's own property: since when it is in sight, on the page's clock of events.
const SINCE: &str = "inSightSince";
const LONG_ENOUGH_MS: f64 = 500.0;

/// Guards the button for as long as the page lives. Answers what to call when it may have come.
pub(crate) fn guard() -> Option<impl Fn() + Clone + 'static> {
    let see = Closure::<dyn Fn(Array)>::new(|entries: Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let since = if entry.is_intersecting() { entry.time().into() } else { JsValue::NULL };
            Reflect::set(&entry.target(), &SINCE.into(), &since).ok();
        }
    });
    let how = IntersectionObserverInit::new();
    how.set_threshold(&0.5.into());
    let eye = IntersectionObserver::new_with_options(see.as_ref().unchecked_ref(), &how).ok()?;
    see.forget();

    let watched = eye.clone();
    let stop = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let pressed = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some(button) = pressed.and_then(|it| it.closest(FINISH).ok().flatten()) else { return };
        let since = Reflect::get(&button, &SINCE.into()).ok().and_then(|it| it.as_f64());
        if since.is_none_or(|since| event.time_stamp() - since < LONG_ENOUGH_MS) {
            event.prevent_default();
            // It may have been drawn anew.
            watched.observe(&button);
        }
    });
    document().add_event_listener_with_callback("click", stop.as_ref().unchecked_ref()).ok();
    stop.forget();

    // Once it is drawn.
    Some(move || {
        let eye = eye.clone();
        request_animation_frame(move || {
            if let Some(button) = document().query_selector(FINISH).ok().flatten() {
                eye.observe(&button);
            }
        });
    })
}
