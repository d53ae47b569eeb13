//! A channel's token for the platform's servers: the only way by which one leaves.
//!
//! Requests are answered in groups: one look into the database for all that wait, then one synced
//! transaction that notes which tokens leave, then the answers; meanwhile the next group is read. A token that
//! could not be noted does not leave.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use lifecycle::{
    ChannelKind, Clock, Health, Provider, Timestamp,
    clock::DAY_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId},
};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use store::{Channel, Connection, SealedToken, Storage, StoreError, TokenRead};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{ApiCaller, Error, Parts, Renova, connections::channel_health, sealing::Place};

/// Requests that may wait for the disk; more are told to come back.
const WAITING: usize = 4_096;
/// Requests answered together.
const AT_ONCE: usize = 256;
/// So long it is kept which token left, and by which key.
const KEPT_MS: i64 = 90 * DAY_MS;

/// What became of a request for a token.
#[derive(Debug)]
pub enum TokenAnswer {
    Token(Box<ChannelToken>),
    /// The caller has it already, until it ends.
    Unchanged(TokenTag, Option<Timestamp>),
    /// This very token is proved dead: nobody is helped by it.
    Dead(Box<DeadToken>),
}

/// A token with what is known about it.
#[derive(Debug)]
pub struct ChannelToken {
    pub token: SecretString,
    pub kind: ChannelKind,
    pub account_id: String,
    /// Where it is used: base address and version.
    pub graph_url: String,
    /// `None`: no end of its own.
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    /// The end of the grant behind it.
    pub grant_expires_at: Option<Timestamp>,
    pub token_generation: i64,
    pub health: Health,
    pub tag: TokenTag,
}

/// Why a token is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadToken {
    pub health: Health,
    /// The stable word of what Meta said, such as `password_changed`, or else of what was proved.
    pub reason: String,
    pub since: Option<Timestamp>,
}

/// The same as long as nothing of the answer has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenTag(pub String);

/// Answers requests for tokens in groups.
pub(crate) struct TokenDesk {
    queue: mpsc::Sender<Waiting>,
}

struct Waiting {
    who: Arc<ApiCaller>,
    channel: ChannelId,
    /// Tags of answers that the caller has.
    has: Vec<String>,
    answer: Answer,
}

/// The end by which whoever waits is told.
type Answer = oneshot::Sender<Result<Found, Error>>;

enum Found {
    Token(Box<Leaving>),
    Unchanged(TokenTag, Option<Timestamp>),
    Dead(Box<DeadToken>),
}

/// A token that may leave once that is noted.
struct Leaving {
    channel: Channel,
    connection: Arc<Connection>,
    sealed: SealedToken,
    place: Place,
    health: Health,
    tag: TokenTag,
}

impl TokenDesk {
    pub(crate) fn start(parts: &Parts) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let (storage, clock, wall) = (Arc::clone(&parts.storage), Arc::clone(&parts.clock), Arc::clone(&parts.wall));
        tokio::spawn(answer_groups(storage, clock, wall, GraphUrls::of(parts), waiting));
        Self { queue }
    }

    async fn ask(&self, who: &Arc<ApiCaller>, channel: ChannelId, has: Vec<String>) -> Result<Found, Error> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { who: Arc::clone(who), channel, has, answer };
        self.queue.try_send(waiting).map_err(|_| Error::TooBusy)?;
        answered.await.map_err(|_| Error::Internal("the token desk has ended"))?
    }
}

/// Ends when nobody can ask any more. While one group is noted, the next one is read.
async fn answer_groups(
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    urls: GraphUrls,
    mut waiting: mpsc::Receiver<Waiting>,
) {
    let mut group = Vec::new();
    let mut noting = None;
    while waiting.recv_many(&mut group, AT_ONCE).await > 0 {
        let asked = std::mem::take(&mut group);
        let found = read_group(&*storage, clock.now(), wall.now(), &urls, asked).await;
        end(noting.take()).await;
        noting = found.map(|found| tokio::spawn(found.note_and_answer(Arc::clone(&storage))));
    }
    end(noting).await;
}

