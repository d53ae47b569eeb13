//! Looks at the clocks of connections: what time alone has changed becomes history and events, and
//! people are told what they have to know, once.
//!
//! Workers share what is due by leases, so that none looks at what another does. A lease keeps nobody
//! out: a look is written only if nobody has changed the connection, or looked, since it was read.

use jiff::{Timestamp as Instant, tz::TimeZone};
use lifecycle::{
    Health, NoticeKind, Severity, Timestamp, alarm,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    health::{TokenProof, WARN_BEFORE_MS, silent_since},
    ids::ChannelId,
    notice::{Told, Warnings, warnings},
};
use serde_json::json;
use store::{Channel, Connection, NewNotice, Notice, StoreError, WatchOutcome, Watched};

use crate::{
    ConnectionState, Error, Gap, Renova,
    check::{is_by_clock, is_news, without_trouble},
};

/// Connections read at once.
const BATCH: i64 = 100;
/// Notices of one connection that are looked through.
const REMEMBERED: i64 = 200;
/// Every connection is looked at this often, even if nothing is near.
const LONGEST_PAUSE_MS: i64 = DAY_MS;
/// A message makes nothing due, and that a silence is over is told.
const SILENT_PAUSE_MS: i64 = HOUR_MS;
/// While alarms are held it is looked again after this long.
const HELD_PAUSE_MS: i64 = MINUTE_MS;
/// What cannot be looked at must not be asked for again at once.
const PAUSE_AFTER_ERROR_MS: i64 = MINUTE_MS;
/// Before the first look: whatever the clock says by then is told.
const NEVER: Timestamp = Timestamp(0);

