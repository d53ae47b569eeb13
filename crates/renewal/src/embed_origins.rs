//! Which pages may show Renova inside.

use lifecycle::{Origin, ids::OrganizationId};
use serde_json::json;
use store::Organization;
use url::Url;

use crate::{Error, Identity, Renova};

/// The pages of one organization, and those that the platform allows for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbedOrigins {
    /// Sorted.
    pub own: Vec<String>,
    /// Sorted; an administrator of the organization cannot change them.
    pub platform: Vec<String>,
}

impl EmbedOrigins {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let further = self.platform.iter().filter(|origin| !self.own.contains(origin));
        self.own.iter().chain(further).map(String::as_str)
    }

    #[must_use]
    pub fn contains(&self, origin: &Origin) -> bool {
        self.iter().any(|it| it == origin.as_str())
    }
}

/// A frame that may be drawn: whose it is, and in which pages.
#[derive(Clone, Debug)]
pub struct EmbedFrame {
    pub organization: Organization,
    pub origins: EmbedOrigins,
}

impl Renova {
    /// Administrators: where Renova may be shown.
    pub async fn embed_origins(&self, who: &Identity) -> Result<EmbedOrigins, Error> {
        who.require_admin()?;
        self.origins_of(who.organization).await
    }

    /// Administrators: the name of the organization in the addresses of frames. It is no secret.
    pub async fn embed_id(&self, who: &Identity) -> Result<String, Error> {
        who.require_admin()?;
        self.embed_id_of(who.organization).await
    }

    /// Administrators: allows pages of this origin to show Renova; more often changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no origin, with how to write it.
    pub async fn add_embed_origin(&self, who: &Identity, origin: &str) -> Result<Origin, Error> {
        who.require_admin()?;
        let origin = parse(origin)?;
        let detail = json!({"origin": origin.as_str()});
        let trail = self.trail(who.organization, Some(who), "embed.origin_added", &origin, detail, false);
        let organization = Some(who.organization);
        self.parts.storage.add_embed_origin(organization, origin.as_str(), self.wall_now(), Some(&trail)).await?;
        Ok(origin)
    }

    /// Administrators: pages of this origin show Renova no longer, once they are loaded anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was not allowed by the organization.
    pub async fn remove_embed_origin(&self, who: &Identity, origin: &str) -> Result<(), Error> {
        who.require_admin()?;
        let origin = parse(origin)?;
        let detail = json!({"origin": origin.as_str()});
        let trail = self.trail(who.organization, Some(who), "embed.origin_removed", &origin, detail, false);
        let organization = Some(who.organization);
        let was_there = self.parts.storage.remove_embed_origin(organization, origin.as_str(), Some(&trail)).await?;
        if was_there { Ok(()) } else { Err(Error::NotFound) }
    }

    /// What anybody may know who asks for a frame: its address names the organization.
    pub async fn embed_frame(&self, embed_id: &str) -> Result<Option<EmbedFrame>, Error> {
        // A zero byte is in no text of a database.
        if embed_id.contains('\0') {
            return Ok(None);
        }
        let Some(organization) = self.parts.storage.organization_by_embed_id(embed_id).await? else { return Ok(None) };
        let origins = self.origins_of(organization.id).await?;
        Ok(Some(EmbedFrame { organization, origins }))
    }

    /// Whether anybody allows pages of this origin.
    pub async fn is_embed_origin(&self, origin: &Origin) -> Result<bool, Error> {
        Ok(self.parts.embed_origins.contains(origin) || self.parts.storage.is_embed_origin(origin.as_str()).await?)
    }

    pub(crate) async fn origins_of(&self, organization: OrganizationId) -> Result<EmbedOrigins, Error> {
        let storage = &self.parts.storage;
        let mut platform = storage.embed_origins(None).await?;
        platform.extend(self.parts.embed_origins.iter().map(Origin::to_string));
        platform.sort_unstable();
        platform.dedup();
        Ok(EmbedOrigins { own: storage.embed_origins(Some(organization)).await?, platform })
    }

    pub(crate) async fn embed_id_of(&self, organization: OrganizationId) -> Result<String, Error> {
        self.parts.storage.embed_id(organization).await?.ok_or(Error::NotFound)
    }
}

pub(crate) fn parse(origin: &str) -> Result<Origin, Error> {
    Origin::parse(origin.trim()).map_err(|problem| Error::Invalid { field: "origin", problem: problem.to_string() })
}

/// An address of a page of `origin`, as it may stand in a redirect.
///
/// # Errors
/// [`Error::Invalid`] for any other address.
pub(crate) fn address_on(origin: &Origin, text: &str) -> Result<String, Error> {
    let problem = || Error::Invalid {
        field: "return_url",
        problem: format!("give the address of a page of {origin}, without user name or password"),
    };
    let url = Url::parse(text).map_err(|_| problem())?;
    let nobody = url.username().is_empty() && url.password().is_none();
    // A blob has the origin of the page that made it, and is none.
    let is_there = url.scheme().starts_with("http") && url.origin().ascii_serialization() == origin.as_str();
    if text.len() <= LONGEST_ADDRESS && nobody && is_there { Ok(url.into()) } else { Err(problem()) }
}

const LONGEST_ADDRESS: usize = 2_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn origin() -> Origin {
        Origin::parse("https://app.example.com").unwrap()
    }

    #[test]
    fn a_page_of_the_origin_is_an_address() {
        for (given, taken) in [
            ("https://app.example.com", "https://app.example.com/"),
            ("https://app.example.com/meta?tab=1#top", "https://app.example.com/meta?tab=1#top"),
            ("https://APP.example.com:443/a", "https://app.example.com/a"),
        ] {
            assert_eq!(address_on(&origin(), given).unwrap(), taken);
        }
    }

    const ELSEWHERE: [&str; 24] = [
        "",
        "/meta",
        "//app.example.com/meta",
        "meta",
        "http://app.example.com/",
        "https://app.example.com:8443/",
        "https://app.example.com.evil.example/",
        "https://sub.app.example.com/",
        "https://app.example.com@evil.example/",
        "https://app.example.com:pass@evil.example/",
        "https://user@app.example.com/",
        "https://user:pass@app.example.com/",
        "https://evil.example/https://app.example.com/",
        "https://evil.example?https://app.example.com/",
        "https://evil.example#https://app.example.com/",
        "https://evil.example\\@app.example.com/",
        "https:\\\\evil.example\\app.example.com",
        "https://app.example.com%2f@evil.example/",
        "javascript:alert(1)//https://app.example.com/",
        "data:text/html,https://app.example.com/",
        "blob:https://app.example.com/1",
        "https://evil.example/\r\nLocation: https://app.example.com/",
        "https://\u{ff41}pp.example.com.evil.example/",
        "https://evil.example/..//app.example.com/",
    ];

    #[test]
    fn other_addresses_are_refused() {
        for text in ELSEWHERE {
            assert!(matches!(address_on(&origin(), text), Err(Error::Invalid { field: "return_url", .. })), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn whatever_is_taken_leads_to_the_origin(
            start in prop::sample::select([&ELSEWHERE[..], &["https://app.example.com", "https://app.example.com/"]].concat()),
            rest in "[ -~\\t\\r\\n\u{e9}\u{ff0f}]{0,16}",
        ) {
            let text = format!("{start}{rest}");
            if let Ok(address) = address_on(&origin(), &text) {
                prop_assert!(address.starts_with("https://app.example.com/"), "{text:?} became {address:?}");
                prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "safe in a header: {address:?}");
            }
        }
    }
}
