//! Adding fields to a subscription without losing any.

use std::collections::BTreeSet;

use secrecy::SecretString;

use super::Subscription;
use crate::app::App;
use crate::client::Client;
use crate::endpoints::Host;
use crate::error::Error;

/// The subscription of one app on one account.
pub(super) struct Place<'a> {
    pub(super) client: &'a Client,
    pub(super) host: Host,
    pub(super) app: &'a App,
    pub(super) id: &'a str,
    pub(super) token: &'a SecretString,
}

impl Place<'_> {
    pub(super) async fn fields(&self) -> Result<Vec<String>, Error> {
        self.client.fields_at(self.host, self.app, self.id, self.token).await
    }

    /// Meta takes all fields of a call or none, and forgets those that a call
    /// does not name: so every call names all that is to stay.
    pub(super) async fn add(&self, needed: &BTreeSet<String>) -> Result<Subscription, Error> {
        let before: BTreeSet<String> = self.fields().await?.into_iter().collect();
        let missing: Vec<String> = needed.difference(&before).cloned().collect();
        if missing.is_empty() {
            return Ok(Subscription { fields: before.into_iter().collect(), refused: Vec::new() });
        }
        let refused = match self.set(before.union(needed)).await {
            Ok(()) => Vec::new(),
            Err(error) if !is_refusal(&error) => return Err(error),
            Err(error) => match missing.as_slice() {
                [only] => vec![(only.clone(), error)],
                _ => self.add_one_by_one(before, &missing).await?,
            },
        };
        Ok(Subscription { fields: self.fields().await?, refused })
    }

    async fn add_one_by_one(
        &self,
        mut kept: BTreeSet<String>,
        missing: &[String],
    ) -> Result<Vec<(String, Error)>, Error> {
        let mut refused = Vec::new();
        for field in missing {
            let with_it: BTreeSet<String> = kept.iter().chain([field]).cloned().collect();
            match self.set(&with_it).await {
                Ok(()) => kept = with_it,
                Err(error) if is_refusal(&error) => refused.push((field.clone(), error)),
                Err(error) => return Err(error),
            }
        }
        Ok(refused)
    }

    async fn set(&self, fields: impl IntoIterator<Item = &String>) -> Result<(), Error> {
        let fields: Vec<String> = fields.into_iter().cloned().collect();
        self.client.set_fields_at(self.host, self.app, self.id, self.token, &fields).await
    }
}

/// Meta says no to what was asked, not to the token, and not for the moment.
fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Graph(_)) && !error.is_metas_trouble() && !error.proves_dead()
}