impl Renova {
    /// One round over what is due. Errors of one connection are logged and do not stop the others.
    pub async fn watch_what_is_due(&self) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let held = self.alarms_are_held().await?;
        if held {
            let now = self.now();
            storage.postpone_watch(now, now.plus(HELD_PAUSE_MS)).await?;
        }
        let newest = storage.newest_message_at().await?;
        loop {
            let due = storage.claim_watches(self.now(), self.wall_now(), BATCH).await?;
            let last = due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            for watched in due {
                let id = watched.connection.id;
                let watch_at = watched.watch_at;
                match self.watch(watched, newest, held).await {
                    // Somebody has changed it or looked meanwhile.
                    Ok(()) | Err(Error::Store(StoreError::Stale)) => {}
                    Err(error @ Error::Store(StoreError::Unavailable(_))) => return Err(error),
                    Err(error) => {
                        tracing::error!(%error, connection = %id, "a connection could not be looked at");
                        storage.defer_watch(id, watch_at, self.now().plus(PAUSE_AFTER_ERROR_MS)).await?;
                    }
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    async fn alarms_are_held(&self) -> Result<bool, Error> {
        let Some(ago) = self.clock_moved_ago().filter(|ago| *ago < alarm::HOLD_MS) else { return Ok(false) };
        let (connections, due) = self.parts.storage.count_for_watch(self.now()).await?;
        let (held, news) = self.clock_watch.hold_on(|| alarm::is_held(connections, due, Some(ago)));
        if news {
            tracing::error!(connections, due, "the clock has moved: warnings wait for up to 15 minutes");
        }
        Ok(held)
    }

    async fn watch(&self, watched: Watched, newest: Option<Timestamp>, held: bool) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let (connection, now) = (&watched.connection, self.now());
        let organization = connection.organization_id;
        let channels = storage.channels_of_connection(organization, connection.id).await?;
        let after = self.state_at(connection.clone(), channels.clone(), None, newest, now);
        let looked = watched.watched_at.unwrap_or(NEVER);
        let silent = Silent::new(&watched.silent, &after, now);
        let mut trails = if held { Vec::new() } else { self.by_clock(connection, &channels, newest, looked) };
        trails.extend(self.heard_again(&after, &silent.over));
        let mut told = storage.notices_of(organization, connection.id, REMEMBERED).await?;
        // A wrong clock has given them; housekeeping forgets them once this one is believed.
        told.retain(|notice| notice.at <= now.plus(alarm::MOVED_MS));
        let zone = self.zone_of(connection).await?;
        let warned = if held { Warnings::default() } else { self.warnings_of(&after, &told, &zone).await? };
        let mut notices = Vec::new();
        for Told { ends_at, days } in &warned.due {
            let kind = NoticeKind::Expires { ends_at: *ends_at, days: *days };
            notices.push(self.new_notice(&after, kind, false, None, json!({})).await?);
        }
        let doubtful = self.clock_is_doubtful();
        notices.extend(self.stop_or_recovery(&after, &told, doubtful).await?);
        let calm = if silent.still.is_empty() { LONGEST_PAUSE_MS } else { SILENT_PAUSE_MS };
        let pause = if doubtful { HELD_PAUSE_MS } else { calm };
        let outcome = WatchOutcome {
            connection_id: connection.id,
            expected_version: connection.version,
            expected_watch_at: watched.watch_at,
            at: if held { looked } else { now },
            next_watch_at: next_change(&after, now).chain(warned.next_at).fold(now.plus(pause), Timestamp::min),
            silent: silent.still,
            notices,
            trails,
        };
        Ok(storage.record_watch(organization, &outcome).await?)
    }

    async fn zone_of(&self, connection: &Connection) -> Result<TimeZone, Error> {
        let organization = self.parts.storage.organization(connection.organization_id).await?;
        Ok(organization.and_then(|it| TimeZone::get(&it.time_zone).ok()).unwrap_or(TimeZone::UTC))
    }

    async fn warnings_of(&self, state: &ConnectionState, told: &[Notice], zone: &TimeZone) -> Result<Warnings, Error> {
        let organization = state.connection.organization_id;
        let policy = self.parts.storage.warning_policy(organization).await?.unwrap_or_default();
        let of_this_grant = told.iter().filter(|it| it.token_generation == state.connection.token_generation);
        let told: Vec<_> = of_this_grant
            .filter_map(|it| match it.kind {
                NoticeKind::Expires { ends_at, days } => Some(Told { ends_at, days }),
                _ => None,
            })
            .collect();
        let offset = |at: Timestamp| offset_ms(zone, at);
        Ok(warnings(&policy, &state.ends(), &told, &offset, self.now()))
    }

    /// What is proved to have stopped is told at once, and that all is well again is told too.
    /// While the clock is in doubt it is no cause for joy that an end lies far ahead.
    async fn stop_or_recovery(
        &self,
        state: &ConnectionState,
        told: &[Notice],
        doubtful: bool,
    ) -> Result<Option<NewNotice>, Error> {
        if let Some(since) = stopped_since(state) {
            let kind = NoticeKind::Stopped { since };
            let generation = state.connection.token_generation;
            if told.iter().any(|it| it.kind == kind && it.token_generation == generation) {
                return Ok(None);
            }
            let detail = json!({"accounts": stopped_accounts(state)});
            return Ok(Some(self.new_notice(state, kind, true, None, detail).await?));
        }
        let open: Vec<_> = told
            .iter()
            .filter(|it| !matches!(it.kind, NoticeKind::Requested { .. }))
            .take_while(|it| !matches!(it.kind, NoticeKind::Recovered { .. }))
            .collect();
        let by_proof = open.iter().any(|it| matches!(it.kind, NoticeKind::Stopped { .. }));
        if open.is_empty() || state.severity() >= Severity::Soon || (doubtful && !by_proof) {
            return Ok(None);
        }
        let gaps = gaps(&open, self.now());
        let urgent = !gaps.is_empty();
        let kind = NoticeKind::Recovered { at: self.now() };
        Ok(Some(self.new_notice(state, kind, urgent, None, json!({"gaps": gaps})).await?))
    }
}

/// The moments at which the clock alone changes the state.
fn next_change(state: &ConnectionState, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    let moments = state.ends().into_iter().flat_map(|end| [end.plus(-WARN_BEFORE_MS), end]);
    moments.filter(move |at| *at > now)
}

/// Since when something is proved not to work; the newest such moment, so that the next account that
/// stops is told as well. A grant that has run out is told by the warnings of its end, and delivers as
/// long as its Pages do.
fn stopped_since(state: &ConnectionState) -> Option<Timestamp> {
    let facts = &state.connection.facts;
    let grant = facts.dead_since.filter(|_| facts.proof != TokenProof::Works && !state.has_run_out());
    let channels = state.channels.iter().filter(|it| it.health.severity() == Severity::Stopped);
    channels.filter_map(|it| it.channel.facts.dead_since).chain(grant).max()
}

fn stopped_accounts(state: &ConnectionState) -> Vec<serde_json::Value> {
    let stopped = state.channels.iter().filter(|it| it.health.severity() == Severity::Stopped);
    stopped.map(|it| json!({"account": it.account(), "from": it.channel.facts.dead_since})).collect()
}

/// Which messages may be missing, by the notices that told of a stop: from its first moment on.
fn gaps(open: &[&Notice], to: Timestamp) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    // The oldest first.
    for notice in open.iter().rev().filter(|it| matches!(it.kind, NoticeKind::Stopped { .. })) {
        let detail: serde_json::Value = serde_json::from_str(&notice.detail).unwrap_or_default();
        for stopped in detail["accounts"].as_array().into_iter().flatten() {
            let (Some(account), Some(from)) = (stopped["account"].as_str(), stopped["from"].as_i64()) else { continue };
            if !gaps.iter().any(|gap| gap.account == account) {
                gaps.push(Gap { account: account.to_owned(), from: Timestamp(from), to });
            }
        }
    }
    gaps
}

fn offset_ms(zone: &TimeZone, at: Timestamp) -> i64 {
    let at = Instant::from_millisecond(at.0).unwrap_or(Instant::UNIX_EPOCH);
    i64::from(zone.to_offset(at).seconds()) * 1_000
}

impl Renova {
    /// A message has ended a silence: no check sees that, and the clock does not bring it about.
    fn heard_again(&self, state: &ConnectionState, over: &[ChannelId]) -> Vec<store::Trail> {
        let silent = Health::Silent { since: self.now() };
        let channels = state.channels.iter().filter(|it| over.contains(&it.channel.id));
        let mut trails: Vec<_> =
            channels.map(|it| self.channel_trail(state, &it.channel, "channel.healthy", silent)).collect();
        if state.health == Health::Healthy && !trails.is_empty() {
            trails.push(self.connection_trail(state, "connection.healthy", silent));
        }
        trails
    }

