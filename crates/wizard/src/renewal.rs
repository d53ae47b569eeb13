//! The wizard: one renewal, one column, one question and one primary button per step.
//!
//! The server holds the state; the wizard shows it. A new state needs a screen in
//! [`screen::screen`] and, where the page acts by itself, a case in [`Live::go_on_by_itself`].

mod accounts;
mod calls;
mod ending;
mod login;
mod proof;
mod screen;
mod steps;
mod ticks;

use leptos::prelude::*;
use lifecycle::RenewalState;

use crate::{
    html::{Child as _, Element, Place, el, group, redrawn},
    live,
    loaded::{loaded, skeleton},
    model::{Locale, Purpose, RenewalView, UiError, WizardStep},
    parts::{self, FormButton},
    texts::{Texts, fill, texts},
    transport::SharedTransport,
};

/// While something is under way the wizard reads again this often, in seconds.
const QUICK_S: u32 = 1;
/// Otherwise this often.
const CALM_S: u32 = 5;

/// The trip to Meta as this window knows it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Login {
    Idle,
    /// This window opened Meta's.
    Opened,
    /// The browser refused to open it.
    Blocked,
}

/// Leads through one renewal: log-in at Meta, choice of accounts, proof, *Finalizar*.
///
/// Every step is a plain form first. With WebAssembly the same forms act in place, Meta's log-in
/// opens in a window, and the steps that need no answer are taken by themselves.
///
/// # On the server
///
/// The renewal is read while the page is rendered: a reload, a second tab and a phone land on
/// the true step. Use it in a route with `SsrMode::Async`, where the transport's contexts are
/// provided, so that `on_failure` can still set the answer's status. Timers, listeners and the
/// pop-up exist in the browser only.
#[component]
pub fn RenewalWizard(
    /// How to reach the server.
    transport: SharedTransport,
    /// The renewal to show.
    #[prop(into)]
    renewal_id: String,
    /// The code of a form that the server refused (`?error=` of the page).
    #[prop(optional_no_strip)]
    error_code: Option<String>,
    /// Told when the renewal cannot be read, such as to answer 404.
    #[prop(optional)]
    on_failure: Option<Callback<UiError>>,
    /// Told where the wizard stands, at once and whenever that changes.
    #[prop(optional)]
    on_step: Option<Callback<WizardStep>>,
    /// Told the id of the renewal that takes this one over; otherwise the page goes to it.
    #[prop(optional)]
    on_started: Option<Callback<String>>,
    /// The language of what is said before the renewal is known.
    #[prop(optional)]
    locale: Locale,
) -> impl IntoView {
    let words = texts(locale);
    let read = {
        let (transport, id) = (SharedTransport::clone(&transport), renewal_id.clone());
        move || transport.renewal(id.clone())
    };
    loaded(read, skeleton, words.loading, move |answer| match answer {
        Ok(view) => {
            let transport = SharedTransport::clone(&transport);
            let live = Live { on_started, ..Live::new(transport, view, error_code.as_deref()) };
            tell_steps(&live, on_step);
            wizard(live)
        }
        Err(error) => {
            if let Some(tell) = on_failure {
                tell.run(error.clone());
            }
            unreadable(words, &transport, &renewal_id, error)
        }
    })
}

/// The renewal cannot be shown: why, and a way on.
fn unreadable(words: &'static Texts, transport: &SharedTransport, renewal_id: &str, error: UiError) -> AnyView {
    // Reading again what does not exist, or is somebody else's, leads nowhere.
    let way_on = if NOT_THERE.contains(&error.code.as_str()) {
        FormButton::get(&transport.integration_href(None), words.start_over)
    } else {
        FormButton::get(&transport.renewal_href(renewal_id), words.reload)
    };
    frame(words).child(parts::alert(words, error)).child(parts::actions(vec![way_on.primary().view()])).view()
}

/// The code of a call that nobody is signed in for.
const SESSION_OVER: &str = "session_over";
/// The codes of a renewal that is not to be seen here.
const NOT_THERE: [&str; 2] = ["not_found", "forbidden"];

/// The wizard's state in the browser.
#[derive(Clone)]
struct Live {
    transport: SharedTransport,
    words: &'static Texts,
    view: RwSignal<RenewalView>,
    /// It began as a first connection, whatever exists by now.
    connecting: bool,
    /// A call is under way.
    busy: RwSignal<bool>,
    reading: StoredValue<bool>,
    error: RwSignal<Option<UiError>>,
    /// Where the error is told.
    failure: Place,
    login: RwSignal<Login>,
    /// What the log-in's window asks for.
    number: RwSignal<Option<String>>,
    on_started: Option<Callback<String>>,
}

