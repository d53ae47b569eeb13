//! One notice as a letter tells it.

use lifecycle::{GranteeKind, Health, NoticeKind, Provider, Timestamp, clock::DAY_MS, health::WARN_BEFORE_MS};
use renewal::{ConnectionState, MailNotice};
use wizard::{Level, Locale, Sentence};

use super::{one_line, phrases};
use crate::present::{
    dates::Calendar,
    effect::{self, effect},
    health::{channel_name, connection_level},
    renewal::missing,
    words::{self, Text, fill, pick},
};

/// What is told, in the order in which it is read.
pub struct Item<'a> {
    pub tone: Tone,
    pub level: Level,
    pub headline: Sentence,
    /// What it means and what to do.
    pub lines: Vec<String>,
    /// Where it is done; `None`: there is nothing to do.
    pub link: Option<Link<'a>>,
}

pub struct Link<'a> {
    pub url: &'a str,
    /// Beside others, where the button's words would not say which.
    pub name: String,
}

/// How strong the first word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Reminder,
    Soon,
    Now,
    Urgent,
    LastDay,
    /// It has ended and still delivers.
    Ended,
    Stopped,
    Recovered,
    Requested,
    /// No notice: a link that somebody has asked for.
    Account,
}

impl Tone {
    /// By the calendar days that are left.
    const fn of_days(days: i32) -> Self {
        match days {
            ..=0 => Self::LastDay,
            1 => Self::Urgent,
            2..=3 => Self::Now,
            4..=7 => Self::Soon,
            _ => Self::Reminder,
        }
    }

    /// One or two words.
    pub const fn label(self) -> Text {
        match self {
            Self::Reminder => ["Lembrete", "Reminder", "Recordatorio"],
            Self::Soon => ["Renove em breve", "Renew soon", "Renueva pronto"],
            Self::Now => ["Renove agora", "Renew now", "Renueva ahora"],
            Self::Urgent => ["Urgente", "Urgent", "Urgente"],
            Self::LastDay => ["Último dia", "Last day", "Último día"],
            Self::Ended => ["Ação necessária", "Action needed", "Acción necesaria"],
            Self::Stopped => ["Parou", "Stopped", "Interrumpido"],
            Self::Recovered => ["Resolvido", "Resolved", "Resuelto"],
            Self::Requested => ["Pedido", "Request", "Solicitud"],
            Self::Account => ["Sua conta", "Your account", "Tu cuenta"],
        }
    }
}

impl Item<'_> {
    /// "Renove em breve: a autorização de Ana Souza vence em 5 dias (28/11)"
    pub fn subject(&self, locale: Locale) -> String {
        let said = whole(&self.headline);
        let said = said.strip_suffix('.').unwrap_or(&said);
        if self.tone == Tone::Requested {
            return said.to_owned();
        }
        // Every other headline begins with a word of ours.
        format!("{}: {}", pick(locale, self.tone.label()), words::lowered(said))
    }
}

/// The sentence as one text.
pub fn whole(sentence: &Sentence) -> String {
    let date = sentence.moment.as_ref().map_or("", |moment| moment.text.as_str());
    [&sentence.before, date, &sentence.after].concat()
}

pub fn item<'a>(calendar: &Calendar, notice: &'a MailNotice, now: Timestamp) -> Item<'a> {
    let state = &notice.state;
    match notice.notice {
        NoticeKind::Recovered { at } => recovered(calendar, notice, at),
        // It has recovered since it was noticed.
        NoticeKind::Stopped { .. } if !state.needs_renewal() => recovered(calendar, notice, now),
        NoticeKind::Requested { .. } => requested(calendar, notice, now),
        NoticeKind::Stopped { .. } => calls(calendar, notice, now, None),
        NoticeKind::Expires { ends_at, .. } => calls(calendar, notice, now, Some(ends_at)),
    }
}

/// What calls for a renewal. What is true now counts: a warning begins with the nearest end that is still
/// ahead, anything else with what has happened.
fn calls<'a>(calendar: &Calendar, notice: &'a MailNotice, now: Timestamp, ends_at: Option<Timestamp>) -> Item<'a> {
    let state = &notice.state;
    let ahead = ahead(state, now, ends_at);
    let (first, later) = match ahead.as_slice() {
        [at, later @ ..] if ends_at.is_some() || !is_past(state) => (Some(*at), later),
        later => (None, later),
    };
    let (tone, level, headline, mut lines) = match first {
        Some(at) => {
            let tone = Tone::of_days(calendar.days_between(now, at));
            let may_stop = effect::grant_ends(state, at).then(|| pick(calendar.locale(), phrases::MAY_STOP).to_owned());
            let past = is_past(state).then(|| one_line(&whole(&effect(calendar, state, now).sentence())));
            let lines = may_stop.into_iter().chain(past).collect();
            (tone, Level::Soon, effect::ends(calendar, state, at, now), lines)
        }
        None => {
            let level = connection_level(state);
            let tone = if level == Level::Stopped { Tone::Stopped } else { Tone::Ended };
            let told = effect(calendar, state, now);
            (tone, level, told.what, Vec::from_iter(told.plea.map(str::to_owned)))
        }
    };
    lines.extend(later.iter().map(|at| one_line(&whole(&effect::ends(calendar, state, *at, now)))));
    lines.extend(how(calendar.locale(), state));
    Item { tone, level, headline: clean(headline), lines, link: Some(link(calendar.locale(), notice)) }
}

