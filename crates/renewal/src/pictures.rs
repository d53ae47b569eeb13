//! The pictures of accounts: fetched from Meta beside everything else, and kept, because Meta's
//! addresses of them end. Where there is none, people see initials.

use std::{collections::HashMap, sync::Arc};

use futures::future::join_all;
use lifecycle::{clock::DAY_MS, ids::OrganizationId, reconcile::GrantedAccount};
use sha2::{Digest, Sha256};
use store::Picture;

use crate::{ConnectionState, Error, Identity, RenewalDetail, Renova};

/// More accounts of one log-in than anybody looks through.
const MOST: usize = 200;
const AT_ONCE: usize = 4;
/// By then the renewal is over: its accounts are connected, or nobody needs their pictures.
const SETTLES_AFTER_MS: i64 = DAY_MS;

/// Which accounts have a picture.
#[derive(Clone, Debug, Default)]
pub struct KnownPictures(HashMap<String, String>);

impl KnownPictures {
    /// Where the account's picture is, below our own address. It changes with the picture.
    #[must_use]
    pub fn path_of(&self, account_id: &str) -> Option<String> {
        self.0.get(account_id).map(|hash| format!("/pictures/{hash}"))
    }
}

impl Renova {
    /// Of the accounts of these connections.
    pub async fn pictures(&self, who: &Identity, states: &[&ConnectionState]) -> Result<KnownPictures, Error> {
        let channels = states.iter().flat_map(|state| &state.channels);
        let accounts = channels.map(|state| state.channel.account_id.clone());
        self.known_pictures(who.organization, accounts.collect()).await
    }

    /// The bytes of one, for whoever knows its hash.
    pub async fn picture(&self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(self.parts.storage.picture(hash).await?) } else { Ok(None) }
    }

    /// Of a renewal: the accounts of before, and those that were granted.
    pub async fn pictures_of_renewal(&self, detail: &RenewalDetail) -> Result<KnownPictures, Error> {
        let granted = detail.staged.iter().flat_map(|staged| &staged.accounts);
        let granted = granted.map(|account| account.key.account_id.clone());
        let accounts = detail.channels.iter().map(|channel| channel.account_id.clone()).chain(granted);
        self.known_pictures(detail.renewal.organization_id, accounts.collect()).await
    }

    async fn known_pictures(
        &self,
        organization: OrganizationId,
        accounts: Vec<String>,
    ) -> Result<KnownPictures, Error> {
        if accounts.is_empty() {
            return Ok(KnownPictures::default());
        }
        let known = self.parts.storage.picture_hashes(organization, &accounts).await?;
        Ok(KnownPictures(known.into_iter().collect()))
    }

    /// Fetches the accounts' pictures and returns at once: nobody waits for them, and open pages are told
    /// when they are there.
    pub(crate) fn fetch_pictures(self: &Arc<Self>, organization: OrganizationId, accounts: &[GrantedAccount]) {
        let address = |account: &GrantedAccount| Some((account.key.account_id.clone(), account.picture_url.clone()?));
        let wanted: Vec<_> = accounts.iter().filter_map(address).take(MOST).collect();
        let renova = Arc::clone(self);
        tokio::spawn(async move {
            for some in wanted.chunks(AT_ONCE) {
                let fetched = join_all(some.iter().map(|(account, address)| renova.fetched(account, address))).await;
                let fetched: Vec<_> = fetched.into_iter().flatten().collect();
                if let Err(error) = renova.keep_pictures(organization, &fetched).await {
                    tracing::warn!(%error, "pictures of accounts could not be kept; initials stay");
                }
            }
        });
    }

    async fn fetched(&self, account_id: &str, address: &str) -> Option<Picture> {
        match self.parts.meta.picture(address).await {
            Ok(bytes) => {
                let hash = hex::encode(Sha256::digest(&bytes));
                Some(Picture { account_id: account_id.to_owned(), hash, bytes })
            }
            Err(error) => {
                tracing::info!(%error, account = account_id, "a picture could not be fetched; initials stay");
                None
            }
        }
    }

    async fn keep_pictures(&self, organization: OrganizationId, fetched: &[Picture]) -> Result<(), Error> {
        if fetched.is_empty() {
            return Ok(());
        }
        let settles_at = self.now().plus(SETTLES_AFTER_MS);
        Ok(self.parts.storage.put_pictures(organization, fetched, settles_at).await?)
    }
}
