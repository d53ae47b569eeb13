//! The data of the page of a renewal link.

use renewal::{Error, Identity, Renova};

use crate::{
    api::Hrefs,
    model::{Page, RenewalLinkPage},
};

/// For whoever holds the link, and is signed in as somebody or nobody.
pub async fn renewal_link(
    renova: &Renova,
    hrefs: &Hrefs,
    reader: Option<&Identity>,
    token: String,
) -> Result<Page, Error> {
    let Some(opened) = renova.opened_link(&token).await? else { return Ok(Page::RenewalLink(None)) };
    let is_own = reader.is_some_and(|reader| reader.user == opened.person.id);
    let renewal_href = opened.link.used.map(|(_, renewal)| hrefs.renewal(&renewal.to_string()));
    // One that was used leads back its own person alone.
    if renewal_href.is_some() && !is_own {
        return Ok(Page::RenewalLink(None));
    }
    Ok(Page::RenewalLink(Some(RenewalLinkPage {
        token,
        organization: opened.organization.name,
        connection: opened.connection.map(|it| it.grantee_name),
        person: opened.person.name,
        other: reader.filter(|_| !is_own).map(|reader| reader.name.clone()),
        renewal_href,
    })))
}
