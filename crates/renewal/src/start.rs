//! Starting a renewal, taking one over, cancelling.

use lifecycle::{
    NoticeKind, Provider, RenewalEvent, RenewalState,
    clock::DAY_MS,
    ids::{ConnectionId, RenewalId},
    renewal::RENEWAL_LIFETIME_MS,
};
use serde_json::json;
use store::{Renewal, StoreError};

use crate::{Error, Identity, Renova};

const REQUESTED: &str = "renewal.requested";

impl Renova {
    /// The reader's open renewal of this connection (`None`: of a first connection by `provider`), or
    /// a new one. `take_over` ends another administrator's.
    ///
    /// # Errors
    /// [`Error::OtherIsRenewing`] without `take_over`; [`Error::NotFound`] for the connection.
    pub async fn start_renewal(
        &self,
        who: &Identity,
        connection: Option<ConnectionId>,
        provider: Provider,
        take_over: bool,
    ) -> Result<RenewalId, Error> {
        who.require_admin()?;
        let storage = &self.parts.storage;
        let app = match connection {
            Some(id) => storage.connection(who.organization, id).await?.ok_or(Error::NotFound)?.meta_app_id,
            None => self.app_for(provider)?.row.id,
        };
        let now = self.now();
        let same = |renewal: &Renewal| renewal.connection_id == connection;
        let own = |renewal: &Renewal| renewal.user_id == who.user;
        let open: Vec<_> = storage.open_renewals(who.organization).await?.into_iter().filter(same).collect();
        let (live, past): (Vec<_>, Vec<_>) = open.into_iter().partition(|renewal| renewal.expires_at > now);
        if let Some(open) = live.iter().find(|renewal| own(renewal) && renewal.meta_app_id == app) {
            return Ok(open.id);
        }
        // Of a first connection only one's own counts: begun another way, it gives place.
        let others: Vec<_> = live.into_iter().filter(|renewal| connection.is_some() || own(renewal)).collect();
        if connection.is_some() && !others.is_empty() && !take_over {
            return Err(Error::OtherIsRenewing);
        }
        let supersede: Vec<_> = others.iter().chain(&past).map(|renewal| renewal.id).collect();
        let renewal = Renewal {
            id: RenewalId::new(now, self.random()),
            organization_id: who.organization,
            user_id: who.user,
            connection_id: connection,
            meta_app_id: app,
            state: RenewalState::Started,
            failure: None,
            staged: None,
            staged_facts: None,
            selection: None,
            proof: None,
            created_at: now,
            updated_at: now,
            expires_at: now.plus(RENEWAL_LIFETIME_MS),
            version: 1,
        };
        let detail = json!({"renewal": renewal.id, "connection": connection});
        let trail = self.trail(who.organization, Some(who), "renewal.started", renewal.id, detail, true);
        match storage.insert_renewal(&renewal, &supersede, &trail).await {
            Ok(()) => Ok(renewal.id),
            // Two clicks at once: the other one's renewal is as good as ours.
            Err(StoreError::Conflict { .. }) => self.own_open(who, connection).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn own_open(&self, who: &Identity, connection: Option<ConnectionId>) -> Result<RenewalId, Error> {
        let open = self.open_renewals(who).await?;
        let own = open.iter().find(|it| it.connection_id == connection && it.user_id == who.user);
        own.map(|renewal| renewal.id).ok_or(Error::OtherIsRenewing)
    }

    /// Cancels a renewal: staged tokens are thrown away, the old ones stay.
    pub async fn cancel(&self, who: &Identity, id: RenewalId) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        if detail.renewal.state.is_over() {
            return Ok(());
        }
        let next = self.advance(&detail.renewal, RenewalEvent::Cancelled)?;
        let told = json!({"renewal": id, "connection": detail.renewal.connection_id});
        let trail = self.trail(who.organization, Some(who), "renewal.cancelled", id, told, false);
        self.write(&next, Some(&trail)).await
    }

    /// An agent (or anybody of the organization) asks the administrators to renew; once a day for
    /// each connection is enough, more often changes nothing.
    pub async fn request_renewal(&self, who: &Identity, connection: ConnectionId) -> Result<(), Error> {
        let state = self.connection(who, connection).await?;
        if self.was_requested_lately(&state).await? {
            return Ok(());
        }
        let detail = json!({"connection": connection, "name": state.connection.grantee_name, "asked_by": who.name});
        let trail = self.trail(who.organization, Some(who), REQUESTED, connection, detail, true);
        let kind = NoticeKind::Requested { at: self.now() };
        let notice = self.new_notice(&state, kind, true, Some(who.user), json!({})).await?;
        match self.parts.storage.insert_notice(&notice, Some(self.now().plus(-DAY_MS)), &trail).await {
            // Somebody else asked at the same moment.
            Ok(()) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
