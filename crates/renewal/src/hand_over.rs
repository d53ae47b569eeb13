//! A connection passes to another Facebook person: the same ids, and what the new person cannot see
//! stays with the former one.

use lifecycle::{RenewalEvent, ids::RenewalId, reconcile::Listing};
use store::Connection;

use crate::{
    Error, Identity, Renova,
    record::{RenewalDetail, StagedFacts},
};

impl Renova {
    /// The person who has just logged in takes the connection of the reader's own renewal over.
    /// Nothing is replaced before *Finalizar*. Repeated, it changes nothing.
    ///
    /// # Errors
    /// [`Error::AlreadyConnected`] where that person has a connection of their own already;
    /// [`Error::NotApplicable`] where nobody else has logged in, or shares no account with it.
    pub async fn hand_over(&self, who: &Identity, id: RenewalId) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        if detail.staged.as_ref().is_some_and(|staged| staged.listing == Listing::OfAnotherPerson) {
            return Ok(());
        }
        let mut next = self.advance(&detail.renewal, RenewalEvent::HandedOver)?;
        if !detail.may_be_handed_over() {
            let state = detail.renewal.state;
            return Err(lifecycle::renewal::NotApplicable { state, event: RenewalEvent::HandedOver }.into());
        }
        let staged = StagedFacts { listing: Listing::OfAnotherPerson, ..detail.staged()?.clone() };
        if self.other_connection_of(&detail, &staged).await?.is_some() {
            return Err(Error::AlreadyConnected);
        }
        next.staged_facts = Some(serde_json::to_string(&staged)?);
        next.selection = None;
        next.proof = None;
        self.write(&next, None).await
    }

    /// Another connection of the organization that is of the same person or business already: a grant
    /// has one connection.
    pub(crate) async fn other_connection_of(
        &self,
        detail: &RenewalDetail,
        staged: &StagedFacts,
    ) -> Result<Option<Connection>, Error> {
        let renewal = &detail.renewal;
        let known = self.connection_of_grantee(renewal, staged).await?;
        Ok(known.filter(|connection| Some(connection.id) != renewal.connection_id))
    }
}
