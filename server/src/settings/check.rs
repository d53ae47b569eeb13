//! Judges each value, and notes every problem with its fix.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
};

use lettre::message::Mailbox;
use lifecycle::Origin;
use renewal::is_loopback;
use secrecy::SecretString;
use url::Url;

use super::brand::logo_file;
use super::{BrandSettings, Logo, MetaAppSettings, Need, Network, Notify, Problem, Settings, Values, read::variable};
use crate::{mail::SmtpServer, open::API_REQUESTS_PER_MINUTE};

/// It stands beside a picture in a header.
const LONGEST_BRAND: usize = 60;

/// `None` when a value that has no sensible stand-in is wrong; `problems` then says so.
pub(super) fn check(values: &Values, need: Need, problems: &mut Vec<Problem>) -> Option<Settings> {
    let mut check = Check { values, problems };
    let listen = check.address("listen", Some("127.0.0.1:3000"));
    let public_url = check.public_url();
    let metrics_listen = check.address("metrics_listen", None);
    let database_url = check.database_url();
    let encryption_keys = check.encryption_keys(need);
    let meta_app = check.app("meta_app_id", "meta_app_secret", Some("meta_login_config_id"));
    let meta_api_version = check.api_version();
    let meta_timed_proofs = check.switch("meta_timed_proofs");
    let meta_www_url = check.base("meta_www_url", "https://www.facebook.com");
    let meta_graph_url = check.base("meta_graph_url", "https://graph.facebook.com");
    let webhook_forward_url = check.optional_url("webhook_forward_url");
    let instagram_app = check.app("instagram_app_id", "instagram_app_secret", None);
    let instagram_www_url = check.base("instagram_www_url", "https://www.instagram.com");
    let instagram_api_url = check.base("instagram_api_url", "https://api.instagram.com");
    let instagram_graph_url = check.base("instagram_graph_url", "https://graph.instagram.com");
    let (smtp_url, mail_from) = check.mail();
    let notify = check.notify();
    let deep_link = check.deep_link();
    let api_requests_per_minute = check.api_requests_per_minute();
    let embed_origins = check.origins();
    let trusted_proxies = check.networks();
    let brand = check.brand();
    let dev = check.switch("dev");
    Some(Settings {
        listen: listen?,
        public_url: public_url?,
        metrics_listen,
        database_url: database_url?,
        encryption_keys,
        meta_app,
        meta_api_version,
        meta_timed_proofs,
        meta_www_url: meta_www_url?,
        meta_graph_url: meta_graph_url?,
        meta_webhook_verify_token: check.secret("meta_webhook_verify_token"),
        webhook_forward_url,
        instagram_app,
        instagram_www_url: instagram_www_url?,
        instagram_api_url: instagram_api_url?,
        instagram_graph_url: instagram_graph_url?,
        smtp_url,
        mail_from,
        notify,
        deep_link,
        api_requests_per_minute,
        embed_origins,
        trusted_proxies,
        brand,
        dev,
    })
}

