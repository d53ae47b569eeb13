//! What the components of the gallery show: one connection of each kind, one renewal at each step.

use std::sync::Arc;

use lifecycle::{
    ChannelKind, Provider, RenewalState,
    proof::{ProofItem, Verdict},
    reconcile::Change,
};
use wizard::{
    Account, Alert, Alerts, FormCall, Level, Locale, Moment, Pending, ProofRow, Purpose, RenewalView, Sentence,
    SharedTransport, Transport, UiError,
};

use crate::{
    model::{Activity, ChannelCard, ConnectionCard, OpenRenewal},
    present::initials,
};

pub(super) const EMAIL: &str = "ana@aurora.example";
pub(super) const NO_ZONE: &str = "Brasil/Sampa";
pub(super) const ID: &str = "0192f3a4";

/// Banners by what they show.
pub(super) const SOON: &str = "soon";
pub(super) const STOPPED: &str = "stopped";
pub(super) const SEVERAL: &str = "several";
pub(super) const AGENT: &str = "agent";

/// Renewals by the step they are at.
pub(super) const STEPS: [&str; 6] = ["log-in", "waiting", "accounts", "proving", "proof", "done"];

const PEOPLE: [&str; 4] = ["Elisa Prado", "Ana Souza", "Clara Lima", "Davi Rocha"];

pub(super) fn day(day: u8) -> Moment {
    Moment { iso: format!("2026-11-{day:02}T12:00:00Z"), text: format!("{day:02}/11/2026") }
}

fn said(text: &str) -> Sentence {
    Sentence { before: text.to_owned(), moment: None, after: String::new() }
}

pub(super) fn activities() -> Vec<Activity> {
    PEOPLE.into_iter().zip([24, 23, 22, 21]).map(|(name, at)| Activity { at: day(at), text: name.to_owned() }).collect()
}

/// One of each level, the most urgent first.
pub(super) fn cards() -> Vec<ConnectionCard> {
    let states = [
        (Level::Stopped, "expired", Some(-1)),
        (Level::Soon, "expires_soon", Some(5)),
        (Level::Advice, "story_option_off", Some(42)),
        (Level::Good, "healthy", None),
    ];
    PEOPLE.into_iter().zip(states).map(|(name, (level, status, days))| card(name, level, status, days)).collect()
}

fn card(name: &str, level: Level, status: &str, days_left: Option<i32>) -> ConnectionCard {
    let open_renewal = (level == Level::Soon).then(|| OpenRenewal {
        id: ID.to_owned(),
        other_owner: Some(PEOPLE[2].to_owned()),
        only_finish_missing: false,
    });
    ConnectionCard {
        id: status.to_owned(),
        name: name.to_owned(),
        provider: Provider::Facebook,
        level,
        status: status.to_owned(),
        summary: Sentence { before: [status, " ("].concat(), moment: Some(day(28)), after: ")".to_owned() },
        days_left,
        ends: days_left.map(|_| day(28)),
        nearest_end: days_left.map(|_| day(28)),
        data_access_ends: Some(day(30)),
        data_access_days_left: days_left.map(|days| days + 30),
        renewed: day(1),
        renewed_by: Some(PEOPLE[1].to_owned()),
        channels: vec![
            channel(ChannelKind::Messenger, "Loja Aurora", level, status),
            channel(ChannelKind::Instagram, "Aurora Outlet", Level::Good, "healthy"),
        ],
        open_renewal,
    }
}

fn channel(kind: ChannelKind, name: &str, level: Level, status: &str) -> ChannelCard {
    let is_instagram = kind == ChannelKind::Instagram;
    ChannelCard {
        id: name.to_owned(),
        kind,
        name: name.to_owned(),
        handle: is_instagram.then(|| "@aurora.outlet".to_owned()),
        initials: initials(name),
        picture: None,
        level,
        status: status.to_owned(),
        summary: said(status),
        why: (level == Level::Stopped).then(|| status.to_owned()),
        story_mentions: true,
        story_replies: level == Level::Good,
    }
}

/// Answers what the gallery's components ask, and takes no step.
pub(super) struct Sample {
    banner: &'static str,
    locale: Locale,
}

impl Sample {
    pub(super) fn banner(banner: &'static str, locale: Locale) -> SharedTransport {
        Arc::new(Self { banner, locale })
    }

    pub(super) fn wizard(locale: Locale) -> SharedTransport {
        Self::banner("", locale)
    }
}

fn alert(name: &str, level: Level) -> Alert {
    let sentence = Sentence { before: [name, ": "].concat(), moment: Some(day(28)), after: String::new() };
    Alert {
        connection_id: name.to_owned(),
        level,
        sentence,
        account: name.to_owned(),
        deadline_ms: None,
        unfinished_renewal: None,
        may_wait: level == Level::Soon,
    }
}

