//! The banner: what stops working, when, for whom, and the one way to repair it.

mod countdown;
mod items;

use leptos::prelude::*;

use crate::{
    html::{el, group, redrawn},
    live,
    loaded::loaded,
    model::{Alert, Alerts, Level, UiError},
    parts::plain,
    texts::{fill, texts},
    transport::{Pending, SharedTransport},
};

/// How often the banner reads again while the server tells of changes: what it might have missed.
const CALM_S: u32 = 60;
/// The style sheet's time for folding away.
const FOLD_MS: u32 = 200;

/// Says what stops working, when, and for which account, with the one action that repairs it.
///
/// Shows nothing when nothing is due. Folds away by itself, without a reload, as soon as the
/// cause is gone, wherever it was repaired.
///
/// # On the server
///
/// The alerts are read while the page is rendered, so that the banner is part of the first HTML
/// and its forms work without WebAssembly. Use it in a route with `SsrMode::Async`, where the
/// transport's contexts are provided; timers and listeners exist in the browser only.
#[component]
pub fn RenewalBanner(
    /// How to reach the server.
    transport: SharedTransport,
    /// Told how many connections need attention, at once and whenever that changes.
    #[prop(optional)]
    on_counts: Option<Callback<Counts>>,
    /// Told why the alerts cannot be read, each time; the banner keeps trying.
    #[prop(optional)]
    on_failure: Option<Callback<UiError>>,
    /// Told each time that the browser has read them anew.
    #[prop(optional)]
    on_read: Option<Callback<()>>,
) -> impl IntoView {
    let read = {
        let transport = SharedTransport::clone(&transport);
        move || transport.alerts()
    };
    loaded(
        read,
        |_| ().into_any(),
        "",
        move |answer| {
            let banner = Banner::new(answer, SharedTransport::clone(&transport), Told { on_failure, on_read });
            live_banner(&banner, on_counts)
        },
    )
}

/// What the banner counts, for a badge of the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Connections that need somebody.
    pub total: usize,
    /// Of these, those that the reader can act upon now: they have stopped, or lack the last click.
    pub action_required: usize,
}

impl Counts {
    fn of(alerts: &Alerts) -> Self {
        let urgent = |alert: &&Alert| alert.level == Level::Stopped || alert.unfinished_renewal.is_some();
        Self { total: alerts.items.len(), action_required: alerts.items.iter().filter(urgent).count() }
    }
}

fn nothing() -> Alerts {
    Alerts {
        locale: crate::Locale::default(),
        may_renew: false,
        now_ms: 0,
        items: Vec::new(),
        has_put_off: false,
        asked_for: None,
        asks_by_mail: false,
    }
}

/// Whoever wants to know how reading goes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Told {
    on_failure: Option<Callback<UiError>>,
    on_read: Option<Callback<()>>,
}

impl Told {
    fn failed(self, error: UiError) {
        if let Some(tell) = self.on_failure {
            tell.run(error);
        }
    }

    fn was_read(self) {
        if let Some(tell) = self.on_read {
            tell.run(());
        }
    }
}

/// The banner's state in the browser.
#[derive(Clone)]
pub(crate) struct Banner {
    transport: SharedTransport,
    alerts: RwSignal<Alerts>,
    /// They have been read: until then there is nothing to count.
    known: RwSignal<bool>,
    told: Told,
    /// The cause is gone: the banner is folding away.
    folding: RwSignal<bool>,
    /// What the live regions say: quiet and urgent.
    news: RwSignal<(String, String)>,
    /// The server's clock against the browser's, in milliseconds.
    ahead: StoredValue<i64>,
    reading: StoredValue<bool>,
    /// A request or a putting off is under way.
    busy: RwSignal<bool>,
    /// The connection for which an agent's request has been sent.
    asked: RwSignal<Option<String>>,
}

impl Banner {
    fn new(answer: Result<Alerts, UiError>, transport: SharedTransport, told: Told) -> Self {
        let known = RwSignal::new(answer.is_ok());
        let alerts = answer.unwrap_or_else(|error| {
            told.failed(error);
            nothing()
        });
        Self {
            transport,
            alerts: RwSignal::new(alerts),
            known,
            told,
            folding: RwSignal::new(false),
            news: RwSignal::new((String::new(), String::new())),
            ahead: StoredValue::new(0),
            reading: StoredValue::new(false),
            busy: RwSignal::new(false),
            asked: RwSignal::new(None),
        }
    }

    fn read(&self) {
        if self.reading.try_get_value() != Some(false) {
            return;
        }
        self.reading.set_value(true);
        let banner = self.clone();
        let pending = self.transport.alerts();
        leptos::task::spawn_local(async move {
            let answer = pending.await;
            banner.reading.try_set_value(false);
            match answer {
                Ok(alerts) => {
                    banner.told.was_read();
                    banner.accept(alerts);
                }
                Err(error) => banner.told.failed(error),
            }
        });
    }

