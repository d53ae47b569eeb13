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
use store::Renewal;

use crate::{
    Error, Identity, Renova,
    apps::account_kind,
    record::{ProofRecord, RenewalDetail, StagedTokens},
};

/// Pages and accounts that are asked about at the same time.
const CALLS_AT_ONCE: usize = 4;

/// What a line found: verdict, and what is missing.
type Finding = (Verdict, Vec<String>);

/// The proof under way: what it works on, and the row that it writes to.
struct Prover<'a> {
    renova: &'a Renova,
    login: &'a dyn meta::LoginProvider,
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
        let mut renewal = self.advance(&detail.renewal, RenewalEvent::ProofStarted)?;
        let tokens = self.open_staged(&detail.renewal)?;
        let record = ProofRecord::default();
        renewal.proof = Some(serde_json::to_string(&record)?);
        self.write(&renewal, None).await?;
        let selected = detail.selected();
        let chosen = detail.staged()?.accounts.iter().filter(|account| selected.contains(&account.key)).cloned();
        let prover = Prover {
            renova: self,
            login: &*self.app_of(renewal.meta_app_id)?.login,
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
        let granted: BTreeSet<String> = match self.login.permissions(&self.tokens.user_token).await {
            Ok(Some(list)) => {
                list.into_iter().filter(|it| it.status == PermissionStatus::Granted).map(|it| it.name).collect()
            }
            // What was given at the log-in is all that can be known.
            Ok(None) => self.detail.staged.iter().flat_map(|staged| staged.scopes.clone()).collect(),
            Err(error) => return verdict_of(&error, "permissions"),
        };
        let chosen = self.chosen.iter().map(|account| account.key.kind);
        let kinds = chosen.chain(self.left_alone_in_this_grant());
        let needed = kinds.flat_map(|kind| self.login.needs(account_kind(kind)).permissions);
        let missing: BTreeSet<_> = needed.filter(|it| !granted.contains(**it)).map(|it| (*it).to_owned()).collect();
        if missing.is_empty() { good() } else { (Verdict::Blocking, missing.into_iter().collect()) }
    }

    /// Accounts that this log-in has not shown, and whose tokens hang on the same grant: Meta keeps one
    /// for each (person, app), so what was declined now they have lost as well.
    fn left_alone_in_this_grant(&self) -> impl Iterator<Item = ChannelKind> {
        let grantee = self.detail.staged.as_ref().map(|staged| &staged.grantee_id);
        let same = self.detail.connection.as_ref().is_some_and(|connection| Some(&connection.grantee_id) == grantee);
        self.detail.untouched().into_iter().filter(move |_| same).map(|key| key.kind)
    }

    fn needs(&self, account: &GrantedAccount) -> meta::Needs {
        self.login.needs(account_kind(account.key.kind))
    }

    /// What the subscription of a Page, or of an account by itself, must carry for those chosen.
    fn subscriptions(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for account in &self.chosen {
            let fields = self.needs(account).fields.iter().map(|it| (*it).to_owned());
            all.entry(account.served_by.clone()).or_default().extend(fields);
        }
        all
    }

    async fn subscription(&mut self) -> Finding {
        let all = self.subscriptions();
        let asked: Vec<_> = all.iter().map(|(served_by, needed)| self.subscribed(served_by, needed)).collect();
        let found: Vec<_> = stream::iter(asked).buffered(CALLS_AT_ONCE).collect().await;
        let mut findings = Vec::new();
        for (served_by, (finding, subscribed)) in all.into_keys().zip(found) {
            findings.push(finding);
            if let Some(subscribed) = subscribed {
                self.record.subscribed.insert(served_by, subscribed);
            }
        }
        self.record.app_fields = self.login.app_fields().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what the app itself is subscribed to could not be read");
            None
        });
        let silent = self.chosen.iter().filter(|account| self.arrives(account, &["messages"]) == Some(false));
        findings.extend(silent.map(|account| (Verdict::Open, vec![account.name.clone()])));
        worst(findings)
    }

    async fn subscribed(&self, served_by: &str, needed: &BTreeSet<String>) -> (Finding, Option<Vec<String>>) {
        let name = self.name_of(served_by);
        let Some(token) = self.tokens.token_of(served_by) else {
            return ((Verdict::Blocking, vec![name]), None);
        };
        match self.login.subscribe(served_by, &token, needed).await {
            Ok(subscription) => {
                for (field, error) in &subscription.refused {
                    tracing::warn!(%error, field, "Meta refuses a field of a subscription");
                }
                let complete = needed.iter().all(|field| subscription.fields.contains(field));
                let finding = if complete { good() } else { (Verdict::Open, vec![name]) };
                (finding, Some(subscription.fields))
            }
            Err(error) => (verdict_of(&error, &name), None),
        }
    }

    /// Whether these fields really arrive for an account; `None`: its subscription was not read.
    fn arrives(&self, account: &GrantedAccount, fields: &[&str]) -> Option<bool> {
        let effective = self.record.effective_fields(account.key.kind, &account.served_by)?;
        Some(fields.iter().all(|field| effective.iter().any(|it| it == field)))
    }

    async fn live_read(&self) -> Finding {
        let asked: Vec<_> = self.chosen.iter().map(|account| self.read_account(account)).collect();
        worst(stream::iter(asked).buffered(CALLS_AT_ONCE).collect().await)
    }

    async fn read_account(&self, account: &GrantedAccount) -> Finding {
        let Some(token) = self.tokens.token_of(&account.served_by) else {
            return (Verdict::Blocking, vec![account.name.clone()]);
        };
        let kind = account_kind(account.key.kind);
        let read = self.login.read_account(kind, &account.key.account_id, &token).await;
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
            let on = known.is_none_or(&is_on) && self.arrives(account, fields) == Some(true);
            findings.push(if on { good() } else { (Verdict::Open, vec![account.name.clone()]) });
        }
        if findings.is_empty() { (Verdict::NotApplicable, Vec::new()) } else { worst(findings) }
    }

    fn name_of(&self, served_by: &str) -> String {
        let named = self.chosen.iter().find(|account| account.served_by == served_by);
        named.map_or_else(|| served_by.to_owned(), |account| account.name.clone())
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
