//! The settings: `renova.toml`, and environment variables over it.
//!
//! [`Settings::load`] reads everything before it complains, so that one run shows every problem.
//! A new setting is a line in `default.toml`, a field of [`Settings`] and its check in [`check`].

mod brand;
mod check;
mod read;

use std::{collections::HashMap, net::SocketAddr, num::NonZeroU32, path::PathBuf};

use lettre::message::Mailbox;
use lifecycle::Origin;
use renewal::Notify;
use secrecy::SecretString;
use url::Url;

use crate::mail::SmtpServer;

pub use brand::{BrandSettings, Logo, LogoFile, LogoKind};
pub use read::Sources;
pub use renewal::is_loopback;

/// The documented file with every default, as `renova config` prints it.
pub const DEFAULT_FILE: &str = include_str!("settings/default.toml");

/// Everything that can be set, checked.
#[derive(Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Scheme, host and port.
    pub public_url: Url,
    pub metrics_listen: Option<SocketAddr>,
    pub database_url: SecretString,
    pub encryption_keys: Option<SecretString>,
    pub meta_app: Option<MetaAppSettings>,
    pub meta_api_version: String,
    /// Proofs of the app's secret that end after five minutes.
    pub meta_timed_proofs: bool,
    pub meta_www_url: Url,
    pub meta_graph_url: Url,
    pub meta_webhook_verify_token: Option<SecretString>,
    pub webhook_forward_url: Option<Url>,
    pub instagram_app: Option<MetaAppSettings>,
    pub instagram_www_url: Url,
    pub instagram_api_url: Url,
    pub instagram_graph_url: Url,
    pub smtp_url: Option<SmtpServer>,
    /// Set where `smtp_url` is.
    pub mail_from: Option<Mailbox>,
    pub notify: Notify,
    pub deep_link: Option<String>,
    /// Of one key; `None`: as many as it likes.
    pub api_requests_per_minute: Option<NonZeroU32>,
    /// Pages that may show Renova inside, for every organization.
    pub embed_origins: Vec<Origin>,
    pub trusted_proxies: Vec<Network>,
    pub brand: BrandSettings,
    /// Somebody develops Renova: a debug build always does.
    pub dev: bool,
}

/// An app registered at Meta.
#[derive(Debug)]
pub struct MetaAppSettings {
    pub app_id: String,
    pub secret: SecretString,
    pub login_config_id: Option<String>,
}

/// An address with the number of its leading bits that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    pub address: std::net::IpAddr,
    pub prefix: u8,
}

/// One thing that is wrong, with the fix, on one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct Problem {
    /// The variable's name, such as `RENOVA_PUBLIC_URL`.
    pub setting: String,
    pub problem: String,
}

/// What the command about to run cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The database alone.
    Database,
    /// Encryption keys too.
    Keys,
}

impl Settings {
    /// Reads and checks everything; all problems at once.
    pub fn load(sources: &Sources, need: Need) -> Result<Self, Vec<Problem>> {
        let (values, mut problems) = read::read(sources);
        let settings = check::check(&values, need, &mut problems);
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => Err(problems),
        }
    }

    /// Renova's origin, without a slash at the end.
    #[must_use]
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

impl Sources {
    /// The process's environment, and `renova.toml` or the file that was named.
    #[must_use]
    pub fn of_process(config: Option<PathBuf>) -> Self {
        Self { file: config, folder: PathBuf::from("."), environment: std::env::vars_os().filter_map(text).collect() }
    }
}

fn text((name, value): (std::ffi::OsString, std::ffi::OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.into_string().ok()?))
}

/// Values by key, as given: `public_url` and so on. Never empty.
type Values = HashMap<&'static str, String>;
