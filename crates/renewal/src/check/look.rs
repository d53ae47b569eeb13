//! What one look at a connection finds.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lifecycle::{Timestamp, health::TokenProof, ids::ChannelId};
use meta::{LoginProvider, Meaning, Room, TokenCheck};
use secrecy::SecretString;
use store::{Channel, ChannelTokenFacts, Connection, GrantFacts};

use super::{
    permissions::{self, is_of_grant},
    verdict::{Proved, proof_of, proof_of_graph},
};
use crate::{Error, Renova, apps::account_kind, record::effective, sealing::Place};

/// After so many questions in a row that were not answered, nothing more is asked: each takes as long
/// as its deadline allows, and there may be a hundred Pages.
const MOST_UNANSWERED: usize = 3;

/// A connection as it was found.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    pub facts: GrantFacts,
    pub channels: Vec<(ChannelId, ChannelTokenFacts, Vec<String>)>,
    /// Meta could not be asked about everything; inside: how long it wants to be left alone.
    pub trouble: Option<Option<Duration>>,
    /// Channels whose lost subscription is there again.
    pub resubscribed: Vec<ChannelId>,
    /// Questions that were not answered since the last that was.
    pub(super) unanswered: usize,
}

impl Findings {
    /// Everything as it was known.
    pub(crate) fn unchanged(connection: &Connection, channels: &[Channel]) -> Self {
        let known = |channel: &Channel| (channel.id, channel.facts.clone(), channel.subscribed_fields.clone());
        Self {
            facts: connection.facts.clone(),
            channels: channels.iter().map(known).collect(),
            trouble: None,
            resubscribed: Vec::new(),
            unanswered: 0,
        }
    }

    fn hear<T>(&mut self, answer: &Result<T, meta::Error>) {
        let none = matches!(answer, Err(meta::Error::Timeout | meta::Error::Unreachable));
        self.unanswered = if none { self.unanswered + 1 } else { 0 };
    }

    /// Something that worked does not work any more.
    pub(super) fn is_bad(&self, connection: &Connection, channels: &[Channel]) -> bool {
        let worked = |proof: TokenProof| proof == TokenProof::Works;
        let fell = |before: TokenProof, after: TokenProof| worked(before) && !worked(after);
        let channel =
            |(before, (_, after, _)): (&Channel, &(_, ChannelTokenFacts, _))| fell(before.facts.proof, after.proof);
        fell(connection.facts.proof, self.facts.proof) || channels.iter().zip(&self.channels).any(channel)
    }

    /// Takes down an answer that proves nothing. Meta's own trouble passes; anything else waits for
    /// whoever runs this service, who finds its word in the log and beside the account.
    pub(super) fn note(&mut self, error: &meta::Error) -> Option<String> {
        if error.is_metas_trouble() {
            let wait = error.wait().max(self.trouble.flatten());
            self.trouble = Some(wait);
            return None;
        }
        let code = error.meaning().unwrap_or(Meaning::Unknown).code();
        tracing::error!(%error, code, "an answer of Meta's needs attention: it proves nothing, and asking again does not help");
        Some(code.to_owned())
    }

    /// Meta moves this end by itself when the person uses the app.
    fn move_data_access(&mut self, connection: &Connection, channels: &[Channel]) {
        let Some(at) = self.facts.data_access_expires_at else { return };
        for (channel, (_, facts, _)) in channels.iter().zip(&mut self.channels) {
            if is_of_grant(channel, connection) {
                facts.data_access_expires_at = Some(at);
            }
        }
    }
}

