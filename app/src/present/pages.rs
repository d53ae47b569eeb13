//! The pages' data.

use lifecycle::{Provider, Role, Timestamp, ids::ConnectionId};
use renewal::{ChannelState, ConnectionState, Error, Identity, KnownPictures, PER_PAGE, Renova, key_of_entry};
use secrecy::ExposeSecret as _;
use store::{AuditEntry, User};
use wizard::{Level, Locale, parts};

use super::{
    audit::{self, Wanted},
    dates::Calendar,
    developers, embedding, failures,
    health::{connection_level, level, summary},
    initials, listing, needs,
    people::{self, Own},
    prerequisites::prerequisites,
    settings, start,
    words::{self, Text, fill, pick},
};
use crate::{
    model::{
        Activity, ChannelCard, Choice, ConnectionCard, ConnectionDetail, Integration, ListRequest, Overview, Page,
        PageRequest, Reader, Review, Shown, SignOff,
    },
    texts::texts,
};

/// Entries of the history on a page.
const RECENT: i64 = 8;
/// Rows of the timeline picture.
const IN_PICTURE: usize = 12;
/// Sign-offs below the review.
const SIGN_OFFS: i64 = 5;

#[must_use]
pub fn reader(who: &Identity, locale: Locale) -> Reader {
    Reader {
        name: who.name.clone(),
        email: who.email.clone(),
        organization: who.organization_name.clone(),
        is_admin: who.role.may_connect(),
        is_guest: who.only_renewal.is_some(),
        locale,
    }
}

pub async fn page(
    renova: &Renova,
    who: &Identity,
    locale: Locale,
    wanted: PageRequest,
    own: &Own,
) -> Result<Page, Error> {
    let calendar = Calendar::new(locale, &who.time_zone);
    match wanted {
        PageRequest::Overview(request) => overview(renova, who, &calendar, &request).await,
        PageRequest::Review(request) => review(renova, who, &calendar, &request).await,
        PageRequest::Integration { connection_id } => integration(renova, who, &calendar, connection_id).await,
        PageRequest::Connection { connection_id } => connection(renova, who, &calendar, own, &connection_id).await,
        PageRequest::Account => people::account(renova, who, &calendar, own).await,
        PageRequest::People => people::team(renova, who, &calendar, own).await,
        PageRequest::Invitation { token } => people::invitation(renova, token).await,
        PageRequest::Settings { refused } => {
            settings::settings(renova, who, &calendar, refused.as_ref()).await.map(Page::Settings)
        }
        PageRequest::Audit { who: by, what, before } => {
            audit::audit(renova, who, &calendar, Wanted { by, what, before }).await.map(Page::Audit)
        }
        PageRequest::Gallery => Ok(Page::Gallery),
        PageRequest::Renewal { .. } => who.require_admin().map(|()| Page::Renewal),
        PageRequest::ApiKeys { refused } => {
            developers::api_keys(renova, who, &calendar, own, refused).await.map(Page::ApiKeys)
        }
        PageRequest::Webhooks { refused } => {
            developers::webhooks(renova, who, &calendar, refused).await.map(Page::Webhooks)
        }
        PageRequest::Webhook { endpoint_id } => {
            developers::webhook(renova, who, &calendar, own, &endpoint_id).await.map(Page::Webhook)
        }
        PageRequest::Embedding { refused } => embedding::embedding(renova, who, refused).await.map(Page::Embedding),
        // Read before it is known who asks.
        PageRequest::RenewalLink { .. } => Err(Error::NotFound),
    }
}

/// The explanation for somebody whose role does not allow a page.
pub async fn forbidden(renova: &Renova, who: &Identity) -> Page {
    let people = renova.people(who).await.unwrap_or_default();
    Page::Forbidden { admins: admins(&people) }
}

/// Who can do what somebody's role does not allow, in one sentence; `None`: nobody is known.
pub async fn who_may(renova: &Renova, who: &Identity, locale: Locale) -> Option<String> {
    let admins = admins(&renova.people(who).await.unwrap_or_default());
    (!admins.is_empty()).then(|| wizard::texts::fill(texts(locale).admins, &admins.join(", ")))
}

async fn overview(renova: &Renova, who: &Identity, calendar: &Calendar, request: &ListRequest) -> Result<Page, Error> {
    let now = renova.now();
    let listing = listing::listing(request);
    let listed = renova.listed(who, &listing, IN_PICTURE).await?;
    let people = renova.people(who).await?;
    // Also who has left: what they did stays theirs.
    let everybody = renova.everybody(who).await?;
    let history = renova.happened(who, None, &words::activities(), RECENT).await?;
    let days = renova.warning_days(who).await?;
    let pictures = renova.pictures(who, &listed.states.iter().collect::<Vec<_>>()).await?;
    let card = |state: &ConnectionState| connection_card(calendar, who, &everybody, &pictures, state, now);
    Ok(Page::Overview(Overview {
        now: calendar.date(now),
        part: listing::part(&listing, &listed),
        connections: listed.states.iter().map(card).collect(),
        urgent: listed.first.iter().map(card).collect(),
        warning_days: days.into_iter().filter_map(|day| day.try_into().ok()).collect(),
        recent: activities(calendar, renova.brand().product(), &everybody, &history),
        admins: admins(&people),
        mail_is_off: who.role.may_connect() && renova.lacks_mail(),
    }))
}

