//! The data of the audit log's page.

use lifecycle::{
    Timestamp,
    ids::{AuditId, ChannelId, ConnectionId, UserId},
};
use renewal::{Error, Identity, Renova};
use serde_json::Value;
use store::{ApiKey, AuditActor, AuditEntry, AuditFilter, Channel, Connection, User};
use wizard::texts::fill;

use super::{dates::Calendar, deeds, words::pick};
use crate::{
    model::{Audit, AuditLine, Choice},
    texts::texts,
};

/// Who stands for what nobody did by hand.
const BY_ITSELF: &str = "renova";
const PATH: &str = "/settings/audit";

/// What the page's address asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub by: Option<String>,
    pub what: Option<String>,
    pub before: Option<String>,
}

pub async fn audit(renova: &Renova, who: &Identity, calendar: &Calendar, wanted: Wanted) -> Result<Audit, Error> {
    who.require_admin()?;
    let filter = AuditFilter {
        by: wanted.by.as_deref().and_then(actor),
        kind: wanted.what.clone().filter(|kind| !kind.is_empty()),
        before: wanted.before.as_deref().and_then(cursor),
    };
    let page = renova.audit_page(who, &filter).await?;
    let known = Known::of(renova, who).await?;
    let address = |before: Option<(Timestamp, AuditId)>| address(&wanted, before);
    Ok(Audit {
        people: people(calendar, &known.people, filter.by, renova.brand().product()),
        kinds: kinds(calendar, filter.kind.as_deref()),
        entries: page.entries.iter().map(|entry| known.line(calendar, entry)).collect(),
        older: page.next.map(|next| address(Some(next))),
        newest: filter.before.map(|_| address(None)),
        is_filtered: filter.by.is_some() || filter.kind.is_some(),
    })
}

fn actor(text: &str) -> Option<AuditActor> {
    match text {
        BY_ITSELF => Some(AuditActor::Machine),
        id => id.parse::<UserId>().ok().map(AuditActor::User),
    }
}

/// `1790000000000-0192…`: the instant and the id of the entry before.
fn cursor(text: &str) -> Option<(Timestamp, AuditId)> {
    let (at, id) = text.split_once('-')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

fn address(wanted: &Wanted, before: Option<(Timestamp, AuditId)>) -> String {
    let before = before.map(|(at, id)| format!("{}-{id}", at.0));
    let fields = [("who", &wanted.by), ("what", &wanted.what), ("before", &before)];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given.filter(|(_, value)| !value.is_empty()))
        .finish();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

fn people(calendar: &Calendar, people: &[User], by: Option<AuditActor>, product: &str) -> Vec<Choice> {
    let words = &texts(calendar.locale()).settings;
    let person = |user: &User| Choice {
        value: user.id.to_string(),
        label: user.name.clone(),
        is_chosen: by == Some(AuditActor::User(user.id)),
    };
    let machine = Choice {
        value: BY_ITSELF.to_owned(),
        label: fill(words.by_itself, product),
        is_chosen: by == Some(AuditActor::Machine),
    };
    people.iter().map(person).chain([machine]).collect()
}

fn kinds(calendar: &Calendar, chosen: Option<&str>) -> Vec<Choice> {
    let choice = |(kind, name): (&str, _)| Choice {
        value: kind.to_owned(),
        label: pick(calendar.locale(), name).to_owned(),
        is_chosen: chosen == Some(kind),
    };
    deeds::KINDS.into_iter().map(choice).collect()
}

/// What the entries' ids stand for.
struct Known {
    people: Vec<User>,
    connections: Vec<Connection>,
    channels: Vec<Channel>,
    /// The organization's own.
    keys: Vec<ApiKey>,
    /// Who does what nobody did by hand.
    product: String,
}

impl Known {
    async fn of(renova: &Renova, who: &Identity) -> Result<Self, Error> {
        let states = renova.connections(who).await?;
        let people = renova.everybody(who).await?;
        let (mut connections, mut channels) = (Vec::new(), Vec::new());
        for state in states {
            connections.push(state.connection);
            channels.extend(state.channels.into_iter().map(|it| it.channel));
        }
        let keys = renova.own_api_keys(who).await?;
        Ok(Self { people, connections, channels, keys, product: renova.brand().product().to_owned() })
    }

    fn line(&self, calendar: &Calendar, entry: &AuditEntry) -> AuditLine {
        let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        let channel = self.channel(entry);
        let connection = self.connection(entry, &detail, channel);
        let name = channel.map(Channel::shown_name).or_else(|| Some(detail.get("name")?.as_str()?.to_owned()));
        let gone = || name.clone().filter(|_| entry.action.starts_with("connection."));
        AuditLine {
            at: calendar.exact(entry.at),
            who: self.actor(calendar, entry, &detail),
            what: deeds::deed(calendar, &entry.action, name.as_deref(), &detail),
            connection: connection.map(|it| it.grantee_name.clone()).or_else(gone),
            connection_id: connection.map(|it| it.id.to_string()),
        }
    }

    fn actor(&self, calendar: &Calendar, entry: &AuditEntry, detail: &Value) -> String {
        if let Some(person) = self.people.iter().find(|user| Some(user.id) == entry.user_id) {
            return person.name.clone();
        }
        let Some(id) = renewal::key_of_entry(detail) else { return self.product.clone() };
        let words = &texts(calendar.locale()).settings;
        let own = self.keys.iter().find(|key| key.id == id);
        own.map_or_else(|| words.by_platform.to_owned(), |key| [words.by_key, shown_key(key)].join(" "))
    }

    fn channel(&self, entry: &AuditEntry) -> Option<&Channel> {
        let id: ChannelId = entry.subject.parse().ok()?;
        self.channels.iter().find(|channel| channel.id == id)
    }

    fn connection(&self, entry: &AuditEntry, detail: &Value, channel: Option<&Channel>) -> Option<&Connection> {
        let told = || detail.get("connection").and_then(Value::as_str)?.parse::<ConnectionId>().ok();
        let of_channel = channel.map(|channel| channel.connection_id);
        let ids = [of_channel, entry.subject.parse().ok(), told()];
        self.connections.iter().find(|it| ids.contains(&Some(it.id)))
    }
}

/// Its name, or its last four characters where nobody gave it one.
fn shown_key(key: &ApiKey) -> &str {
    if key.name.is_empty() { &key.hint } else { &key.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_address() {
        let before = (Timestamp(1_790_000_000_000), AuditId::new(Timestamp(1_790_000_000_000), [7; 10]));
        let wanted = Wanted { by: Some(BY_ITSELF.to_owned()), what: Some(String::new()), before: None };
        let address = address(&wanted, Some(before));
        let text = address.strip_prefix("/settings/audit?who=renova&before=").unwrap();
        assert_eq!(cursor(text), Some(before));
        for nonsense in ["", "-", "1-", "x-y", "1790000000000"] {
            assert_eq!(cursor(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn without_a_filter_the_address_is_bare() {
        let wanted = Wanted { by: Some(String::new()), ..Wanted::default() };
        assert_eq!(address(&wanted, None), PATH);
    }
}
