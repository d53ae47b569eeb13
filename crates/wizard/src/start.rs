//! The first screen: what has to be there, the one button *Iniciar*, and the other connections.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::Provider;

use crate::{
    html::{el, redrawn},
    icon::{self, icon},
    live,
    loaded::{loaded, skeleton},
    model::{
        Level, Locale, OpenRenewal, OtherConnection, Prerequisite, PrerequisiteState, Purpose, StartView, UiError,
    },
    parts::{self, FormButton},
    texts::{StartTexts, Texts, fill, start_texts, texts},
    transport::{FormCall, SharedTransport, StartRenewal},
};

/// How many other connections are shown before the rest is folded.
const SHOWN: usize = 4;

/// The first screen, for hosts that have no integration screen of their own.
///
/// Says *Conectar* or *Renovar {name}*, shows what has to be there, and has exactly one button
/// *Iniciar*, which opens the reader's open renewal or begins one. Other connections have a button
/// *Renovar {name}* each; a renewal that another administrator has open can be taken over.
///
/// # On the server
///
/// As for [`RenewalWizard`](crate::RenewalWizard). The buttons are plain forms where the transport
/// begins no renewal in place ([`Transport::start_renewal`](crate::Transport::start_renewal)).
#[component]
pub fn RenewalStart(
    /// How to reach the server.
    transport: SharedTransport,
    /// The connection to renew: `None` what the reader has only to finish, or else the most urgent; `new` a first one.
    #[prop(optional_no_strip)]
    connection_id: Option<String>,
    /// The code of a form that the server refused (`?error=` of the page).
    #[prop(optional_no_strip)]
    error_code: Option<String>,
    /// Told the renewal's id once it has begun; otherwise the page goes to the transport's `renewal_href`.
    #[prop(optional)]
    on_started: Option<Callback<String>>,
    /// Told what the screen shows, such as to go on with a renewal that is under way.
    #[prop(optional)]
    on_view: Option<Callback<StartView>>,
    /// Told when it cannot be read, such as to answer 403.
    #[prop(optional)]
    on_failure: Option<Callback<UiError>>,
    /// The language of what is said before the screen is known.
    #[prop(optional)]
    locale: Locale,
) -> impl IntoView {
    let words = texts(locale);
    let read = {
        let (transport, id) = (SharedTransport::clone(&transport), connection_id.clone());
        move || transport.start(id.clone())
    };
    loaded(read, skeleton, words.loading, move |answer| match answer {
        Ok(view) => {
            if let Some(tell) = on_view {
                tell.run(view.clone());
            }
            let transport = SharedTransport::clone(&transport);
            screen(&Beginning::new(transport, on_started, error_code.as_deref()), view)
        }
        Err(error) => {
            if let Some(tell) = on_failure {
                tell.run(error.clone());
            }
            unreadable(words, &transport.integration_href(connection_id.as_deref()), error)
        }
    })
}

/// It cannot be shown: why, and a way on.
fn unreadable(words: &'static Texts, href: &str, error: UiError) -> AnyView {
    let again = FormButton::get(href, words.reload).primary().view();
    frame(words, vec![parts::alert(words, error), parts::actions(vec![again])])
}

/// The region has the wizard's name: it is the wizard's first screen.
fn frame(words: &'static Texts, content: Vec<AnyView>) -> AnyView {
    el("section")
        .class("wizard")
        .attr("role", "region")
        .attr("aria-label", words.wizard_region)
        .children(content)
        .view()
}

/// What beginning a renewal needs in the browser.
#[derive(Clone)]
pub(crate) struct Beginning {
    transport: SharedTransport,
    on_started: Option<Callback<String>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<UiError>>,
}

impl Beginning {
    fn new(transport: SharedTransport, on_started: Option<Callback<String>>, error_code: Option<&str>) -> Self {
        Self::with(transport, on_started, RwSignal::new(false), RwSignal::new(error_code.map(UiError::of)))
    }

