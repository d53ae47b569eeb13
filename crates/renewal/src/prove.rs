//! The proof: subscribe, read back, permissions, a live read. Each line is stored as it is found.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::{StreamExt as _, stream};

use lifecycle::{
    ChannelKind, RenewalEvent, RenewalState,
    ids::RenewalId,
    proof::{ProofItem, ProofLine, Verdict},
    reconcile::GrantedAccount,
};
use meta::PermissionStatus;
use secrecy::SecretString;
use store::Renewal;

use crate::{
    Error, Identity, Renova,
    record::{ProofRecord, RenewalDetail, StagedTokens},
};

/// Pages and accounts that are asked about at the same time.
const CALLS_AT_ONCE: usize = 4;

/// What a line found: verdict, and what is missing.
type Finding = (Verdict, Vec<String>);

/// The proof under way: what it works on, and the row that it writes to.
struct Prover<'a> {
    renova: &'a Renova,
    app: &'a meta::App,
    tokens: StagedTokens,
    chosen: Vec<GrantedAccount>,
    detail: &'a RenewalDetail,
    renewal: Renewal,
    record: ProofRecord,
}

impl Renova {
    /// Gathers the proof of the reader's own renewal. A complete proof stands, unless something in
    /// it is open and it is asked for `again`.
    pub async fn prove(self: &Arc<Self>, who: &Identity, id: RenewalId, again: bool) -> Result<(), Error> {
        let (renova, who) = (Arc::clone(self), who.clone());
        Self::to_the_end(async move { renova.prove_now(&who, id, again).await }).await
    }

    async fn prove_now(&self, who: &Identity, id: RenewalId, again: bool) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        let open = detail.proof.as_ref().is_some_and(|record| !is_all_good(&record.lines));
        if detail.renewal.state == RenewalState::Proved && !(again && open) {
            return Ok(());
        }
        self.gather_proof(&detail).await
    }

    pub(crate) async fn gather_proof(&self, detail: &RenewalDetail) -> Result<(), Error> {
        if detail.renewal.state == RenewalState::Finished {
            return Ok(());
        }
        let tokens = self.open_staged(&detail.renewal)?;
        let mut renewal = self.advance(&detail.renewal, RenewalEvent::ProofStarted)?;
        let record = ProofRecord::default();
        renewal.proof = Some(serde_json::to_string(&record)?);
        self.write(&renewal, None).await?;
        let selected = detail.selected();
        let chosen = detail.staged()?.accounts.iter().filter(|account| selected.contains(&account.key)).cloned();
        let prover = Prover {
            renova: self,
            app: self.app_of(renewal.meta_app_id)?,
            tokens,
            chosen: chosen.collect(),
            detail,
            renewal,
            record,
        };
        prover.run().await
    }
}

