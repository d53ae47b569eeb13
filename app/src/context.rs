//! What the server hands to pages and server functions.

use std::sync::Arc;

use leptos::prelude::{expect_context, use_context};
use renewal::{Identity, Renova};
use secrecy::SecretString;
use wizard::Locale;

use crate::api::Hrefs;

/// Provided as a context for every page and every server function.
#[derive(Clone)]
pub struct UiContext {
    pub renova: Arc<Renova>,
    pub assets: SiteAssets,
    /// Origins of the Meta dialogs: a form may lead there (`form-action`).
    pub dialog_origins: Vec<String>,
    pub cookies: SessionCookie,
    /// Somebody develops Renova: there is a page of all components.
    pub is_dev: bool,
    /// Where the pages are that forms go on to: Renova's own, or a host's.
    pub hrefs: Hrefs,
}

/// Paths of the site's files, such as `/pkg/app.0123abcd.js`.
#[derive(Clone, Debug, Default)]
pub struct SiteAssets {
    pub boot: String,
    /// What the boot script loads. Only who wants it before the first paint names it.
    pub js: String,
    pub wasm: String,
    pub css: String,
    pub favicon: String,
    /// Copies what stands beside its button.
    pub copy: String,
}

const INVITATION_COOKIE: &str = "renova_invitation";
const ONCE_COOKIE: &str = "renova_once";
/// The page of the team, to which alone that cookie goes.
pub const PEOPLE: &str = "/settings/people";
/// As [`PEOPLE`], for the pages that show another secret.
pub const API_KEYS: &str = "/settings/api-keys";
pub const WEBHOOKS: &str = "/settings/webhooks";
pub const CONNECTIONS: &str = "/connections";

/// Name and attributes of the session cookie.
#[derive(Clone, Debug)]
pub struct SessionCookie {
    /// `__Host-renova_session` over https, `renova_session` on loopback http.
    pub name: String,
    pub secure: bool,
}

impl SessionCookie {
    /// The value of a `Set-Cookie` header that begins a session.
    #[must_use]
    pub fn begin(&self, token: &str, max_age_seconds: i64) -> String {
        format!(
            "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{}",
            self.name,
            self.secure_attribute()
        )
    }

    /// The value of a `Set-Cookie` header that ends it.
    #[must_use]
    pub fn end(&self) -> String {
        format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", self.name, self.secure_attribute())
    }

    /// Carries the secret of a new invitation to the page that shows it, once.
    #[must_use]
    pub fn show_invitation(&self, token: &str) -> String {
        format!(
            "{INVITATION_COOKIE}={token}; Path={PEOPLE}; HttpOnly; SameSite=Strict; Max-Age=60{}",
            self.secure_attribute()
        )
    }

    /// It has been shown.
    #[must_use]
    pub fn forget_invitation(&self) -> String {
        format!("{INVITATION_COOKIE}=; Path={PEOPLE}; HttpOnly; SameSite=Strict; Max-Age=0{}", self.secure_attribute())
    }

    /// Carries a secret that was just made to the page that shows it, once; to what is below `path` alone.
    #[must_use]
    pub fn show_once(&self, path: &str, secret: &str) -> String {
        format!("{ONCE_COOKIE}={secret}; Path={path}; HttpOnly; SameSite=Strict; Max-Age=60{}", self.secure_attribute())
    }

    /// It has been shown.
    #[must_use]
    pub fn forget_once(&self, path: &str) -> String {
        format!("{ONCE_COOKIE}=; Path={path}; HttpOnly; SameSite=Strict; Max-Age=0{}", self.secure_attribute())
    }

    const fn secure_attribute(&self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }
}

/// Who makes this request: an extension of the request, put there by the server.
#[derive(Clone)]
pub struct Caller {
    pub identity: Option<Identity>,
    /// The session cookie's value.
    pub session: Option<SecretString>,
    pub request_id: String,
}

/// The request at hand, as server functions and pages see it.
#[derive(Clone)]
pub struct Request {
    pub ui: UiContext,
    pub caller: Caller,
    pub locale: Locale,
    /// The secret of an invitation that was just made.
    pub made_invitation: Option<SecretString>,
    /// Another secret that was just made.
    pub shown_once: Option<SecretString>,
    /// A plain form or a page: the answer is HTML.
    pub wants_html: bool,
    /// A server function called over HTTP, not by a page that is being rendered.
    pub is_call: bool,
}

/// Prefix of the server functions.
pub const API_PREFIX: &str = "/api/ui";