    /// One that shares its busy mark and its error with a wizard.
    pub(crate) const fn with(
        transport: SharedTransport,
        on_started: Option<Callback<String>>,
        busy: RwSignal<bool>,
        error: RwSignal<Option<UiError>>,
    ) -> Self {
        Self { transport, on_started, busy, error }
    }

    /// A form that begins `wanted`; in place, where the transport can.
    pub(crate) fn button(&self, wanted: StartRenewal, label: impl Into<String>) -> FormButton {
        let mut button = FormButton::post(self.transport.form_action(FormCall::StartRenewal), [], label);
        if let Some(id) = &wanted.connection_id {
            button = button.field("connection_id", id);
        }
        if wanted.take_over {
            button = button.field("take_over", "true");
        }
        if let Some(provider) = wanted.provider {
            button = button.field("provider", provider.as_str());
        }
        let beginning = self.clone();
        button.on_submit(self.busy, move |event| beginning.submit(&event, wanted.clone()))
    }

    fn submit(&self, event: &SubmitEvent, wanted: StartRenewal) {
        if self.busy.get_untracked() {
            event.prevent_default();
            return;
        }
        let Some(pending) = self.transport.start_renewal(wanted) else { return };
        event.prevent_default();
        self.busy.set(true);
        self.error.set(None);
        let beginning = self.clone();
        leptos::task::spawn_local(async move {
            let outcome = pending.await;
            beginning.busy.try_set(false);
            match (outcome, beginning.on_started) {
                (Ok(id), Some(tell)) => tell.run(id),
                (Ok(id), None) => live::go_to(&beginning.transport.renewal_href(&id)),
                (Err(error), _) => {
                    beginning.error.try_set(Some(error));
                }
            }
        });
    }
}

fn screen(beginning: &Beginning, view: StartView) -> AnyView {
    let (words, first) = (texts(view.locale), start_texts(view.locale));
    let title = match &view.purpose {
        Purpose::Connect => words.title_connect.to_owned(),
        Purpose::Renew { connection } => fill(words.title_renew, connection),
    };
    let state = view.state.map(|(level, summary)| parts::state(level, summary));
    let open = view.open_renewal.as_ref().map(|open| open_renewal(words, first, open));
    let error = beginning.error;
    let alert = redrawn(move || error.get().map(|error| parts::alert(words, error)));
    let connects = view.connection_id.is_none();
    let wanted = StartRenewal { connection_id: view.connection_id, ..StartRenewal::default() };
    let start = begin(beginning, words, view.open_renewal.as_ref(), wanted, first.start.to_owned()).primary().view();
    let by_instagram = (connects && view.instagram_login).then(|| by_instagram(beginning, first));
    let others = (!view.others.is_empty()).then(|| others(beginning, words, first, view.others));
    let another = (!connects).then(|| {
        let href = beginning.transport.integration_href(Some("new"));
        parts::actions(vec![FormButton::get(&href, first.connect_another).quiet().view()])
    });
    let head = el("div").class("start-head").child(el("h1").attr("tabindex", "-1").child(title)).child(state);
    let card = el("div")
        .class("wizard-card")
        .child(el("h2").child(first.before_start))
        .child(prerequisites(first, view.prerequisites))
        .child(alert)
        .child(open)
        .child(parts::actions(vec![start]));
    let more = [by_instagram, others, another].into_iter().flatten();
    frame(words, [head.view(), card.view()].into_iter().chain(more).collect())
}

/// *Iniciar* or *Renovar {name}*; taking over, where another administrator has it open.
fn begin(
    beginning: &Beginning,
    words: &Texts,
    open: Option<&OpenRenewal>,
    wanted: StartRenewal,
    label: String,
) -> FormButton {
    if open.is_some_and(|open| open.other_owner.is_some()) {
        return beginning.button(StartRenewal { take_over: true, ..wanted }, words.take_over);
    }
    beginning.button(wanted, label)
}