impl Prover<'_> {
    async fn run(mut self) -> Result<(), Error> {
        for item in ProofItem::ALL {
            let (verdict, missing) = self.find(item).await;
            if let Some(line) = self.record.lines.iter_mut().find(|line| line.item == item) {
                *line = ProofLine { item, verdict, missing };
            }
            let event = if item == ProofItem::StoryReplies { RenewalEvent::Proved } else { RenewalEvent::ProofStarted };
            let mut next = self.renova.advance(&self.renewal, event)?;
            next.proof = Some(serde_json::to_string(&self.record)?);
            self.renova.write(&next, None).await?;
            self.renewal = next;
        }
        Ok(())
    }

    async fn find(&mut self, item: ProofItem) -> Finding {
        match item {
            ProofItem::Permissions => self.permissions().await,
            ProofItem::Subscription => self.subscription().await,
            ProofItem::LiveRead => self.live_read().await,
            ProofItem::Dates => self.dates(),
            ProofItem::StoryMentions => self.story_option(|channel| channel.story_mentions, &["messages"]),
            ProofItem::StoryReplies => {
                self.story_option(|channel| channel.story_replies, &["messages", "message_reactions"])
            }
        }
    }

    async fn permissions(&self) -> Finding {
        let token = &self.tokens.user_token;
        let granted: BTreeSet<String> = match self.renova.parts.meta.permissions(self.app, token).await {
            Ok(list) => {
                list.into_iter().filter(|it| it.status == PermissionStatus::Granted).map(|it| it.name).collect()
            }
            Err(error) => return verdict_of(&error, "permissions"),
        };
        let instagram = self.chosen.iter().any(|account| account.key.kind == ChannelKind::Instagram);
        let instagram = if instagram { meta::REQUIRED_INSTAGRAM_SCOPES } else { &[] };
        let needed = meta::REQUIRED_PAGE_SCOPES.iter().chain(instagram);
        let missing: BTreeSet<_> = needed.filter(|it| !granted.contains(**it)).map(|it| (*it).to_owned()).collect();
        if missing.is_empty() { good() } else { (Verdict::Blocking, missing.into_iter().collect()) }
    }

    /// Pages of the chosen accounts, with the fields that their channels need.
    fn pages(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut pages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for account in &self.chosen {
            let fields = match account.key.kind {
                ChannelKind::Messenger => meta::MESSENGER_FIELDS,
                ChannelKind::Instagram => meta::INSTAGRAM_FIELDS,
            };
            pages.entry(account.page_id.clone()).or_default().extend(fields.iter().map(|it| (*it).to_owned()));
        }
        pages
    }

    async fn subscription(&mut self) -> Finding {
        let pages = self.pages();
        let asked: Vec<_> = pages.iter().map(|(page, needed)| self.subscribed_page(page, needed)).collect();
        let found: Vec<_> = stream::iter(asked).buffered(CALLS_AT_ONCE).collect().await;
        let mut findings = Vec::new();
        for (page, (finding, subscribed)) in pages.into_keys().zip(found) {
            findings.push(finding);
            if let Some(subscribed) = subscribed {
                self.record.subscribed.insert(page, subscribed);
            }
        }
        worst(findings)
    }

    async fn subscribed_page(&self, page: &str, needed: &BTreeSet<String>) -> (Finding, Option<Vec<String>>) {
        let Some(token) = self.tokens.page_token(page) else {
            return ((Verdict::Blocking, vec![self.page_name(page)]), None);
        };
        match self.subscribe(page, &token, needed).await {
            Ok(subscribed) => {
                let complete = needed.iter().all(|field| subscribed.contains(field));
                let finding = if complete { good() } else { (Verdict::Open, vec![self.page_name(page)]) };
                (finding, Some(subscribed))
            }
            Err(error) => (verdict_of(&error, &self.page_name(page)), None),
        }
    }

    /// Adds what is needed to what is subscribed, then reads back what Meta really stored.
    async fn subscribe(
        &self,
        page: &str,
        token: &SecretString,
        needed: &BTreeSet<String>,
    ) -> Result<Vec<String>, meta::Error> {
        let meta = &self.renova.parts.meta;
        let before: BTreeSet<_> = meta.subscribed_fields(self.app, page, token).await?.into_iter().collect();
        if needed.is_subset(&before) {
            return Ok(before.into_iter().collect());
        }
        let union: Vec<_> = before.union(needed).cloned().collect();
        meta.subscribe(self.app, page, token, &union).await?;
        meta.subscribed_fields(self.app, page, token).await
    }

    async fn live_read(&self) -> Finding {
        let asked: Vec<_> = self.chosen.iter().map(|account| self.read_account(account)).collect();
        worst(stream::iter(asked).buffered(CALLS_AT_ONCE).collect().await)
    }

    async fn read_account(&self, account: &GrantedAccount) -> Finding {
        let Some(token) = self.tokens.page_token(&account.page_id) else {
            return (Verdict::Blocking, vec![account.name.clone()]);
        };
        let (meta, id) = (&self.renova.parts.meta, &account.key.account_id);
        let read = match account.key.kind {
            ChannelKind::Messenger => meta.read_page(self.app, id, &token).await.map(|_| ()),
            ChannelKind::Instagram => meta.read_instagram(self.app, id, &token).await.map(|_| ()),
        };
        read.map_or_else(|error| verdict_of(&error, &account.name), |()| good())
    }

    fn dates(&self) -> Finding {
        let now = self.renova.now();
        match self.detail.staged.as_ref().map(|staged| staged.expires_at) {
            Some(Some(end)) if end <= now => (Verdict::Blocking, Vec::new()),
            Some(_) => good(),
            None => (Verdict::Blocking, Vec::new()),
        }
    }

    /// The platform's option on every chosen Instagram account, and the fields that carry it.
    fn story_option(&self, is_on: impl Fn(&store::Channel) -> bool, fields: &[&str]) -> Finding {
        let mut findings = Vec::new();
        for account in self.chosen.iter().filter(|it| it.key.kind == ChannelKind::Instagram) {
            let known =
                self.detail.channels.iter().find(|channel| {
                    channel.kind == ChannelKind::Instagram && channel.account_id == account.key.account_id
                });
            let subscribed = self.record.subscribed.get(&account.page_id);
            let carried = |field: &&str| subscribed.is_some_and(|fields| fields.iter().any(|it| it == field));
            let on = known.is_none_or(&is_on) && fields.iter().all(carried);
            findings.push(if on { good() } else { (Verdict::Open, vec![account.name.clone()]) });
        }
        if findings.is_empty() { (Verdict::NotApplicable, Vec::new()) } else { worst(findings) }
    }

    fn page_name(&self, page: &str) -> String {
        let named = self.chosen.iter().find(|account| account.page_id == page);
        named.map_or_else(|| page.to_owned(), |account| account.name.clone())
    }
}

fn is_all_good(lines: &[ProofLine]) -> bool {
    !lines.iter().any(|line| matches!(line.verdict, Verdict::Open | Verdict::Blocking))
}

fn good() -> Finding {
    (Verdict::Good, Vec::new())
}

/// Only a dead token or a missing permission blocks; Meta's own trouble leaves the line open.
fn verdict_of(error: &meta::Error, what: &str) -> Finding {
    tracing::warn!(%error, what, "a line of the proof failed");
    let verdict = if error.is_metas_trouble() || !(error.proves_dead() || error.is_missing_permission()) {
        Verdict::Open
    } else {
        Verdict::Blocking
    };
    (verdict, vec![what.to_owned()])
}

fn worst(findings: Vec<Finding>) -> Finding {
    let blocking = findings.iter().any(|(verdict, _)| *verdict == Verdict::Blocking);
    let open = findings.iter().any(|(verdict, _)| *verdict == Verdict::Open);
    let verdict = match (blocking, open) {
        (true, _) => Verdict::Blocking,
        (false, true) => Verdict::Open,
        (false, false) => Verdict::Good,
    };
    let missing: BTreeSet<_> = findings.into_iter().flat_map(|(_, missing)| missing).collect();
    (verdict, missing.into_iter().collect())
}