fn renewal(step: &str, locale: Locale) -> RenewalView {
    let state = match step {
        "log-in" => RenewalState::Started,
        "waiting" => RenewalState::AwaitingLogin,
        "accounts" => RenewalState::Exchanged,
        "proving" => RenewalState::Proving,
        "proof" => RenewalState::Proved,
        _ => RenewalState::Finished,
    };
    RenewalView {
        locale,
        id: step.to_owned(),
        connection_id: Some(ID.to_owned()),
        version: 1,
        state,
        step: state.step(),
        purpose: Purpose::Renew { connection: PEOPLE[1].to_owned() },
        provider: Provider::Facebook,
        other_owner: None,
        problem: None,
        person: Some(PEOPLE[1].to_owned()),
        may_hand_over: false,
        accounts: [Change::Kept, Change::New, Change::Lost, Change::Unusable, Change::Untouched].map(account).to_vec(),
        proof: proof(state),
        may_finish: state == RenewalState::Proved,
        has_open_points: true,
        new_dates: Some(Sentence { before: String::new(), moment: Some(day(28)), after: String::new() }),
        gaps: Vec::new(),
        next_id: None,
        next_name: None,
        next_sentence: None,
    }
}

fn account(change: Change) -> Account {
    let name = format!("Loja {change:?}");
    Account {
        value: format!("messenger:{name}"),
        kind: ChannelKind::Messenger,
        initials: initials(&name),
        picture: None,
        handle: None,
        change,
        selected: matches!(change, Change::Kept | Change::New),
        reason: (change == Change::Unusable).then(|| name.clone()),
        name,
    }
}

/// Line by line while it is gathered, then one of each verdict.
fn proof(state: RenewalState) -> Vec<ProofRow> {
    let verdicts =
        [Verdict::Good, Verdict::Open, Verdict::Good, Verdict::Blocking, Verdict::Pending, Verdict::NotApplicable];
    let row = |(item, verdict): (ProofItem, Verdict)| {
        let verdict =
            if state == RenewalState::Proving && verdict != Verdict::Good { Verdict::Pending } else { verdict };
        ProofRow { item, verdict, note: String::new() }
    };
    ProofItem::ALL.into_iter().zip(verdicts).map(row).collect()
}

fn answer<T: Send + 'static>(value: T) -> Pending<T> {
    Box::pin(async move { Ok(value) })
}

fn no_step<T: 'static>() -> Pending<T> {
    Box::pin(async { Err(UiError { code: "offline".to_owned(), message: String::new(), request_id: String::new() }) })
}

impl Transport for Sample {
    fn alerts(&self) -> Pending<Alerts> {
        let items = match self.banner {
            SOON => vec![alert(PEOPLE[1], Level::Soon)],
            SEVERAL => vec![alert(PEOPLE[0], Level::Stopped), alert(PEOPLE[1], Level::Soon)],
            _ => vec![alert(PEOPLE[0], Level::Stopped)],
        };
        let may_renew = self.banner != AGENT;
        answer(Alerts {
            locale: self.locale,
            may_renew,
            now_ms: 0,
            items,
            has_put_off: false,
            asked_for: None,
            asks_by_mail: false,
        })
    }
    fn renewal(&self, renewal_id: String) -> Pending<RenewalView> {
        answer(renewal(&renewal_id, self.locale))
    }
    fn exchange(&self, _: String) -> Pending<RenewalView> {
        no_step()
    }
    fn hand_over(&self, _: String) -> Pending<RenewalView> {
        no_step()
    }
    fn choose(&self, _: String, _: Vec<String>, _: bool) -> Pending<RenewalView> {
        no_step()
    }
    fn prove(&self, _: String, _: bool) -> Pending<RenewalView> {
        no_step()
    }
    fn finish(&self, _: String) -> Pending<RenewalView> {
        no_step()
    }
    fn cancel(&self, _: String) -> Pending<RenewalView> {
        no_step()
    }
    fn request_renewal(&self, _: String) -> Pending<()> {
        no_step()
    }
    fn snooze(&self, _: String) -> Pending<()> {
        no_step()
    }
    // No form of the gallery leads anywhere but back to it.
    fn form_action(&self, _: FormCall) -> String {
        super::TITLE.to_owned()
    }
    fn connect_href(&self, _: &str) -> String {
        super::TITLE.to_owned()
    }
    fn integration_href(&self, _: Option<&str>) -> String {
        super::TITLE.to_owned()
    }
    fn renewal_href(&self, _: &str) -> String {
        super::TITLE.to_owned()
    }
    fn home_href(&self) -> String {
        super::TITLE.to_owned()
    }
}
