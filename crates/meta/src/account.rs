//! What a token reaches, in the same form for every way to log in.

use secrecy::SecretString;

use crate::client::accounts::Page;

/// What a token reaches.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// Each account once.
    pub list: Vec<Account>,
    /// Absence from the list means something only when this is true.
    pub complete: bool,
}

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// A Page, which is written to over Messenger.
    Page,
    /// A professional Instagram account.
    Instagram,
}

/// An account that a person or a business gave to the app.
#[derive(Debug, Clone)]
pub struct Account {
    /// What it is.
    pub kind: AccountKind,
    /// Page id, or id of the professional account (17841…).
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Instagram's handle without `@`.
    pub username: Option<String>,
    /// Picture, on Meta's servers, for a limited time.
    pub picture_url: Option<String>,
    /// Whose token and whose webhook subscription serve this account: the Page
    /// itself, the Page an Instagram account is linked to, or the account
    /// itself with Instagram Login.
    pub served_by: String,
    /// Only on the serving account itself.
    pub token: Option<SecretString>,
    /// Why it cannot be used; [`None`]: it can.
    pub unusable: Option<Unusable>,
}

/// Why an account cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unusable {
    /// Meta gives no token for it: the person's role does not suffice.
    NoToken,
    /// The person's role has no task for messages.
    NoMessagingTask,
}

/// Tasks that let somebody answer messages; those with a prefix are of the new
/// kind of Page.
const MESSAGING: &[&str] = &["MESSAGING", "PROFILE_PLUS_MESSAGING", "PROFILE_PLUS_FULL_CONTROL"];

/// The Page and the Instagram account linked to it.
pub(crate) fn of_page(page: Page) -> impl Iterator<Item = Account> {
    let unusable = unusable(&page);
    let instagram = page.instagram.map(|instagram| Account {
        kind: AccountKind::Instagram,
        id: instagram.id,
        name: instagram
            .name
            .or_else(|| Some(instagram.username.clone()).filter(|username| !username.is_empty()))
            .unwrap_or_else(|| page.name.clone()),
        username: Some(instagram.username).filter(|username| !username.is_empty()),
        picture_url: instagram.picture_url,
        served_by: page.id.clone(),
        token: None,
        unusable,
    });
    let messenger = Account {
        kind: AccountKind::Page,
        served_by: page.id.clone(),
        id: page.id,
        name: page.name,
        username: None,
        picture_url: page.picture_url,
        token: page.token,
        unusable,
    };
    std::iter::once(messenger).chain(instagram)
}

/// Tasks that are not stated, as in lists of businesses, count as enough.
fn unusable(page: &Page) -> Option<Unusable> {
    let may_answer = page.tasks.is_empty() || page.tasks.iter().any(|task| MESSAGING.contains(&task.as_str()));
    match page.token {
        None => Some(Unusable::NoToken),
        Some(_) if !may_answer => Some(Unusable::NoMessagingTask),
        Some(_) => None,
    }
}