struct Check<'a> {
    values: &'a Values,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    fn get(&self, key: &'static str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    fn secret(&self, key: &'static str) -> Option<SecretString> {
        self.get(key).map(SecretString::from)
    }

    fn complain(&mut self, key: &str, problem: impl Into<String>) {
        self.problems.push(Problem { setting: variable(key), problem: problem.into() });
    }

    fn address(&mut self, key: &'static str, default: Option<&str>) -> Option<SocketAddr> {
        let text = self.get(key).or(default)?.to_owned();
        let address = text.parse().ok();
        if address.is_none() {
            self.complain(key, format!("`{text}` is not an address with a port: write it like 127.0.0.1:3000"));
        }
        address
    }

    /// https, or http to the machine itself: what travels here is worth protecting.
    fn url(&mut self, key: &'static str, text: &str) -> Option<Url> {
        let Ok(url) = Url::parse(text) else {
            self.complain(key, format!("`{text}` is not a URL: write it like https://example.com"));
            return None;
        };
        if url.host().is_none() || !matches!(url.scheme(), "http" | "https") {
            self.complain(key, "must begin with https:// and name a host");
            return None;
        }
        if !url.username().is_empty() || url.password().is_some() {
            self.complain(key, "must not contain a user name or password: remove them");
            return None;
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            self.complain(key, format!("`{text}` is not protected: use https:// (http:// only for this machine)"));
            return None;
        }
        Some(url)
    }

    fn public_url(&mut self) -> Option<Url> {
        let text = self.get("public_url").unwrap_or("http://127.0.0.1:3000").to_owned();
        let url = self.url("public_url", &text)?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            let origin = url.origin().ascii_serialization();
            self.complain("public_url", format!("must be scheme, host and port alone: write {origin}"));
            return None;
        }
        Some(url)
    }

    fn base(&mut self, key: &'static str, default: &str) -> Option<Url> {
        let text = self.get(key).unwrap_or(default).to_owned();
        let url = self.url(key, &text)?;
        if url.query().is_some() || url.fragment().is_some() {
            self.complain(key, "must not contain `?` or `#`: remove what follows the path");
            return None;
        }
        Some(url)
    }

    fn optional_url(&mut self, key: &'static str) -> Option<Url> {
        let text = self.get(key)?.to_owned();
        self.url(key, &text)
    }

    fn api_requests_per_minute(&mut self) -> Option<NonZeroU32> {
        let Some(text) = self.get("api_requests_per_minute") else { return NonZeroU32::new(API_REQUESTS_PER_MINUTE) };
        match text.parse::<u32>() {
            Ok(most) => NonZeroU32::new(most),
            Err(_) => {
                self.complain("api_requests_per_minute", "is not a number: give one, or 0 for no limit");
                None
            }
        }
    }

    fn database_url(&mut self) -> Option<SecretString> {
        let text = self.get("database_url").unwrap_or("sqlite://renova.db").to_owned();
        let path = text.strip_prefix("sqlite://");
        if path == Some("") {
            self.complain("database_url", "names no file: write it like sqlite://renova.db");
            return None;
        }
        let server = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if server && Url::parse(&text).is_err() {
            self.complain("database_url", "is not a URL: write it like postgres://user:password@host/renova");
            return None;
        }
        if path.is_none() && !server {
            self.complain("database_url", "must begin with sqlite:// or postgres://");
            return None;
        }
        Some(text.into())
    }

    fn encryption_keys(&mut self, need: Need) -> Option<SecretString> {
        let Some(keys) = self.secret("encryption_keys") else {
            if need == Need::Keys {
                self.complain(
                    "encryption_keys",
                    "is not set: make a key with `echo \"k1:$(openssl rand -hex 32)\"` and keep a copy in a safe place",
                );
            }
            return None;
        };
        if let Err(error) = vault::Keyring::parse(&keys) {
            self.complain("encryption_keys", error.to_string());
            return None;
        }
        Some(keys)
    }

    fn app(&mut self, id: &'static str, secret: &'static str, config: Option<&'static str>) -> Option<MetaAppSettings> {
        let login_config_id = config.and_then(|key| self.get(key)).map(str::to_owned);
        match (self.get(id).map(str::to_owned), self.secret(secret)) {
            (Some(app_id), Some(secret)) => {
                if !app_id.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.complain(id, "must be digits alone, as Meta's app dashboard shows it");
                    return None;
                }
                Some(MetaAppSettings { app_id, secret, login_config_id })
            }
            (Some(_), None) => {
                self.complain(secret, format!("is not set although {} is: set both or none", variable(id)));
                None
            }
            (None, Some(_)) => {
                self.complain(id, format!("is not set although {} is: set both or none", variable(secret)));
                None
            }
            (None, None) => None,
        }
    }

    fn api_version(&mut self) -> String {
        let text = self.get("meta_api_version").unwrap_or("v25.0").to_owned();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        if !numbers.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            self.complain("meta_api_version", format!("`{text}` is not a version: write it like v25.0"));
        }
        text
    }

    /// Off unless it says otherwise.
    fn switch(&mut self, key: &'static str) -> bool {
        match self.get(key).unwrap_or("false").to_owned().as_str() {
            "true" => true,
            "false" => false,
            other => {
                self.complain(key, format!("`{other}` is neither true nor false"));
                false
            }
        }
    }

    fn mail(&mut self) -> (Option<SmtpServer>, Option<Mailbox>) {
        let server = self.get("smtp_url").map(SmtpServer::parse);
        let text = self.get("mail_from").map(str::to_owned);
        if server.is_some() && text.is_none() {
            self.complain("mail_from", "is not set although RENOVA_SMTP_URL is: give the sender's address");
        }
        let server = server.and_then(|parsed| parsed.map_err(|problem| self.complain("smtp_url", problem)).ok());
        let from = text.and_then(|text| {
            let mailbox = text.parse().ok();
            if mailbox.is_none() {
                let fix = "write it like renova@example.com or Renova <renova@example.com>";
                self.complain("mail_from", format!("`{}` is not an address: {fix}", text.escape_debug()));
            }
            mailbox
        });
        (server, from)
    }

    fn notify(&mut self) -> Notify {
        match self.get("notify").unwrap_or("renova").to_owned().as_str() {
            "renova" => Notify::Renova,
            "platform" => Notify::Platform,
            "both" => Notify::Both,
            "shadow" => Notify::Shadow,
            other => {
                self.complain("notify", format!("`{other}` is none of renova, platform, both, shadow"));
                Notify::Renova
            }
        }
    }

    fn deep_link(&mut self) -> Option<String> {
        let template = self.get("deep_link")?.to_owned();
        let example = template.replace("{organization}", "1").replace("{connection}", "1");
        self.url("deep_link", &example)?;
        if example.contains(['{', '}']) {
            self.complain("deep_link", "knows {organization} and {connection} alone: remove other braces");
            return None;
        }
        Some(template)
    }

    fn brand(&mut self) -> BrandSettings {
        let name = self.get("brand_name").unwrap_or_default().trim().to_owned();
        if name.chars().count() > LONGEST_BRAND || name.contains(char::is_control) {
            self.complain("brand_name", "must be one line of at most 60 characters");
        }
        BrandSettings { name, logo: self.logo(), url: self.optional_url("brand_url") }
    }

    fn logo(&mut self) -> Option<Logo> {
        let text = self.get("brand_logo")?.to_owned();
        if text.contains("://") {
            return self.url("brand_logo", &text).map(Logo::Elsewhere);
        }
        match logo_file(&text) {
            Ok(file) => Some(Logo::Own(file)),
            Err(problem) => {
                self.complain("brand_logo", problem);
                None
            }
        }
    }

    fn origins(&mut self) -> Vec<Origin> {
        let text = self.get("embed_origins").unwrap_or_default().to_owned();
        let mut origins = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match Origin::parse(part) {
                Ok(origin) => origins.push(origin),
                Err(problem) => self.complain("embed_origins", format!("`{}`: {problem}", part.escape_debug())),
            }
        }
        origins
    }

    fn networks(&mut self) -> Vec<Network> {
        let text = self.get("trusted_proxies").unwrap_or_default().to_owned();
        let mut networks = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match network(part) {
                Some(network) => networks.push(network),
                None => self.complain(
                    "trusted_proxies",
                    format!("`{part}` is neither an address nor a network such as 10.0.0.0/8"),
                ),
            }
        }
        networks
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.unwrap_or(longest);
    (prefix <= longest).then_some(Network { address, prefix })
}