/// The ends that a letter speaks of, the nearest first: those that are near, and the one that it warns of.
fn ahead(state: &ConnectionState, now: Timestamp, ends_at: Option<Timestamp>) -> Vec<Timestamp> {
    let is_meant = |end: Timestamp| ends_at.is_some_and(|at| end.since(at).abs() < DAY_MS);
    let mut ends = state.ends();
    ends.retain(|end| *end > now && (end.since(now) <= WARN_BEFORE_MS || is_meant(*end)));
    ends.sort_unstable();
    ends.dedup_by(|later, earlier| later.since(*earlier) < DAY_MS);
    ends
}

/// It calls for a renewal by what has happened already.
fn is_past(state: &ConnectionState) -> bool {
    state.needs_renewal() && !matches!(state.health, Health::ExpiresSoon { .. })
}

fn recovered<'a>(calendar: &Calendar, notice: &MailNotice, at: Timestamp) -> Item<'a> {
    let locale = calendar.locale();
    let name = notice.state.connection.grantee_name.as_str();
    let mut lines: Vec<_> = notice.gaps.iter().map(|gap| one_line(&missing(calendar, gap))).collect();
    let last = if lines.is_empty() { phrases::NOTHING_TO_DO } else { phrases::LOOK_THERE };
    lines.push(pick(locale, last).to_owned());
    let what = if notice.gaps.is_empty() { phrases::RENEWED } else { phrases::RECOVERED };
    let headline = words::sentence(pick(locale, what), &[("name", name)], Some(calendar.day(at)));
    Item { tone: Tone::Recovered, level: Level::Good, headline: clean(headline), lines, link: None }
}

fn requested<'a>(calendar: &Calendar, notice: &'a MailNotice, now: Timestamp) -> Item<'a> {
    let (locale, state) = (calendar.locale(), &notice.state);
    let who = notice.asked_by.as_deref().unwrap_or(pick(locale, phrases::SOMEBODY));
    let values = [("who", who), ("name", state.connection.grantee_name.as_str())];
    let headline = words::sentence(pick(locale, phrases::REQUESTED), &values, None);
    let told = state.needs_renewal().then(|| one_line(&whole(&effect(calendar, state, now).sentence())));
    let lines = told.into_iter().chain(how(locale, state)).collect();
    // Asking is no alarm of its own.
    let level = if state.needs_renewal() { connection_level(state) } else { Level::Advice };
    Item { tone: Tone::Requested, level, headline: clean(headline), lines, link: Some(link(locale, notice)) }
}

/// For which accounts, and how it is done.
fn how(locale: Locale, state: &ConnectionState) -> Vec<String> {
    let accounts: Vec<_> = state.channels.iter().map(channel_name).collect();
    let accounts = (!accounts.is_empty())
        .then(|| fill(pick(locale, phrases::ACCOUNTS), &[("accounts", &one_line(&accounts.join(", ")))]));
    let connection = &state.connection;
    let text = match (connection.grantee_kind, connection.provider) {
        (GranteeKind::Business, _) => phrases::TWO_MINUTES,
        (GranteeKind::Person, Provider::Facebook) => phrases::WITH_FACEBOOK,
        (GranteeKind::Person, Provider::Instagram) => phrases::WITH_INSTAGRAM,
    };
    accounts.into_iter().chain([one_line(&fill(pick(locale, text), &[("name", &connection.grantee_name)]))]).collect()
}

fn link(locale: Locale, notice: &MailNotice) -> Link<'_> {
    let name = one_line(&notice.state.connection.grantee_name);
    Link { url: &notice.renewal_url, name: wizard::texts::fill(wizard::texts::start_texts(locale).renew, &name) }
}

fn clean(sentence: Sentence) -> Sentence {
    Sentence { before: one_line(&sentence.before), moment: sentence.moment, after: one_line(&sentence.after) }
}
