//! From settings to a running service: the wiring.

use std::{num::NonZeroU32, sync::Arc};

use app::{
    api::Hrefs,
    context::{SessionCookie, UiContext},
};
use lifecycle::{Clock as _, clock::SECOND_MS};
use renewal::{Forwarder, Parts, Renova};
use secrecy::{ExposeSecret as _, SecretString};
use store::{Storage, StoreError};
use url::Url;
use vault::{Keyring, KeyringError, Sealed, Vault};

use crate::{
    clock::{SteadyClock, SystemClock},
    forward::HttpForwarder,
    random::SystemRandom,
    settings::{MetaAppSettings, Settings, is_loopback},
    web::{Hub, Mount, Site, SiteError},
    webhooks::HttpWebhooks,
};

/// Where the settings say nothing else.
pub const API_REQUESTS_PER_MINUTE: u32 = 12_000;

/// Why the service cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("RENOVA_DATABASE_URL: {0}")]
    Store(#[from] StoreError),
    #[error("RENOVA_ENCRYPTION_KEYS: {0}")]
    Keys(#[from] KeyringError),
    /// Boxed: it is larger than all others.
    #[error("the client of Meta: {0}")]
    Client(Box<meta::Error>),
    #[error(transparent)]
    Renewal(#[from] renewal::Error),
}

impl From<meta::Error> for OpenError {
    fn from(error: meta::Error) -> Self {
        Self::Client(Box::new(error))
    }
}

impl OpenError {
    /// It was refused for safety, and the store is untouched.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        use renewal::Error as E;
        matches!(
            self,
            Self::Store(StoreError::NewerSchema) | Self::Renewal(E::WrongKey | E::Store(StoreError::NewerSchema))
        )
    }

    /// The configuration is wrong.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Keys(_) | Self::Store(StoreError::BadUrl(_)))
    }

    /// One line with the fix, where there is one.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Renewal(renewal::Error::WrongKey) => "RENOVA_ENCRYPTION_KEYS: no key of the list belongs to this \
                 database; nothing was changed: give the key that it was written with, or another RENOVA_DATABASE_URL"
                .to_owned(),
            Self::Store(StoreError::NewerSchema) | Self::Renewal(renewal::Error::Store(StoreError::NewerSchema)) => {
                "RENOVA_DATABASE_URL: the database was written by a newer Renova; nothing was changed: start that \
                 version or a later one"
                    .to_owned()
            }
            Self::Store(StoreError::Unavailable(why)) => {
                format!("RENOVA_DATABASE_URL: the database cannot be reached ({why}): check that it runs and the URL")
            }
            other => other.to_string(),
        }
    }
}

/// The database, with every migration applied. A newer schema is refused and left alone, and so
/// is an older one that `vault` has no key for.
pub async fn storage(url: &SecretString, vault: Option<&Vault>) -> Result<Arc<dyn Storage>, OpenError> {
    let storage = store::open(url.expose_secret()).await?;
    match storage.check_schema().await {
        Ok(()) => return Ok(storage),
        Err(StoreError::NewerSchema) => return Err(StoreError::NewerSchema.into()),
        Err(_) => {}
    }
    // Without any schema yet there is no check text to be read.
    if let (Some(vault), Ok(Some(stored))) = (vault, storage.key_check().await) {
        let stored = Sealed { key_id: stored.key_id, ciphertext: stored.ciphertext };
        vault.verify_key_check(&stored).map_err(|_| renewal::Error::WrongKey)?;
    }
    storage.migrate().await?;
    Ok(storage)
}