/// The request at hand. Call it before the first `await`.
#[must_use]
pub fn current() -> Request {
    let ui = expect_context::<UiContext>();
    let parts = use_context::<http::request::Parts>();
    let caller = parts.as_ref().and_then(|parts| parts.extensions.get::<Caller>().cloned());
    let caller = caller.unwrap_or_else(|| Caller { identity: None, session: None, request_id: String::new() });
    let header = |name| parts.as_ref().and_then(|parts| parts.headers.get(name)).and_then(|value| value.to_str().ok());
    let locale = reader_locale(caller.identity.as_ref(), header(http::header::ACCEPT_LANGUAGE));
    let wants_html = header(http::header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    let is_call = parts.as_ref().is_some_and(|parts| parts.uri.path().starts_with(API_PREFIX));
    let secret = |name| {
        let value = header(http::header::COOKIE).and_then(|cookies| cookie(cookies, name));
        value.map(|secret| SecretString::from(secret.to_owned()))
    };
    let (made_invitation, shown_once) = (secret(INVITATION_COOKIE), secret(ONCE_COOKIE));
    Request { ui, caller, locale, made_invitation, shown_once, wants_html, is_call }
}

fn cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
}

/// The account's language: the person's own, else the organization's. Without one, the browser's.
#[must_use]
pub fn reader_locale(identity: Option<&Identity>, accept_language: Option<&str>) -> Locale {
    let own = identity.and_then(|identity| Locale::parse(identity.locale.as_deref()?));
    let organization = identity.and_then(|identity| Locale::parse(&identity.organization_locale));
    own.or(organization).or_else(|| browser_locale(accept_language?)).unwrap_or_default()
}

fn browser_locale(accept_language: &str) -> Option<Locale> {
    accept_language.split(',').find_map(|tag| {
        let tag = tag.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match tag.split('-').next() {
            Some("pt") => Some(Locale::PtBr),
            Some("en") => Some(Locale::En),
            Some("es") => Some(Locale::Es),
            _ => None,
        }
    })
}

/// The policy of every page of ours. Leptos' own inline scripts carry the nonce.
#[must_use]
pub fn content_security_policy(nonce: &str, dialog_origins: &[String], logo_origin: Option<&str>) -> String {
    policy(nonce, dialog_origins, logo_origin, "'none'")
}

/// The same for a page in a frame: those of `ancestors` may frame it, and nobody else.
#[must_use]
pub fn framed_security_policy<'a>(
    nonce: &str,
    dialog_origins: &[String],
    logo_origin: Option<&str>,
    ancestors: impl Iterator<Item = &'a str>,
) -> String {
    let listed = ancestors.collect::<Vec<_>>().join(" ");
    policy(nonce, dialog_origins, logo_origin, if listed.is_empty() { "'none'" } else { &listed })
}

fn policy(nonce: &str, dialog_origins: &[String], logo_origin: Option<&str>, ancestors: &str) -> String {
    let logo = logo_origin.map(|origin| format!(" {origin}")).unwrap_or_default();
    let dialogs: String = dialog_origins.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:{logo}; connect-src 'self'; form-action 'self'{dialogs}; frame-ancestors {ancestors}; \
         base-uri 'none'; object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use lifecycle::{
        Role, Timestamp,
        ids::{OrganizationId, UserId},
    };

    use super::*;

    #[test]
    fn a_session_cookie_is_closed_to_scripts_and_other_sites() {
        let cookie = SessionCookie { name: "__Host-renova_session".into(), secure: true };
        let value = cookie.begin("abc", 60);
        for part in ["__Host-renova_session=abc", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=60", "Secure"] {
            assert!(value.contains(part), "{part} in {value}");
        }
    }

    #[test]
    fn the_browser_chooses_where_nobody_is_signed_in() {
        assert_eq!(reader_locale(None, Some("fr;q=0.9, es-MX, en")), Locale::Es);
        assert_eq!(reader_locale(None, None), Locale::PtBr);
    }

    #[test]
    fn an_account_s_language_comes_before_the_browser_s() {
        let mut ana = Identity {
            organization: OrganizationId::new(Timestamp(0), [0; 10]),
            organization_name: String::new(),
            time_zone: "UTC".to_owned(),
            user: UserId::new(Timestamp(0), [0; 10]),
            name: String::new(),
            email: String::new(),
            role: Role::Admin,
            locale: Some("en".to_owned()),
            organization_locale: "es".to_owned(),
            only_renewal: None,
        };
        assert_eq!(reader_locale(Some(&ana), Some("pt-BR")), Locale::En);
        ana.locale = None;
        assert_eq!(reader_locale(Some(&ana), Some("pt-BR")), Locale::Es);
        ana.organization_locale = "?".to_owned();
        assert_eq!(reader_locale(Some(&ana), Some("pt-BR")), Locale::PtBr);
    }

    #[test]
    fn the_policy_allows_no_inline_script_or_style() {
        let policy =
            content_security_policy("n0nce", &["https://www.facebook.com".into()], Some("https://cdn.example"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(policy.contains("img-src 'self' data: https://cdn.example;"));
        assert!(policy.contains("form-action 'self' https://www.facebook.com;"));
    }
}
