//! The apps registered at Meta: one way to log in each.

use std::sync::Arc;

use lifecycle::{ChannelKind, Provider, ids::MetaAppId};
use meta::{AccountKind, FacebookLogin, InstagramLogin, LoginProvider};
use secrecy::SecretString;
use store::MetaApp;

use crate::{Error, Parts, Renova, random_bytes};

/// An app as configured, with its row.
pub(crate) struct ConnectedApp {
    pub row: MetaApp,
    pub login: Arc<dyn LoginProvider>,
}

impl ConnectedApp {
    pub(crate) fn secret(&self) -> &SecretString {
        &self.login.app().secret
    }
}

/// Registers the configured apps.
pub(crate) async fn register(parts: &Parts) -> Result<Vec<ConnectedApp>, Error> {
    let facebook = parts.facebook.clone().map(|app| -> (Provider, Arc<dyn LoginProvider>) {
        (Provider::Facebook, Arc::new(FacebookLogin::new(parts.meta.clone(), app)))
    });
    let instagram = parts.instagram.clone().map(|app| -> (Provider, Arc<dyn LoginProvider>) {
        (Provider::Instagram, Arc::new(InstagramLogin::new(parts.meta.clone(), app)))
    });
    let mut apps = Vec::new();
    for (provider, login) in facebook.into_iter().chain(instagram) {
        let row = MetaApp {
            id: MetaAppId::new(parts.clock.now(), random_bytes(&*parts.random)),
            provider,
            app_id: login.app().app_id.clone(),
        };
        let row = parts.storage.ensure_meta_app(&row).await?;
        apps.push(ConnectedApp { row, login });
    }
    Ok(apps)
}

impl Renova {
    /// The ways in which something can be connected, in the order to offer them.
    #[must_use]
    pub fn providers(&self) -> Vec<Provider> {
        self.apps.iter().map(|app| app.row.provider).collect()
    }

    /// # Errors
    /// [`Error::NoMetaApp`] where this way is not configured.
    pub(crate) fn app_for(&self, provider: Provider) -> Result<&ConnectedApp, Error> {
        self.apps.iter().find(|app| app.row.provider == provider).ok_or(Error::NoMetaApp)
    }

    /// The configured app behind a row: a connection belongs to one app, and its ids are that app's.
    pub(crate) fn app_of(&self, row: MetaAppId) -> Result<&ConnectedApp, Error> {
        self.apps.iter().find(|app| app.row.id == row).ok_or(Error::NoMetaApp)
    }

    /// The provider of a renewal's or connection's app.
    #[must_use]
    pub fn provider_of(&self, row: MetaAppId) -> Provider {
        self.app_of(row).map_or(Provider::Facebook, |app| app.row.provider)
    }

    /// Where Meta's dialog comes back to: an address of its own for each way, so that the answer of
    /// one is never taken for the other's.
    pub(crate) fn redirect_uri(&self, provider: Provider) -> String {
        format!("{}/oauth/{}/callback", self.parts.public_url, provider.as_str())
    }

    /// Secrets by which Meta may have signed what it sends.
    pub(crate) fn app_secrets(&self) -> Vec<&SecretString> {
        self.apps.iter().map(ConnectedApp::secret).collect()
    }
}

/// The kind of account behind a channel.
pub(crate) const fn account_kind(kind: ChannelKind) -> AccountKind {
    match kind {
        ChannelKind::Messenger => AccountKind::Page,
        ChannelKind::Instagram => AccountKind::Instagram,
    }
}

/// The webhook object by which the events of a channel arrive.
pub(crate) const fn object_of(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Messenger => "page",
        ChannelKind::Instagram => "instagram",
    }
}

pub(crate) const fn channel_kind(kind: AccountKind) -> ChannelKind {
    match kind {
        AccountKind::Page => ChannelKind::Messenger,
        AccountKind::Instagram => ChannelKind::Instagram,
    }
}
