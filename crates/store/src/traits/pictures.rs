//! The pictures of accounts.

use async_trait::async_trait;
use lifecycle::{Timestamp, ids::OrganizationId};

use crate::{Picture, Result};

/// Of accounts, connected or just granted. A channel that goes takes the picture of its account along,
/// unless another channel of the organization shows it.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// Puts them in place and raises `change_seq`; they stay until `settles_at` although no channel shows
    /// them. [`crate::StoreError::Stale`] if there is no such organization.
    async fn put_pictures(
        &self,
        organization: OrganizationId,
        pictures: &[Picture],
        settles_at: Timestamp,
    ) -> Result<()>;
    /// Account and hash of those that there are, in any order.
    async fn picture_hashes(&self, organization: OrganizationId, accounts: &[String]) -> Result<Vec<(String, String)>>;
    /// The bytes, of whatever organization: whoever knows the hash knows the picture.
    async fn picture(&self, hash: &str) -> Result<Option<Vec<u8>>>;
    /// Deletes those that settle by `now` and that no channel shows.
    async fn settle_pictures(&self, now: Timestamp) -> Result<()>;
}