async fn review(renova: &Renova, who: &Identity, calendar: &Calendar, request: &ListRequest) -> Result<Page, Error> {
    who.require_admin()?;
    let now = renova.now();
    let listing = listing::listing(request);
    let listed = renova.listed(who, &listing, 0).await?;
    let people = renova.everybody(who).await?;
    let signed = renova.reviews(who, SIGN_OFFS).await?;
    // Its rows show none.
    let pictures = KnownPictures::default();
    let card = |state: &ConnectionState| connection_card(calendar, who, &people, &pictures, state, now);
    Ok(Page::Review(Review {
        part: listing::part(&listing, &listed),
        connections: listed.states.iter().map(card).collect(),
        signed: signed.into_iter().map(|review| sign_off(calendar, review)).collect(),
    }))
}

fn sign_off(calendar: &Calendar, review: store::Review) -> SignOff {
    let store::Review { user_name, connections, stopped, soon, at, .. } = review;
    let about = words::signed_for(calendar.locale(), connections, stopped, soon);
    SignOff { name: user_name, at: calendar.date(at), about }
}

async fn integration(
    renova: &Renova,
    who: &Identity,
    calendar: &Calendar,
    wanted: Option<String>,
) -> Result<Page, Error> {
    who.require_admin()?;
    let now = renova.now();
    let states = renova.connections(who).await?;
    let people = renova.everybody(who).await?;
    let target = start::target(&states, wanted.as_deref())?.map(|index| &states[index]);
    let first = if target.is_none() { renova.open_first_renewal(who).await? } else { None };
    let is_other = |state: &&ConnectionState| target.is_none_or(|target| target.connection.id != state.connection.id);
    let others: Vec<_> = states.iter().filter(is_other).take(PER_PAGE + 1).collect();
    let shown: Vec<_> = target.into_iter().chain(others.iter().copied()).collect();
    let pictures = renova.pictures(who, &shown).await?;
    let card = |state: &ConnectionState| connection_card(calendar, who, &people, &pictures, state, now);
    Ok(Page::Integration(Integration {
        prerequisites: prerequisites(calendar, target, now),
        target: target.map(card),
        open_first: first.as_ref().map(start::open_first),
        has_more: others.len() > PER_PAGE,
        others: others.into_iter().take(PER_PAGE).map(card).collect(),
        instagram_login: renova.providers().contains(&Provider::Instagram),
    }))
}

async fn connection(renova: &Renova, who: &Identity, calendar: &Calendar, own: &Own, id: &str) -> Result<Page, Error> {
    let id: ConnectionId = id.parse().map_err(|_| Error::NotFound)?;
    let state = renova.connection(who, id).await?;
    let people = renova.everybody(who).await?;
    let history = renova.happened(who, Some(id), &words::activities(), RECENT).await?;
    let pictures = renova.pictures(who, &[&state]).await?;
    Ok(Page::Connection(ConnectionDetail {
        card: connection_card(calendar, who, &people, &pictures, &state, renova.now()),
        permissions: needs::permissions(renova, calendar.locale(), &state),
        sent: needs::sent(renova, calendar.locale(), &state),
        facts: raw_facts(calendar.locale(), &state),
        history: activities(calendar, renova.brand().product(), &people, &history),
        may_change: who.role.may_connect(),
        asked: asked(renova, who, calendar.locale(), &state).await?,
        admins: link_receivers(renova, who).await?,
        made_link: made_link(renova, who, own, id).await?,
        sends_mail: renova.sends_mail(),
    }))
}

async fn asked(
    renova: &Renova,
    who: &Identity,
    locale: Locale,
    state: &ConnectionState,
) -> Result<Option<String>, Error> {
    if who.role.may_connect() || !renova.was_requested_lately(state).await? {
        return Ok(None);
    }
    let words = wizard::texts::texts(locale);
    let said = if renova.tells_by_mail() { words.ask_admin_mailed } else { words.ask_admin_sent };
    Ok(Some(said.to_owned()))
}

/// Administrators to whom a link can be sent, the others before the reader.
async fn link_receivers(renova: &Renova, who: &Identity) -> Result<Vec<Choice>, Error> {
    if !who.role.may_connect() {
        return Ok(Vec::new());
    }
    let people = renova.people(who).await?;
    let (own, others): (Vec<_>, Vec<_>) =
        people.into_iter().filter(|it| it.role == Role::Admin).partition(|it| it.id == who.user);
    let choice = |user: User| Choice { value: user.id.to_string(), label: user.name, is_chosen: false };
    Ok(others.into_iter().chain(own).map(choice).collect())
}