impl Live {
    fn new(transport: SharedTransport, view: RenewalView, error_code: Option<&str>) -> Self {
        let words = texts(view.locale);
        let error = error_code.map(UiError::of);
        Self {
            transport,
            words,
            connecting: view.purpose == Purpose::Connect,
            view: RwSignal::new(view),
            busy: RwSignal::new(false),
            reading: StoredValue::new(false),
            error: RwSignal::new(error),
            failure: Place::new(),
            login: RwSignal::new(Login::Idle),
            number: RwSignal::new(None),
            on_started: None,
        }
    }

    /// Something may change any moment.
    fn is_quick(&self) -> bool {
        let moving = |view: &RenewalView| {
            matches!(
                view.state,
                RenewalState::AwaitingLogin | RenewalState::LoggedIn | RenewalState::Chosen | RenewalState::Proving
            )
        };
        self.login.try_get_untracked() == Some(Login::Opened) || self.view.try_with_untracked(moving) == Some(true)
    }

    /// Another administrator is doing this renewal, and it is still open.
    fn is_foreign(view: &RenewalView) -> bool {
        view.other_owner.is_some() && !view.state.is_over()
    }
}

fn wizard(live: Live) -> AnyView {
    let words = live.words;
    keep_fresh(&live);
    live.go_on_by_itself();

    let heading = Place::new();
    focus_on_change(&live, heading);

    let title = live.view.with_untracked(|view| match &view.purpose {
        Purpose::Connect => words.title_connect.to_owned(),
        Purpose::Renew { connection } => fill(words.title_renew, connection),
    });
    let view = live.view;
    let steps = redrawn(move || steps::steps(words, view.with(|view| (view.provider, view.step, view.state))));
    let heading_text = {
        let live = live.clone();
        redrawn(move || screen::heading(&live))
    };
    let alert = {
        let live = live.clone();
        redrawn(move || live.error.get().map(|error| told(&live, error)))
    };
    let failure = el("div").class("wizard-failure").attr("tabindex", "-1").at(live.failure).child(alert);
    let status_class = {
        let live = live.clone();
        move || Some(if screen::status(&live).is_none() { "wizard-status is-empty" } else { "wizard-status" })
    };
    let status = {
        let live = live.clone();
        redrawn(move || screen::status(&live))
    };
    let card = el("div")
        .class("wizard-card")
        .child(el("h2").attr("tabindex", "-1").at(heading).child(heading_text))
        .child(failure)
        .child(redrawn(move || screen::screen(&live)))
        .child(el("p").live_attr("class", status_class).attr("role", "status").child(status));
    frame(words)
        .live_attr("data-state", move || Some(view.with(|view| view.state.as_str())))
        .child(el("h1").child(title))
        .child(steps)
        .child(card)
        .view()
}

fn frame(words: &Texts) -> Element {
    el("section").class("wizard").attr("role", "region").attr("aria-label", words.wizard_region)
}

/// A failed call. Where the session is over, the page itself leads through the log-in and back to
/// this step.
fn told(live: &Live, error: UiError) -> AnyView {
    let over = error.code == SESSION_OVER;
    let href = live.view.with_untracked(|view| live.transport.renewal_href(&view.id));
    let again = over.then(|| parts::actions(vec![FormButton::get(&href, live.words.log_in_again).primary().view()]));
    group([parts::alert(live.words, error), again.into_child()])
}

fn keep_fresh(live: &Live) {
    let due = {
        let live = live.clone();
        move |seconds, _| match live.view.try_with_untracked(|view| view.state.is_over()) {
            Some(false) => seconds >= if live.is_quick() { QUICK_S } else { CALM_S },
            _ => false,
        }
    };
    let read = {
        let live = live.clone();
        move || live.read()
    };
    live::keep_fresh(None, due, || (), read);
}

fn tell_steps(live: &Live, on_step: Option<Callback<WizardStep>>) {
    let Some(tell) = on_step else { return };
    let view = live.view;
    Effect::new(move |former: Option<WizardStep>| {
        let now = view.with(|view| WizardStep {
            step: view.step,
            state: view.state,
            connection_id: view.connection_id.clone(),
        });
        if former.as_ref() != Some(&now) {
            tell.run(now.clone());
        }
        now
    });
}

/// The new step's heading takes the focus, but not on the first load.
fn focus_on_change(live: &Live, heading: Place) {
    let live = live.clone();
    Effect::new(move |former: Option<&'static str>| {
        let now = screen::heading(&live);
        if former.is_some_and(|former| former != now)
            && let Some(heading) = heading.get_untracked()
        {
            heading.focus().ok();
        }
        now
    });
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
