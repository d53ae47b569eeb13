//! Live reads: does a token really reach its account?

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::accounts::{INSTAGRAM, WireInstagram};
use super::call::Call;
use crate::app::App;
use crate::error::Error;
use crate::wire::{Id, Text};

/// Who a Page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageIdentity {
    /// Page id.
    pub id: String,
    /// Name.
    pub name: String,
}

#[derive(Deserialize)]
struct WireIdentity {
    id: Id,
    name: Text,
}

const PAGE: &str = "the Page";
const ACCOUNT: &str = "the Instagram account";

impl Client {
    /// Reads the Page itself. Meta: `graph-api/reference/page`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]; [`Error::Malformed`] when another Page answers.
    pub async fn read_page(&self, app: &App, page_id: &str, page_token: &SecretString) -> Result<PageIdentity, Error> {
        let path = [page_id];
        let call = Call::get(PAGE, &path).signed(app, page_token).with("fields", "id,name");
        let page: WireIdentity = self.send(&call).await?;
        if page.id.0 != page_id {
            return Err(Error::Malformed { what: PAGE });
        }
        Ok(PageIdentity { id: page.id.0, name: page.name.0 })
    }

    /// Reads an Instagram account with the token of the Page it is linked to.
    /// Meta: `instagram-platform/instagram-graph-api/reference/ig-user`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]; [`Error::Malformed`] when another account answers
    /// or it has no user name.
    pub async fn read_instagram(
        &self,
        app: &App,
        instagram_id: &str,
        page_token: &SecretString,
    ) -> Result<crate::InstagramAccount, Error> {
        let path = [instagram_id];
        let call = Call::get(ACCOUNT, &path).signed(app, page_token).with("fields", INSTAGRAM);
        let account = crate::InstagramAccount::from(self.send::<WireInstagram>(&call).await?);
        if account.id != instagram_id || account.username.is_empty() {
            return Err(Error::Malformed { what: ACCOUNT });
        }
        Ok(account)
    }
}
