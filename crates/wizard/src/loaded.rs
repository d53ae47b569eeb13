//! What is read once, before there is anything to show.

use leptos::prelude::*;

#[cfg(feature = "csr")]
use crate::html::redrawn;
use crate::{html::el, model::UiError, transport::Pending};

/// Shows `waiting`, then what `show` makes of the answer.
///
/// Where a server renders, the answer is part of the first HTML.
#[cfg(not(feature = "csr"))]
pub(crate) fn loaded<T>(
    read: impl Fn() -> Pending<T> + Send + Sync + 'static,
    waiting: fn(&'static str) -> AnyView,
    words: &'static str,
    show: impl Fn(Result<T, UiError>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let loaded = Resource::new_blocking(|| (), move |()| read());
    view! {
        <Suspense fallback=move || waiting(words)>
            {move || {
                let show = show.clone();
                Suspend::new(async move { show(loaded.await) })
            }}
        </Suspense>
    }
    .into_any()
}

/// The same in the browser alone, where resources and suspense would be half of what travels.
#[cfg(feature = "csr")]
pub(crate) fn loaded<T: Send + Sync + 'static>(
    read: impl Fn() -> Pending<T> + 'static,
    waiting: fn(&'static str) -> AnyView,
    words: &'static str,
    show: impl Fn(Result<T, UiError>) -> AnyView + Send + 'static,
) -> AnyView {
    // Of one type, whatever is read: each type of a signal has code of its own.
    let shown = RwSignal::new_local(Some(waiting(words)));
    let owner = Owner::current().unwrap_or_default();
    let pending = read();
    leptos::task::spawn_local(async move {
        let outcome = pending.await;
        // Its view may be gone by now.
        if !shown.is_disposed() {
            shown.set(Some(owner.with(|| show(outcome))));
        }
    });
    redrawn(move || {
        shown.track();
        shown.try_update_untracked(Option::take).flatten()
    })
}

/// What is said meanwhile.
pub(crate) fn skeleton(words: &'static str) -> AnyView {
    el("p").class("skeleton").attr("role", "status").child(words).view()
}