async fn end(noting: Option<JoinHandle<()>>) {
    if let Some(noting) = noting
        && let Err(error) = noting.await
    {
        tracing::error!(%error, "a group of requests for tokens was lost");
    }
}

/// What becomes of each request of a group, once it is noted which tokens leave.
struct FoundGroup {
    reads: Vec<TokenRead>,
    told: Vec<(Answer, Result<Found, Error>)>,
}

/// `None`: nothing could be read, and everybody has been told.
async fn read_group(
    storage: &dyn Storage,
    now: Timestamp,
    wall: Timestamp,
    urls: &GraphUrls,
    group: Vec<Waiting>,
) -> Option<FoundGroup> {
    let ids: HashSet<_> = group.iter().map(|it| it.channel).collect();
    let shelf = match Shelf::read(storage, &ids.into_iter().collect::<Vec<_>>(), now).await {
        Ok(shelf) => shelf,
        Err(error) => {
            refuse(group.into_iter().map(|it| it.answer), &error);
            return None;
        }
    };
    let mut reads = Vec::new();
    let mut told = Vec::with_capacity(group.len());
    for asked in group {
        let found = shelf.find(&asked, urls);
        if let Ok(Found::Token(leaving)) = &found {
            reads.push(TokenRead {
                organization: leaving.channel.organization_id,
                api_key: asked.who.key,
                channel: asked.channel,
                token_generation: leaving.channel.token_generation,
                at: wall,
            });
        }
        told.push((asked.answer, found));
    }
    Some(FoundGroup { reads, told })
}

impl FoundGroup {
    async fn note_and_answer(self, storage: Arc<dyn Storage>) {
        if !self.reads.is_empty()
            && let Err(error) = storage.record_token_reads(&self.reads).await
        {
            return refuse(self.told.into_iter().map(|(answer, _)| answer), &error);
        }
        for (answer, found) in self.told {
            // Who has hung up meanwhile asks again.
            let _ = answer.send(found);
        }
    }
}

fn refuse(waiting: impl Iterator<Item = Answer>, error: &StoreError) {
    for answer in waiting {
        let _ = answer.send(Err(StoreError::Unavailable(error.to_string()).into()));
    }
}

/// What was read for one group.
struct Shelf {
    channels: HashMap<ChannelId, Channel>,
    connections: HashMap<ConnectionId, Arc<Connection>>,
    /// Pages whose tokens serve Instagram accounts of the group.
    pages: HashMap<(ConnectionId, String), Channel>,
    newest_message_at: Option<Timestamp>,
    now: Timestamp,
}

impl Shelf {
    async fn read(storage: &dyn Storage, ids: &[ChannelId], now: Timestamp) -> Result<Self, StoreError> {
        let channels: HashMap<_, _> =
            storage.channels_by_ids(ids).await?.into_iter().map(|it| (it.channel.id, it.channel)).collect();
        let of: HashSet<_> = channels.values().map(|channel| channel.connection_id).collect();
        let connections = storage.connections_by_ids(&of.into_iter().collect::<Vec<_>>()).await?;
        let connections = connections.into_iter().map(|it| (it.id, Arc::new(it))).collect();
        let without: HashSet<_> =
            channels.values().filter(|it| it.token.is_none()).map(|channel| channel.connection_id).collect();
        let mut pages = HashMap::new();
        if !without.is_empty() {
            for served in storage.channels_of_connections(&without.into_iter().collect::<Vec<_>>()).await? {
                let page = served.channel;
                if page.kind == ChannelKind::Messenger {
                    pages.insert((page.connection_id, page.account_id.clone()), page);
                }
            }
        }
        let newest_message_at = storage.newest_message_at().await?;
        Ok(Self { channels, connections, pages, newest_message_at, now })
    }

