//! Which accounts stay on the platform.

use lifecycle::{
    RenewalEvent, RenewalState,
    ids::RenewalId,
    proof::Verdict,
    reconcile::{self, AccountKey},
};

use crate::{Error, Identity, Renova, record::RenewalDetail};

impl Renova {
    /// Stores the choice; nothing is replaced yet. Stopping a connected account needs
    /// `loss_confirmed`.
    ///
    /// # Errors
    /// [`Error::Selection`] says what is wrong with the choice; it can be made again.
    pub async fn choose(
        &self,
        who: &Identity,
        id: RenewalId,
        selected: Vec<AccountKey>,
        loss_confirmed: bool,
    ) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        self.store_choice(&detail, selected, loss_confirmed).await
    }

    pub(crate) async fn store_choice(
        &self,
        detail: &RenewalDetail,
        selected: Vec<AccountKey>,
        loss_confirmed: bool,
    ) -> Result<(), Error> {
        let mut next = self.advance(&detail.renewal, RenewalEvent::Chosen)?;
        let staged = detail.staged()?;
        reconcile::check_selection(&detail.before(), &staged.accounts, staged.listing, &selected, loss_confirmed)?;
        let unproved = detail.proof.as_ref().is_some_and(|record| {
            record.lines.iter().any(|line| matches!(line.verdict, Verdict::Open | Verdict::Blocking))
        });
        let same = detail.selection.as_ref() == Some(&selected);
        if same && !unproved && detail.renewal.state != RenewalState::Exchanged {
            // The same choice again (a double click, a form sent twice): a good proof stands.
            return Ok(());
        }
        next.selection = Some(serde_json::to_string(&selected)?);
        next.proof = None;
        self.write(&next, None).await
    }
}
