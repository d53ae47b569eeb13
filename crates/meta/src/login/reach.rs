//! All accounts that a token of Facebook Login reaches, and whether that is all
//! there is.

use std::collections::BTreeSet;
use std::time::Duration;

use secrecy::SecretString;

use super::Grantee;
use crate::account::{self, Account, Accounts};
use crate::app::App;
use crate::client::Client;
use crate::client::accounts::{Held, Page};
use crate::client::facts::{GranularScope, TokenFacts};
use crate::client::list::Listing;
use crate::error::Error;

/// For all that comes after the first list.
const DEADLINE: Duration = Duration::from_secs(45);
/// Most Pages read one by one.
const MOST_SINGLE: usize = 200;
/// Permissions whose assets are Pages.
const PAGE_SCOPES: &[&str] = &["pages_show_list", "pages_messaging"];

/// Where to look.
struct Search<'a> {
    client: &'a Client,
    app: &'a App,
    token: &'a SecretString,
    facts: &'a TokenFacts,
}

/// Pages found so far.
struct Found {
    pages: Vec<Page>,
    /// A list broke off, or an answer did not come.
    broken: bool,
    /// Meta did not let us look somewhere.
    barred: bool,
}

/// The person's own list comes first and has to come at least in part; Pages
/// that only a business holds follow where the person let us see them; where
/// nothing is listed, the Pages that the grant names are read one by one.
///
/// The list is complete when nothing broke off, the permissions that show Pages
/// and Instagram accounts were given, and either businesses could be seen or
/// every Page that the grant names was found without them.
///
/// # Errors
///
/// Those of [`Client`] where the first list gives nothing.
pub(super) async fn accounts(
    client: &Client,
    app: &App,
    token: &SecretString,
    facts: &TokenFacts,
    grantee: Grantee,
) -> Result<Accounts, Error> {
    let search = Search { client, app, token, facts };
    let Listing { entries, cut } = client.page_listing(app, token).await;
    let mut found = Found { pages: Vec::new(), broken: cut.is_some(), barred: false };
    if let Some(error) = cut.filter(|_| entries.is_empty()) {
        return Err(error);
    }
    found.add(entries);
    let rest = tokio::time::timeout(DEADLINE, search.rest(&mut found, grantee));
    if rest.await.is_err() {
        found.broken = true;
    }
    let complete = !found.broken && search.sees_accounts() && (!found.barred || search.is_all_named(&found));
    Ok(Accounts { list: found.into_list(), complete })
}

impl Search<'_> {
    async fn rest(&self, found: &mut Found, grantee: Grantee) {
        match grantee {
            // A system user is given Pages one by one: all are in its own list.
            Grantee::Business => {}
            Grantee::Person if self.has("business_management") => self.of_businesses(found).await,
            Grantee::Person => found.barred = true,
        }
        if found.pages.is_empty() {
            self.one_by_one(found).await;
        }
    }

    async fn of_businesses(&self, found: &mut Found) {
        let businesses = found.take(self.client.business_listing(self.app, self.token).await);
        let mut seen = BTreeSet::new();
        for business in businesses.into_iter().filter(|business| seen.insert(business.id.clone())) {
            for held in [Held::Owned, Held::Client] {
                let listing = self.client.business_page_listing(self.app, self.token, &business.id, held).await;
                let pages = found.take(listing);
                found.add(pages);
            }
        }
    }

    async fn one_by_one(&self, found: &mut Found) {
        let ids = self.of_pages().filter_map(|granular| granular.target_ids.as_deref());
        let named: BTreeSet<&str> = ids.flatten().map(String::as_str).collect();
        found.broken |= named.len() > MOST_SINGLE;
        for id in named.into_iter().take(MOST_SINGLE) {
            match self.client.granted_page(self.app, self.token, id).await {
                Ok(page) => found.add(vec![page]),
                Err(_) => found.broken = true,
            }
        }
    }

    fn has(&self, scope: &str) -> bool {
        self.facts.scopes.iter().any(|granted| granted == scope)
    }

    /// Without these no Page shows, or no Page shows its Instagram account.
    fn sees_accounts(&self) -> bool {
        self.has("pages_show_list") && self.has("instagram_basic")
    }

    fn of_pages(&self) -> impl Iterator<Item = &GranularScope> {
        let granular = self.facts.granular_scopes.iter();
        granular.filter(|granular| PAGE_SCOPES.contains(&granular.scope.as_str()))
    }

    /// The grant is limited to some Pages, and each of them was found.
    fn is_all_named(&self, found: &Found) -> bool {
        let is_found = |id: &String| found.pages.iter().any(|page| page.id == *id);
        let all_found = |ids: &Vec<String>| ids.iter().all(is_found);
        self.of_pages().next().is_some()
            && self.of_pages().all(|granular| granular.target_ids.as_ref().is_some_and(all_found))
    }
}

impl Found {
    /// What came of a list, with a note where it is not all of it.
    fn take<T>(&mut self, listing: Listing<T>) -> Vec<T> {
        match listing.cut {
            Some(error) if error.is_metas_trouble() || error.proves_dead() => self.broken = true,
            Some(_) => self.barred = true,
            None => {}
        }
        listing.entries
    }

    /// A Page that is there already keeps what it has, and takes what it lacks.
    fn add(&mut self, pages: Vec<Page>) {
        for page in pages {
            match self.pages.iter_mut().find(|known| known.id == page.id) {
                Some(known) => {
                    known.token = known.token.take().or(page.token);
                    known.picture_url = known.picture_url.take().or(page.picture_url);
                    known.instagram = known.instagram.take().or(page.instagram);
                }
                None => self.pages.push(page),
            }
        }
    }

    fn into_list(self) -> Vec<Account> {
        let mut seen = BTreeSet::new();
        let accounts = self.pages.into_iter().flat_map(account::of_page);
        accounts.filter(|account| seen.insert((account.kind, account.id.clone()))).collect()
    }
}