async fn made_link(renova: &Renova, who: &Identity, own: &Own, id: ConnectionId) -> Result<Option<Shown>, Error> {
    let Some(token) = own.shown_once.as_ref().filter(|_| who.role.may_connect()) else { return Ok(None) };
    let secret = || renova.renewal_link_url(token).expose_secret().to_owned();
    let person = renova.own_renewal_link(who, id, token).await?;
    Ok(person.map(|person| Shown { name: person.name, secret: secret() }))
}

fn connection_card(
    calendar: &Calendar,
    who: &Identity,
    people: &[User],
    pictures: &KnownPictures,
    state: &ConnectionState,
    now: Timestamp,
) -> ConnectionCard {
    let connection = &state.connection;
    let facts = &connection.facts;
    ConnectionCard {
        id: connection.id.to_string(),
        name: connection.grantee_name.clone(),
        provider: connection.provider,
        level: connection_level(state),
        status: state.health.as_str().to_owned(),
        summary: summary(calendar, state.health, now),
        days_left: state.nearest_end().map(|at| calendar.days_between(now, at)),
        nearest_end: state.nearest_end().map(|at| calendar.date(at)),
        ends: facts.expires_at.map(|at| calendar.date(at)),
        data_access_ends: facts.data_access_expires_at.map(|at| calendar.date(at)),
        data_access_days_left: facts.data_access_expires_at.map(|at| calendar.days_between(now, at)),
        renewed: calendar.date(connection.renewed_at),
        renewed_by: people.iter().find(|it| Some(it.id) == connection.connected_by).map(|it| it.name.clone()),
        channels: state.channels.iter().map(|it| channel_card(calendar, who, pictures, it, now)).collect(),
        open_renewal: start::open_renewal(who, people, state),
    }
}

fn channel_card(
    calendar: &Calendar,
    who: &Identity,
    pictures: &KnownPictures,
    state: &ChannelState,
    now: Timestamp,
) -> ChannelCard {
    let channel = &state.channel;
    ChannelCard {
        id: channel.id.to_string(),
        kind: channel.kind,
        name: channel.name.clone(),
        handle: channel.username.as_ref().map(|name| format!("@{name}")),
        initials: initials(&channel.name),
        picture: pictures.path_of(&channel.account_id),
        level: level(state.health),
        status: state.health.as_str().to_owned(),
        summary: summary(calendar, state.health, now),
        why: channel.facts.problem.as_deref().map(|code| why(calendar.locale(), who, code, level(state.health))),
        story_mentions: channel.story_mentions,
        story_replies: channel.story_replies,
    }
}

/// What happened at Meta, and for those who can act the next action, in one line.
fn why(locale: Locale, who: &Identity, code: &str, level: Level) -> String {
    let told = if level == Level::Stopped { failures::stopped } else { failures::failure };
    let (what, next) = told(locale, code);
    if who.role.may_connect() { format!("{what} {next}") } else { what.to_owned() }
}

/// The names are for people, the values for support.
fn raw_facts(locale: Locale, state: &ConnectionState) -> Vec<(String, String)> {
    let fact = |name: Text, value: String| (pick(locale, name).to_owned(), value);
    let connection = &state.connection;
    let mut facts = vec![
        fact(["Conexão", "Connection", "Conexión"], connection.id.to_string()),
        fact(["Estado", "Status", "Estado"], state.health.as_str().to_owned()),
        fact(["Geração do token", "Token generation", "Generación del token"], connection.token_generation.to_string()),
        fact(["Usuário na Meta", "Meta user", "Usuario en Meta"], connection.grantee_id.clone()),
        fact(["Permissões", "Permissions", "Permisos"], connection.facts.scopes.join(", ")),
    ];
    for ChannelState { channel, health } in &state.channels {
        let (network, id) = (parts::network(channel.kind), &channel.account_id);
        let fields = pick(locale, ["Campos de {id}", "Fields of {id}", "Campos de {id}"]);
        facts.push((format!("{network} {id}"), health.as_str().to_owned()));
        facts.push((fill(fields, &[("id", id)]), channel.subscribed_fields.join(", ")));
    }
    facts
}

fn admins(people: &[User]) -> Vec<String> {
    people.iter().filter(|user| user.role == Role::Admin).map(|user| user.name.clone()).collect()
}

/// What people did, in the order of the entries.
fn activities(calendar: &Calendar, product: &str, people: &[User], history: &[AuditEntry]) -> Vec<Activity> {
    let by_key = texts(calendar.locale()).settings.by_key;
    history
        .iter()
        .filter_map(|entry| {
            let template = words::activity(calendar.locale(), &entry.action)?;
            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
            let person = people.iter().find(|user| Some(user.id) == entry.user_id).map(|user| user.name.as_str());
            let nobody = if key_of_entry(&detail).is_some() { by_key } else { product };
            let who = person.unwrap_or(nobody);
            let name = detail.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
            Some(Activity { at: calendar.minute(entry.at), text: fill(template, &[("name", name), ("who", who)]) })
        })
        .collect()
}