    fn accept(&self, alerts: Alerts) {
        let Some(former) = self.alerts.try_get_untracked() else {
            return;
        };
        self.set_clock(alerts.now_ms);
        self.known.try_set(true);
        let is_same = former.may_renew == alerts.may_renew && former.asked_for == alerts.asked_for;
        if is_same && former.items == alerts.items {
            return;
        }
        if former.items != alerts.items {
            self.news.set(news(&alerts));
        }
        let gone = alerts.items.is_empty();
        self.folding.set(gone);
        if gone {
            // The words stay while the banner folds, then it leaves the document.
            let banner = self.clone();
            live::after(FOLD_MS, move || {
                if banner.folding.try_get_untracked() == Some(true) {
                    banner.alerts.try_set(alerts);
                    banner.folding.try_set(false);
                }
            });
        } else {
            self.alerts.set(alerts);
        }
    }

    fn set_clock(&self, now_ms: i64) {
        self.ahead.try_set_value(now_ms - live::browser_now());
    }

    /// An agent asks the administrators.
    fn ask(&self, connection_id: String) {
        self.call(self.transport.request_renewal(connection_id.clone()), move |banner| {
            banner.asked.try_set(Some(connection_id));
            let said = asked_words(&banner.alerts.try_get_untracked().unwrap_or_else(nothing));
            banner.news.try_set((said.to_owned(), String::new()));
        });
    }

    /// *Lembrar amanhã*
    fn put_off(&self, connection_id: String) {
        self.call(self.transport.snooze(connection_id), |banner| {
            banner.read();
            live::tell_others();
        });
    }

    /// One call at a time; what it refuses is announced.
    fn call(&self, pending: Pending<()>, done: impl FnOnce(&Self) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let banner = self.clone();
        leptos::task::spawn_local(async move {
            let outcome = pending.await;
            banner.busy.try_set(false);
            match outcome {
                Ok(()) => done(&banner),
                Err(error) => {
                    banner.news.try_set((String::new(), error.message));
                }
            }
        });
    }
}

/// What has become of an agent's request.
fn asked_words(alerts: &Alerts) -> &'static str {
    let words = texts(alerts.locale);
    if alerts.asks_by_mail { words.ask_admin_mailed } else { words.ask_admin_sent }
}

/// Nothing rather than an empty text, which the server would render as a space.
fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// What the live regions say about alerts that have just changed: quietly, or urgently.
fn news(alerts: &Alerts) -> (String, String) {
    let words = texts(alerts.locale);
    let Some(first) = alerts.items.first() else {
        let text = if alerts.has_put_off { words.put_off } else { words.banner_clear };
        return (text.to_owned(), String::new());
    };
    let mut text = plain(&first.sentence);
    if alerts.items.len() > 1 {
        text = [fill(items::count_words(words, alerts.may_renew), &alerts.items.len().to_string()), text].join(". ");
    }
    match first.level {
        Level::Stopped => (String::new(), text),
        _ => (text, String::new()),
    }
}

fn tell_counts(banner: &Banner, on_counts: Option<Callback<Counts>>) {
    let Some(tell) = on_counts else { return };
    let (alerts, known) = (banner.alerts, banner.known);
    Effect::new(move |former: Option<Option<Counts>>| {
        let now = known.get().then(|| alerts.with(Counts::of));
        if let Some(counts) = now
            && former.flatten() != now
        {
            tell.run(counts);
        }
        now
    });
}

fn live_banner(banner: &Banner, on_counts: Option<Callback<Counts>>) -> AnyView {
    let now_ms = banner.alerts.with_untracked(|alerts| alerts.now_ms);
    let left = RwSignal::new(String::new());
    tell_counts(banner, on_counts);
    let period_s = banner.transport.banner_period_s();
    live::keep_fresh(
        banner.transport.live_href(),
        move |seconds, told| seconds >= if told { CALM_S } else { period_s },
        {
            let banner = banner.clone();
            move || countdown::tick(&banner, left)
        },
        {
            let banner = banner.clone();
            move || banner.read()
        },
    );
    Effect::new({
        let banner = banner.clone();
        move || {
            banner.set_clock(now_ms);
            countdown::tick(&banner, left);
        }
    });

    let (folding, news) = (banner.folding, banner.news);
    let class = move || Some(if folding.get() { "renewal-banner is-folding" } else { "renewal-banner" });
    let region = {
        let banner = banner.clone();
        redrawn(move || items::region(&banner, left))
    };
    let hidden = |role| el("p").class("visually-hidden").attr("role", role);
    group([
        el("div").live_attr("class", class).child(el("div").class("fold").child(region)).view(),
        hidden("status").child(redrawn(move || said(news.get().0))).view(),
        hidden("alert").child(redrawn(move || said(news.get().1))).view(),
    ])
}

#[cfg(test)]
mod tests;