impl Renova {
    /// Asks about the grant, each account and each subscription; adds what a subscription has lost.
    pub(super) async fn look(
        &self,
        login: &dyn LoginProvider,
        connection: &Connection,
        channels: &[Channel],
    ) -> Result<Findings, Error> {
        let mut found = Findings::unchanged(connection, channels);
        let token = self.unseal(&connection.token, &Place::connection(connection))?;
        let now = self.now();
        let inspected = login.inspect(&token).await;
        found.hear(&inspected);
        match inspected {
            Ok(check) => found.facts = grant_facts(&connection.facts, check, now),
            Err(error) => found.facts.problem = found.note(&error).or(found.facts.problem.take()),
        }
        found.move_data_access(connection, channels);
        let app_fields = match login.app_fields().await {
            Ok(fields) => fields,
            Err(error) => {
                found.note(&error);
                None
            }
        };
        for (holder, members) in groups(channels) {
            if found.unanswered >= MOST_UNANSWERED {
                break;
            }
            let holder = &channels[holder];
            let Some(sealed) = &holder.token else { continue };
            if let Room::Full { until } = login.room(Some(served_by(holder))) {
                // This Page has had its calls; the others go on.
                found.trouble = Some(until.max(found.trouble.flatten()));
                continue;
            }
            let token = self.unseal(sealed, &Place::channel(holder, connection.meta_app_id))?;
            let (served_by, app_fields) = (served_by(holder), app_fields.as_ref());
            let mut group = Group { login, served_by, token: &token, app_fields, members: &members };
            group.look(channels, &mut found, now).await;
        }
        permissions::compare(login, &token, connection, channels, &mut found, now).await;
        found.facts.checked_at = Some(now);
        found.facts.unreachable_since = match found.trouble {
            Some(_) => connection.facts.unreachable_since.or(Some(now)),
            None => None,
        };
        Ok(found)
    }
}

/// Channels by the one whose token serves them, as indexes: their own, else that of their Page's.
fn groups(channels: &[Channel]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, channel) in channels.iter().enumerate() {
        let serves = |other: &Channel| other.token.is_some() && served_by(other) == served_by(channel);
        let own = channel.token.as_ref().map(|_| index);
        if let Some(holder) = own.or_else(|| channels.iter().position(serves)) {
            groups.entry(holder).or_default().push(index);
        }
    }
    groups
}

fn served_by(channel: &Channel) -> &str {
    channel.page_id.as_deref().unwrap_or(&channel.account_id)
}

/// Channels with one token and one subscription.
struct Group<'a> {
    login: &'a dyn LoginProvider,
    served_by: &'a str,
    token: &'a SecretString,
    app_fields: Option<&'a BTreeMap<String, Vec<String>>>,
    /// Indexes of the channels.
    members: &'a [usize],
}

impl Group<'_> {
    async fn look(&mut self, channels: &[Channel], found: &mut Findings, now: Timestamp) {
        let mut works = false;
        for index in self.members {
            let channel = &channels[*index];
            let read = self.login.read_account(account_kind(channel.kind), &channel.account_id, self.token).await;
            found.hear(&read);
            let proved = match &read {
                Ok(()) => Some(Proved::WORKS),
                Err(error) => proof_of(error),
            };
            match (proved, read) {
                (Some(proved), _) => {
                    works |= proved.proof == TokenProof::Works;
                    set_proof(&mut found.channels[*index].1, proved, now);
                }
                (None, Err(error)) => {
                    let known = found.channels[*index].1.problem.take();
                    found.channels[*index].1.problem = found.note(&error).or(known);
                }
                (None, Ok(())) => {}
            }
        }
        if works {
            self.subscription(channels, found).await;
        }
    }

    fn note(&self, error: &meta::Error, found: &mut Findings) {
        let Some(code) = found.note(error) else { return };
        for index in self.members {
            found.channels[*index].1.problem = Some(code.clone());
        }
    }

    /// Reads what arrives, and adds what has been lost.
    async fn subscription(&self, channels: &[Channel], found: &mut Findings) {
        let mut read = match self.login.subscribed_fields(self.served_by, self.token).await {
            Ok(fields) => fields,
            Err(error) => return self.note(&error, found),
        };
        let needed: BTreeSet<String> = self
            .members
            .iter()
            .flat_map(|index| self.login.needs(account_kind(channels[*index].kind)).fields)
            .map(|field| (*field).to_owned())
            .collect();
        let had_messages = read.iter().any(|field| field == MESSAGES);
        if !needed.iter().all(|field| read.contains(field)) {
            match self.login.subscribe(self.served_by, self.token, &needed).await {
                Ok(subscription) => read = subscription.fields,
                Err(error) => {
                    tracing::warn!(%error, "a lost subscription could not be restored; it is tried again");
                    self.note(&error, found);
                }
            }
        }
        let restored = !had_messages && read.iter().any(|field| field == MESSAGES);
        for index in self.members {
            let channel = &channels[*index];
            found.channels[*index].2 = effective(self.app_fields, channel.kind, &read);
            if restored {
                found.resubscribed.push(channel.id);
            }
        }
    }
}