    /// What the clock alone has made of the same facts since the last look. A check may have proved
    /// meanwhile what the clock says as well, and told nothing: to it the word was the same.
    fn by_clock(
        &self,
        connection: &Connection,
        channels: &[Channel],
        newest: Option<Timestamp>,
        looked: Timestamp,
    ) -> Vec<store::Trail> {
        let now = self.now();
        if looked >= now {
            return Vec::new();
        }
        let connection = without_trouble(connection.clone());
        let after = self.state_at(connection.clone(), channels.to_vec(), None, newest, now);
        // What was dead when it came is no news.
        let known_at = looked.max(connection.created_at);
        let (connection, channels) = as_proved_by(known_at, connection, channels.to_vec());
        let reached_at = |at| self.state_at(connection.clone(), channels.clone(), None, newest, at);
        let (before, by_clock) = (reached_at(looked), reached_at(now));
        let is_told = |old: Health, by_clock: Health, new: Health| {
            is_news(old, by_clock) && is_by_clock(new) && !is_news(by_clock, new)
        };
        let mut trails = Vec::new();
        for ((old, by_clock), new) in before.channels.iter().zip(&by_clock.channels).zip(&after.channels) {
            if is_told(old.health, by_clock.health, new.health) {
                let action = format!("channel.{}", new.health.as_str());
                trails.push(self.channel_trail(&after, &new.channel, &action, old.health));
            }
        }
        if is_told(before.health, by_clock.health, after.health) {
            let action = format!("connection.{}", after.health.as_str());
            trails.push(self.connection_trail(&after, &action, before.health));
        }
        trails
    }
}

/// The channels that are or were silent.
struct Silent {
    still: Vec<ChannelId>,
    /// They were at the last look.
    over: Vec<ChannelId>,
}

impl Silent {
    fn new(before: &[ChannelId], state: &ConnectionState, now: Timestamp) -> Self {
        let (mut still, mut over) = (Vec::new(), Vec::new());
        for it in &state.channels {
            let was = before.contains(&it.channel.id);
            let is_quiet = silent_since(it.channel.last_message_at, Some(now), now).is_some();
            match it.health {
                Health::Silent { .. } => still.push(it.channel.id),
                Health::Healthy if was && !is_quiet => over.push(it.channel.id),
                // While nothing reaches us at all, nobody can tell whether it is over.
                Health::Healthy | Health::Unreachable { .. } if was => still.push(it.channel.id),
                _ => {}
            }
        }
        Self { still, over }
    }
}

/// As it was known at a moment: what was proved dead later still worked.
fn as_proved_by(at: Timestamp, mut connection: Connection, mut channels: Vec<Channel>) -> (Connection, Vec<Channel>) {
    let known = |proof: TokenProof, since: Option<Timestamp>| {
        if since.is_some_and(|since| since > at) { TokenProof::Works } else { proof }
    };
    connection.facts.proof = known(connection.facts.proof, connection.facts.dead_since);
    for Channel { facts, .. } in &mut channels {
        facts.proof = known(facts.proof, facts.dead_since);
    }
    (connection, channels)
}