/// The service that the settings describe, on real time.
pub async fn renova(settings: &Settings) -> Result<Arc<Renova>, OpenError> {
    let keys = settings.encryption_keys.clone().unwrap_or_default();
    let random = Arc::new(SystemRandom);
    let clock = Arc::new(SystemClock);
    let vault = Vault::new(Keyring::parse(&keys)?, random.clone());
    let http = meta::http_client()?;
    let forwarder = settings
        .webhook_forward_url
        .clone()
        .map(|url| -> Arc<dyn Forwarder> { Arc::new(HttpForwarder::new(http.clone(), url)) });
    let parts = Parts {
        storage: storage(&settings.database_url, Some(&vault)).await?,
        vault,
        meta: meta_client(http, endpoints(settings)).with_timed_proofs(settings.meta_timed_proofs),
        facebook: settings.meta_app.as_ref().map(meta_app),
        instagram: settings.instagram_app.as_ref().map(meta_app),
        forwarder,
        webhooks: Some(Arc::new(HttpWebhooks::new(is_loopback(&settings.public_url)).map_err(OpenError::Client)?)),
        words: Arc::new(app::present::event::Sentences),
        mailer: crate::mail::mailer(settings),
        notify: settings.notify,
        deep_link: settings.deep_link.clone(),
        embed_origins: settings.embed_origins.clone(),
        clock: clock.clone(),
        wall: clock,
        clock_may_jump: false,
        steady: Arc::new(SteadyClock::default()),
        random,
        public_url: settings.public_origin(),
        brand: settings.brand.shown(),
    };
    Ok(Renova::open(parts).await?)
}

pub(crate) fn meta_app(app: &MetaAppSettings) -> meta::App {
    meta::App { app_id: app.app_id.clone(), secret: app.secret.clone(), login_config_id: app.login_config_id.clone() }
}

pub(crate) fn endpoints(settings: &Settings) -> meta::Endpoints {
    meta::Endpoints {
        www: settings.meta_www_url.clone(),
        graph: settings.meta_graph_url.clone(),
        version: settings.meta_api_version.clone(),
        instagram_www: settings.instagram_www_url.clone(),
        instagram_api: settings.instagram_api_url.clone(),
        instagram_graph: settings.instagram_graph_url.clone(),
    }
}

/// The client of Meta's platform, or of the simulator: only the addresses differ. Meta's limits go
/// by real time.
#[must_use]
pub fn meta_client(http: reqwest::Client, endpoints: meta::Endpoints) -> meta::Client {
    meta::Client::new(http, endpoints).with_clock(Arc::new(|| SystemClock.now().0.div_euclid(SECOND_MS)))
}

/// Whose pages lead to what is mounted.
#[derive(Clone, Debug)]
pub struct Pages {
    pub hrefs: Hrefs,
    /// The log-in page, which takes `?next=`. `None`: people log in by other means.
    pub login: Option<String>,
}

impl Pages {
    /// Renova's own.
    #[must_use]
    pub fn own() -> Self {
        Self { hrefs: Hrefs::default(), login: Some("/login".to_owned()) }
    }
}

/// What the routes need: the service, the site, and where browsers find both.
#[must_use]
pub fn mount(renova: Arc<Renova>, public_url: &Url, dialogs: &[&Url], site: Arc<Site>, pages: Pages) -> Mount {
    let secure = public_url.scheme() == "https";
    let name = if secure { "__Host-renova_session" } else { "renova_session" };
    let live = Hub::new(Arc::clone(&renova));
    let ui = UiContext {
        renova,
        assets: site.page_assets(),
        dialog_origins: dialogs.iter().flat_map(|url| dialog_sources(url)).collect(),
        cookies: SessionCookie { name: name.to_owned(), secure },
        is_dev: cfg!(debug_assertions),
        hrefs: pages.hrefs,
    };
    Mount {
        ui,
        site,
        login: pages.login,
        public_url: public_url.clone(),
        webhook_verify_token: None,
        live,
        api_requests_per_minute: NonZeroU32::new(API_REQUESTS_PER_MINUTE),
    }
}

/// A form that leads to the dialog may be redirected within Facebook, to its pages for phones.
fn dialog_sources(url: &Url) -> Vec<String> {
    let mut sources = vec![url.origin().ascii_serialization()];
    if url.host_str().is_some_and(|host| host == "facebook.com" || host.ends_with(".facebook.com")) {
        sources.push("https://*.facebook.com".to_owned());
    }
    sources
}

/// The site inside the binary; without one, pages work without script and style.
#[must_use]
pub fn embedded_site() -> Arc<Site> {
    Arc::new(Site::embedded().unwrap_or_else(|error: SiteError| {
        tracing::warn!(%error, "this binary was built without a site: `cargo xtask site` makes it");
        Site::default()
    }))
}