/// Without it nothing arrives.
const MESSAGES: &str = "messages";

fn grant_facts(before: &GrantFacts, check: TokenCheck, now: Timestamp) -> GrantFacts {
    let mut facts = before.clone();
    let proved = match &check.problem {
        None => Some(Proved::WORKS),
        Some(error) => proof_of_graph(error),
    };
    let Some(Proved { proof, problem }) = proved else { return facts };
    if let Some(stated) = check.facts {
        let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
        // Of a dead token Meta states less than it did before.
        if proof == TokenProof::Works {
            facts.scopes = stated.scopes;
            // What Meta does not state is as it was known; only 0 is no end.
            facts.expires_at = at(stated.expires_at).or(facts.expires_at.filter(|_| !stated.is_endless));
        }
        facts.issued_at = at(stated.issued_at).or(facts.issued_at);
        facts.data_access_expires_at = at(stated.data_access_expires_at).or(facts.data_access_expires_at);
    }
    facts.dead_since = since(facts.proof, proof, facts.dead_since, now);
    facts.proof = proof;
    facts.problem = problem.map(str::to_owned);
    facts
}

pub(super) fn set_proof(facts: &mut ChannelTokenFacts, Proved { proof, problem }: Proved, now: Timestamp) {
    facts.dead_since = since(facts.proof, proof, facts.dead_since, now);
    facts.proof = proof;
    facts.problem = problem.map(str::to_owned);
    facts.checked_at = Some(now);
}

/// Since when it does not work: as it was known where it did not work before.
fn since(before: TokenProof, after: TokenProof, known: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    match (before, after) {
        (_, TokenProof::Works) => None,
        (TokenProof::Works, _) => Some(now),
        _ => known.or(Some(now)),
    }
}

#[cfg(test)]
mod tests {
    use meta::{TokenFacts, TokenKind};

    use super::*;

    #[test]
    fn an_end_is_forgotten_only_where_meta_says_that_there_is_none() {
        let (now, known) = (Timestamp(1_000), Timestamp(9_000_000));
        let before = GrantFacts {
            scopes: Vec::new(),
            issued_at: None,
            expires_at: Some(known),
            data_access_expires_at: None,
            proof: TokenProof::Works,
            problem: None,
            dead_since: None,
            checked_at: None,
            unreachable_since: None,
        };
        for (expires_at, is_endless, kept) in
            [(Some(10_000), false, Some(Timestamp(10_000_000))), (None, false, Some(known)), (None, true, None)]
        {
            let stated = TokenFacts {
                is_valid: true,
                kind: TokenKind::User,
                app_id: None,
                user_id: None,
                profile_id: None,
                issued_at: None,
                expires_at,
                is_endless,
                data_access_expires_at: None,
                scopes: Vec::new(),
                granular_scopes: Vec::new(),
                error: None,
            };
            let check = TokenCheck { problem: None, facts: Some(stated) };
            assert_eq!(grant_facts(&before, check, now).expires_at, kept, "{expires_at:?} {is_endless}");
        }
    }
}
