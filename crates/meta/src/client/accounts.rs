//! The Pages a person gave, each with the Instagram account linked to it.

use std::collections::BTreeSet;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::Client;
use super::call::Call;
use super::list::Listing;
use crate::app::App;
use crate::error::Error;
use crate::wire::{self, Id, Object, Text};

/// A Page that a person gave to the app.
#[derive(Debug, Clone)]
pub struct Page {
    /// Page id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The Page's token. From a long-lived user token it has no end of its own.
    /// [`None`] where the person's role gives none.
    pub token: Option<SecretString>,
    /// What the person may do: `MESSAGING`, `MODERATE`, `MANAGE`…
    pub tasks: Vec<String>,
    /// Picture, on Meta's servers, for a limited time.
    pub picture_url: Option<String>,
    /// The professional Instagram account linked to the Page, as far as the
    /// person gave it.
    pub instagram: Option<InstagramAccount>,
}

/// A professional Instagram account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstagramAccount {
    /// Id (17841…).
    pub id: String,
    /// Name after the `@`; empty where a list of Pages does not state it.
    pub username: String,
    /// Name shown, which not every account has.
    pub name: Option<String>,
    /// Picture, on Meta's servers, for a limited time.
    pub picture_url: Option<String>,
}

#[derive(Deserialize)]
struct WirePage {
    id: Id,
    name: Text,
    #[serde(default, deserialize_with = "optional_token")]
    access_token: Option<SecretString>,
    #[serde(default, deserialize_with = "wire::list")]
    tasks: Vec<String>,
    #[serde(default)]
    picture: Value,
    #[serde(default)]
    instagram_business_account: Option<Object<WireInstagram>>,
}

/// An Instagram account in an answer.
#[derive(Deserialize)]
pub(super) struct WireInstagram {
    id: Id,
    #[serde(default, deserialize_with = "wire::filled")]
    username: Option<String>,
    #[serde(default, deserialize_with = "wire::filled")]
    name: Option<String>,
    #[serde(default)]
    profile_picture_url: Value,
}

impl From<WireInstagram> for InstagramAccount {
    fn from(wire: WireInstagram) -> Self {
        Self {
            id: wire.id.0,
            username: wire.username.unwrap_or_default(),
            name: wire.name,
            picture_url: web_address(Some(&wire.profile_picture_url)),
        }
    }
}

impl From<WirePage> for Page {
    fn from(wire: WirePage) -> Self {
        Self {
            id: wire.id.0,
            name: wire.name.0,
            token: wire.access_token,
            tasks: wire.tasks,
            picture_url: web_address(wire.picture.pointer("/data/url")),
            instagram: wire.instagram_business_account.map(|Object(account)| account.into()),
        }
    }
}

/// Fields of an Instagram account.
pub(super) const INSTAGRAM: &str = "id,username,name,profile_picture_url";

const FIELDS: &str = "id,name,access_token,tasks,picture{url},\
                      instagram_business_account{id,username,name,profile_picture_url}";
/// `tasks` belongs to a person's list alone; elsewhere it may be refused as no
/// field of a Page.
const FIELDS_ELSEWHERE: &str = "id,name,access_token,picture{url},\
                                instagram_business_account{id,username,name,profile_picture_url}";

impl Client {
    /// All Pages the person gave to the app and has a role on, each once, in
    /// Meta's order. Pages held only through a business portfolio may be
    /// missing. Meta: `graph-api/reference/user/accounts`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]. The list is whole or an error.
    pub async fn pages(&self, app: &App, token: &SecretString) -> Result<Vec<Page>, Error> {
        let listing = self.page_listing(app, token).await;
        let pages = listing.cut.map_or(Ok(listing.entries), Err)?;
        let mut seen = BTreeSet::new();
        Ok(pages.into_iter().filter(|page| seen.insert(page.id.clone())).collect())
    }

    /// The same, as much of it as comes, in Meta's words.
    pub(crate) async fn page_listing(&self, app: &App, token: &SecretString) -> Listing<Page> {
        let call = Call::get("the Pages", &["me", "accounts"]).signed(app, token).with("fields", FIELDS);
        self.listing::<WirePage>(call).await.map(Page::from)
    }

    /// Pages of a business, as much of the list as comes.
    /// Meta: `marketing-api/reference/business/owned_pages` and `client_pages`.
    pub(crate) async fn business_page_listing(
        &self,
        app: &App,
        token: &SecretString,
        business_id: &str,
        held: Held,
    ) -> Listing<Page> {
        let path = [business_id, held.edge()];
        let call = Call::get("the Pages of a business", &path).signed(app, token).with("fields", FIELDS_ELSEWHERE);
        self.listing::<WirePage>(call).await.map(Page::from)
    }

    /// One Page with its token, by the token of a person or a system user.
    /// Meta: `graph-api/reference/page`.
    pub(crate) async fn granted_page(&self, app: &App, token: &SecretString, page_id: &str) -> Result<Page, Error> {
        let path = [page_id];
        let call = Call::get("a Page of the grant", &path).signed(app, token).with("fields", FIELDS_ELSEWHERE);
        let page = Page::from(self.send::<WirePage>(&call).await?);
        if page.id == page_id { Ok(page) } else { Err(Error::Malformed { what: "a Page of the grant" }) }
    }
}

/// How a business holds a Page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Held {
    /// As its owner.
    Owned,
    /// For a client.
    Client,
}

impl Held {
    fn edge(self) -> &'static str {
        match self {
            Self::Owned => "owned_pages",
            Self::Client => "client_pages",
        }
    }
}

/// Absent, null and an empty string are no token.
fn optional_token<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<SecretString>, D::Error> {
    match Value::deserialize(value)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => wire::Token::deserialize(value)
            .map(|wire::Token(token)| Some(token))
            .map_err(|_| serde::de::Error::custom("no token")),
    }
}

/// A picture is an ornament: whatever is not an address counts as none.
pub(super) fn web_address(value: Option<&Value>) -> Option<String> {
    let url = Url::parse(value?.as_str()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}
