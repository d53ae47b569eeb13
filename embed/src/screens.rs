//! Banner and wizard in the frame, and what the host is told of them.

use leptos::prelude::*;
use lifecycle::RenewalState;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use wizard::{
    Counts, Locale, RemoteTransport, RenewalBanner, RenewalStart, RenewalWizard, StartView, UiError, WizardStep,
    html::redrawn,
};

use crate::{
    guard::guard,
    host::{Host, Said},
    places::{self, Place},
};

/// Another screen has come: its heading takes the focus, so that it is read.
fn focus_heading() {
    request_animation_frame(|| {
        let heading = document().query_selector(".wizard [tabindex='-1']").ok().flatten();
        if let Some(heading) = heading.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            heading.focus().ok();
        }
    });
}

/// The banner; its button is the host's to follow.
pub(crate) fn banner(host: &Host, transport: &RemoteTransport, locale: RwSignal<Option<Locale>>) -> AnyView {
    let told = host.clone();
    places::follow(move |place| {
        let connection_id = match &place {
            Place::Start { connection } => connection.as_deref(),
            // A renewal that only lacks its last click is the first thing that the wizard shows.
            Place::Renewal { .. } | Place::Closed => None,
        };
        told.say(Said::Renew { connection_id });
    });
    let (told, transport) = (host.clone(), transport.clone());
    let on_counts = Callback::new(move |Counts { total, action_required }| {
        told.say(Said::Counts { total, action_required });
    });
    let told = host.clone();
    let on_read = Callback::new(move |()| told.is_well());
    let told = host.clone();
    let on_failure = Callback::new(move |error: UiError| told.say(Said::Failed { code: &error.code }));
    redrawn(move || {
        locale.track();
        view! { <RenewalBanner transport=transport.shared() on_counts on_failure on_read /> }.into_any()
    })
}

/// The first screen, then one renewal.
pub(crate) fn wizard(
    host: &Host,
    transport: &RemoteTransport,
    locale: RwSignal<Option<Locale>>,
    connection: Option<String>,
) -> AnyView {
    let place = RwSignal::new(Place::Start { connection });
    // The first screen leaves the focus where it is.
    let moved = StoredValue::new(false);
    let go = move |to| {
        moved.set_value(true);
        place.set(to);
    };
    let told = host.clone();
    places::follow(move |to| match to {
        Place::Closed => told.say(Said::Closed),
        to => go(to),
    });
    let on_started = Callback::new(move |id| go(Place::Renewal { id }));
    let arrived = move || {
        if moved.get_value() {
            moved.set_value(false);
            focus_heading();
        }
    };
    let told = host.clone();
    let on_view = Callback::new(move |view: StartView| {
        told.is_well();
        match view.resume {
            // Asked for by name, the first screen is shown as it is.
            Some(id) if !moved.get_value() => place.set(Place::Renewal { id }),
            _ => arrived(),
        }
    });
    let told = host.clone();
    let on_failure = Callback::new(move |error: UiError| told.say(Said::Failed { code: &error.code }));
    let told = host.clone();
    let guarded = guard();
    let on_step = Callback::new(move |step: WizardStep| {
        told.is_well();
        arrived();
        if let Some(guarded) = &guarded {
            guarded();
        }
        tell_step(&told, &step);
    });
    let transport = transport.clone();
    redrawn(move || {
        let (transport, words) = (transport.shared(), locale.get().unwrap_or_default());
        match place.get() {
            Place::Renewal { id } => view! {
                <RenewalWizard transport renewal_id=id on_failure on_step on_started locale=words />
            }
            .into_any(),
            Place::Start { connection } => view! {
                <RenewalStart transport connection_id=connection on_started on_view on_failure locale=words />
            }
            .into_any(),
            Place::Closed => ().into_any(),
        }
    })
}

fn tell_step(host: &Host, WizardStep { step, state, connection_id }: &WizardStep) {
    host.say(Said::Step { step: *step, state: state.as_str() });
    if *state == RenewalState::Finished {
        host.say(Said::Finished { connection_id: connection_id.as_deref() });
    }
}
