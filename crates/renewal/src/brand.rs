//! What the platform's people read as the name of the service.

use crate::Renova;

/// Name, picture and address of the platform, as mails, embeds and the pages before the log-in show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// Empty: mails and embeds name no product at all, and Renova's own pages say Renova.
    pub name: String,
    /// The address of a picture: https, or a path of ours.
    pub logo: Option<String>,
    /// Where the name leads.
    pub url: Option<String>,
}

impl Brand {
    /// `None`: no product is named.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        Some(self.name.as_str()).filter(|name| !name.is_empty())
    }

    /// For Renova's own pages.
    #[must_use]
    pub fn product(&self) -> &str {
        self.name().unwrap_or("Renova")
    }

    /// Where a picture comes from that is not ours: pages have to allow it.
    #[must_use]
    pub fn logo_origin(&self) -> Option<String> {
        let url = url::Url::parse(self.logo.as_deref()?).ok()?;
        Some(url.origin().ascii_serialization())
    }
}

impl Renova {
    #[must_use]
    pub fn brand(&self) -> &Brand {
        &self.parts.brand
    }

    /// Without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.parts.public_url
    }
}