    fn find(&self, asked: &Waiting, urls: &GraphUrls) -> Result<Found, Error> {
        let channel = self.channels.get(&asked.channel).ok_or(Error::NotFound)?;
        asked.who.reach(channel.organization_id)?;
        let connection = self.connections.get(&channel.connection_id).ok_or(Error::NotFound)?;
        let health = channel_health(connection, channel, self.newest_message_at, self.now);
        if is_dead(channel.facts.proof) {
            return Ok(Found::Dead(Box::new(DeadToken {
                health,
                reason: channel.facts.problem.clone().unwrap_or_else(|| channel.facts.proof.as_str().to_owned()),
                since: channel.facts.dead_since,
            })));
        }
        let (sealed, holder) = self.token_of(channel).ok_or(Error::Internal("a channel without a token"))?;
        let tag = tag_of(channel, connection, sealed, health, urls.of_provider(connection.provider));
        if asked.has.contains(&tag.0) {
            return Ok(Found::Unchanged(tag, channel.facts.expires_at));
        }
        Ok(Found::Token(Box::new(Leaving {
            channel: channel.clone(),
            connection: Arc::clone(connection),
            sealed: sealed.clone(),
            place: Place::channel(holder, connection.meta_app_id),
            health,
            tag,
        })))
    }

    /// Its own, or that of its Page, and whose it is.
    fn token_of<'a>(&'a self, channel: &'a Channel) -> Option<(&'a SealedToken, &'a Channel)> {
        if let Some(own) = &channel.token {
            return Some((own, channel));
        }
        let page = self.pages.get(&(channel.connection_id, channel.page_id.clone()?))?;
        page.token.as_ref().map(|token| (token, page))
    }
}

/// A missing permission stops some calls, not the token.
const fn is_dead(proof: TokenProof) -> bool {
    matches!(proof, TokenProof::Expired | TokenProof::Revoked | TokenProof::RoleLost)
}

/// Where tokens of each kind are used.
struct GraphUrls {
    facebook: String,
    instagram: String,
}

impl GraphUrls {
    fn of(parts: &Parts) -> Self {
        Self { facebook: parts.meta.graph_url().to_string(), instagram: parts.meta.instagram_graph_url().to_string() }
    }

    fn of_provider(&self, provider: Provider) -> &str {
        match provider {
            Provider::Facebook => &self.facebook,
            Provider::Instagram => &self.instagram,
        }
    }
}

fn tag_of(
    channel: &Channel,
    connection: &Connection,
    sealed: &SealedToken,
    health: Health,
    graph_url: &str,
) -> TokenTag {
    let at = |at: Option<Timestamp>| at.map_or(-1, |at| at.0);
    let text = format!(
        "{} {} {} {} {} {} {} {graph_url}",
        channel.id,
        channel.token_generation,
        sealed.token_version,
        health.as_str(),
        at(channel.facts.expires_at),
        at(channel.facts.data_access_expires_at),
        at(connection.facts.expires_at),
    );
    TokenTag(hex::encode(&Sha256::digest(text.as_bytes())[..12]))
}

impl Renova {
    /// The token by which the platform acts for this channel. `has` are tags of answers that the caller has.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for another organization's; [`Error::TooBusy`].
    pub async fn channel_token(
        &self,
        who: &Arc<ApiCaller>,
        channel: ChannelId,
        has: Vec<String>,
    ) -> Result<TokenAnswer, Error> {
        Ok(match self.token_desk.ask(who, channel, has).await? {
            Found::Unchanged(tag, ends_at) => TokenAnswer::Unchanged(tag, ends_at),
            Found::Dead(dead) => TokenAnswer::Dead(dead),
            Found::Token(leaving) => TokenAnswer::Token(Box::new(self.opened(*leaving)?)),
        })
    }

    fn opened(&self, leaving: Leaving) -> Result<ChannelToken, Error> {
        let Leaving { channel, connection, sealed, place, health, tag } = leaving;
        Ok(ChannelToken {
            token: self.unseal(&sealed, &place)?,
            kind: channel.kind,
            account_id: channel.account_id,
            graph_url: GraphUrls::of(&self.parts).of_provider(connection.provider).to_owned(),
            expires_at: channel.facts.expires_at,
            data_access_expires_at: channel.facts.data_access_expires_at,
            grant_expires_at: connection.facts.expires_at,
            token_generation: channel.token_generation,
            health,
            tag,
        })
    }

    pub(crate) async fn forget_token_reads(&self) -> Result<(), Error> {
        Ok(self.parts.storage.forget_token_reads(self.wall_now().plus(-KEPT_MS)).await?)
    }
}