/// What has to be there, each in one of three states: confirmed, checked later, or a problem with its repair.
#[must_use]
pub fn prerequisites(first: &'static StartTexts, prerequisites: Vec<Prerequisite>) -> AnyView {
    let rows: Vec<_> = prerequisites.into_iter().map(|it| prerequisite(first, it)).collect();
    el("ol").class("prerequisites").children(rows).view()
}

fn prerequisite(first: &'static StartTexts, it: Prerequisite) -> AnyView {
    let note = el("span").class("prerequisite-state");
    let (class, mark, note) = match it.state {
        PrerequisiteState::Confirmed(at) => {
            let note = note.child(first.confirmed).child(" ").child(parts::moment(at));
            ("prerequisite is-good", icon::CHECK, note)
        }
        PrerequisiteState::CheckedAfterLogin => {
            ("prerequisite is-pending", icon::WAITING, note.child(first.checked_later))
        }
        PrerequisiteState::Problem { how_to_fix } => {
            let note = note.child(first.problem).child(" ").child(how_to_fix);
            ("prerequisite is-soon", icon::WARNING, note)
        }
    };
    let name = el("span").class("prerequisite-name").child(first.prerequisite(it.kind));
    el("li").class(class).child(icon(mark)).child(name).child(note).view()
}

/// Who is renewing this connection right now.
#[must_use]
pub fn open_renewal(words: &'static Texts, first: &'static StartTexts, open: &OpenRenewal) -> AnyView {
    let text = match &open.other_owner {
        Some(name) => fill(first.renewal_open_other, name),
        None if open.only_finish_missing => words.almost_done.to_owned(),
        None => first.renewal_open_own.to_owned(),
    };
    el("p").class("connection-open").child(text).view()
}

/// Another way for an account that has no Page.
fn by_instagram(beginning: &Beginning, first: &'static StartTexts) -> AnyView {
    let wanted = StartRenewal { provider: Some(Provider::Instagram), ..StartRenewal::default() };
    let button = beginning.button(wanted, first.connect_instagram).view();
    el("section")
        .class("wizard-card")
        .attr("aria-labelledby", "renova-by-instagram")
        .child(el("h2").attr("id", "renova-by-instagram").child(first.instagram_title))
        .child(el("p").class("quiet").child(first.instagram_body))
        .child(parts::actions(vec![button]))
        .view()
}

fn others(
    beginning: &Beginning,
    words: &'static Texts,
    first: &'static StartTexts,
    others: Vec<OtherConnection>,
) -> AnyView {
    let mut rows: Vec<_> = others.into_iter().map(|it| other(beginning, words, first, it)).collect();
    let rest = rows.split_off(rows.len().min(SHOWN));
    let list = |rows| el("ul").class("start-others").children(rows);
    let rest = (!rest.is_empty()).then(|| {
        let label = fill(words.banner_more, &rest.len().to_string());
        el("details").class("start-rest").child(el("summary").child(label)).child(list(rest))
    });
    el("section")
        .attr("aria-labelledby", "renova-others")
        .child(el("h2").attr("id", "renova-others").child(first.others))
        .child(list(rows))
        .child(rest)
        .view()
}

fn other(beginning: &Beginning, words: &'static Texts, first: &'static StartTexts, it: OtherConnection) -> AnyView {
    let OtherConnection { connection_id, name, level, summary, open_renewal: open } = it;
    let wanted = StartRenewal { connection_id: Some(connection_id), ..StartRenewal::default() };
    let needs_it = matches!(level, Level::Soon | Level::Stopped);
    let button = begin(beginning, words, open.as_ref(), wanted, fill(first.renew, &name));
    let button = if needs_it { button } else { button.quiet() };
    let open = open.map(|open| open_renewal(words, first, &open));
    let text =
        el("div").class("start-other").child(el("strong").child(name)).child(parts::state(level, summary)).child(open);
    el("li").child(text).child(button.view()).view()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
