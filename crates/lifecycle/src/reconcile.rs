//! Accounts before and after a log-in: what is kept, what is new, what would be lost.

use serde::{Deserialize, Serialize};

use crate::ChannelKind;

/// What makes two accounts the same: the kind and Meta's id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AccountKey {
    pub kind: ChannelKind,
    /// Page id or Instagram professional account id, as Meta gives it.
    pub account_id: String,
}

impl AccountKey {
    /// `messenger:123` or `instagram:17841…`: the value of a form's checkbox.
    #[must_use]
    pub fn to_form_value(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.account_id)
    }

    #[must_use]
    pub fn from_form_value(text: &str) -> Option<Self> {
        let (kind, account_id) = text.split_once(':')?;
        let kind = ChannelKind::parse(kind)?;
        (!account_id.is_empty()).then(|| Self { kind, account_id: account_id.to_owned() })
    }
}

/// Why an account that Meta lists cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// Meta gave no token for the Page.
    NoToken,
    /// The person lacks the task `MESSAGING` on the Page.
    NoMessagingTask,
}

/// An account that Meta lists after the log-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedAccount {
    pub key: AccountKey,
    pub name: String,
    /// Instagram's handle, without the at sign.
    pub username: Option<String>,
    pub picture_url: Option<String>,
    /// Whose token and whose subscription serve this account: the Page itself, the Page an Instagram
    /// account is linked to, or the account itself with Instagram Login.
    #[serde(alias = "page_id")]
    pub served_by: String,
    pub unusable: Option<Unusable>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Was connected and is granted again.
    Kept,
    /// Granted, and not connected before.
    New,
    /// Was connected and is not granted (or not usable) any more.
    Lost,
    /// Was connected, and this log-in says nothing about it: it stays as it is, with its own token.
    Untouched,
    /// Not connected before and not usable: shown with the reason.
    Unusable,
}

/// What it means when an account of before is missing from what Meta listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// The list is whole: what is missing was not granted.
    #[default]
    Whole,
    /// A part could not be read: what is missing may well be granted.
    Partial,
    /// Another person has taken the connection over: what that person cannot use stays with the
    /// former one.
    OfAnotherPerson,
}

impl Listing {
    /// What becomes of an account of before that is missing, or listed and not usable.
    const fn without(self, is_listed: bool) -> Change {
        match (self, is_listed) {
            (Self::OfAnotherPerson, _) | (Self::Partial, false) => Change::Untouched,
            (Self::Whole, _) | (Self::Partial, true) => Change::Lost,
        }
    }
}

/// Sorts what Meta granted against what was connected. Keeps the order of both lists:
/// first what Meta granted, then what it did not.
#[must_use]
pub fn reconcile(before: &[AccountKey], granted: &[GrantedAccount], listing: Listing) -> Vec<(AccountKey, Change)> {
    let listed = granted.iter().map(|account| {
        let change = match (before.contains(&account.key), account.unusable) {
            (true, None) => Change::Kept,
            (false, None) => Change::New,
            (true, Some(_)) => listing.without(true),
            (false, Some(_)) => Change::Unusable,
        };
        (account.key.clone(), change)
    });
    let missing = before
        .iter()
        .filter(|key| granted.iter().all(|account| account.key != **key))
        .map(|key| (key.clone(), listing.without(false)));
    listed.chain(missing).collect()
}

/// The accounts of before that stay as they are.
#[must_use]
pub fn untouched(before: &[AccountKey], granted: &[GrantedAccount], listing: Listing) -> Vec<AccountKey> {
    let changes = reconcile(before, granted, listing).into_iter();
    changes.filter(|(_, change)| *change == Change::Untouched).map(|(key, _)| key).collect()
}

/// The accounts ticked at first: those that were connected; on a first connection, all usable ones.
#[must_use]
pub fn default_selection(before: &[AccountKey], granted: &[GrantedAccount]) -> Vec<AccountKey> {
    granted
        .iter()
        .filter(|account| account.unusable.is_none())
        .filter(|account| before.is_empty() || before.contains(&account.key))
        .map(|account| account.key.clone())
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    #[error("select at least one account")]
    Empty,
    #[error("an account was selected that Meta did not grant")]
    NotGranted,
    #[error("a connected account would stop receiving messages: confirm it")]
    LossNotConfirmed,
}

/// Checks what the administrator ticked. Stopping an account that was connected, by unticking it
/// or because Meta did not grant it, needs a deliberate confirmation.
pub fn check_selection(
    before: &[AccountKey],
    granted: &[GrantedAccount],
    listing: Listing,
    selected: &[AccountKey],
    loss_confirmed: bool,
) -> Result<(), SelectionError> {
    if selected.is_empty() {
        return Err(SelectionError::Empty);
    }
    let usable = |key: &AccountKey| granted.iter().any(|it| it.key == *key && it.unusable.is_none());
    if !selected.iter().all(usable) {
        return Err(SelectionError::NotGranted);
    }
    let stay = untouched(before, granted, listing);
    if !loss_confirmed && before.iter().any(|key| !selected.contains(key) && !stay.contains(key)) {
        return Err(SelectionError::LossNotConfirmed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(id: u8) -> AccountKey {
        AccountKey { kind: ChannelKind::Messenger, account_id: id.to_string() }
    }

    fn account(id: u8, unusable: Option<Unusable>) -> GrantedAccount {
        GrantedAccount {
            key: key(id),
            name: format!("Page {id}"),
            username: None,
            picture_url: None,
            served_by: id.to_string(),
            unusable,
        }
    }

    #[test]
    fn form_values_are_read_back() {
        let key = AccountKey { kind: ChannelKind::Instagram, account_id: "17841400000000001".into() };
        assert_eq!(AccountKey::from_form_value(&key.to_form_value()), Some(key));
        for bad in ["", "messenger", "messenger:", "fax:1"] {
            assert_eq!(AccountKey::from_form_value(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_without_the_task_is_lost_when_it_was_connected() {
        let granted = [account(1, Some(Unusable::NoMessagingTask)), account(2, Some(Unusable::NoToken))];
        let told = reconcile(&[key(1)], &granted, Listing::Whole);
        assert_eq!(told, [(key(1), Change::Lost), (key(2), Change::Unusable)]);
        assert_eq!(default_selection(&[key(1)], &granted), []);
    }

    #[test]
    fn unticking_a_connected_account_needs_confirmation() {
        let granted = [account(1, None), account(2, None)];
        let whole = Listing::Whole;
        let check = |confirmed| check_selection(&[key(1), key(2)], &granted, whole, &[key(1)], confirmed);
        assert_eq!(check(false), Err(SelectionError::LossNotConfirmed));
        assert_eq!(check(true), Ok(()));
        assert_eq!(check_selection(&[], &granted, whole, &[], true), Err(SelectionError::Empty));
        assert_eq!(check_selection(&[], &granted, whole, &[key(9)], true), Err(SelectionError::NotGranted));
    }

    #[test]
    fn what_the_list_cannot_show_stays_as_it_is() {
        let before = [key(1), key(2), key(3)];
        let granted = [account(1, None), account(2, Some(Unusable::NoToken))];
        let lost = |listing| {
            let told = reconcile(&before, &granted, listing).into_iter();
            told.filter(|(_, change)| *change == Change::Lost).map(|(key, _)| key).collect::<Vec<_>>()
        };
        assert_eq!(lost(Listing::Whole), [key(2), key(3)]);
        assert_eq!(lost(Listing::Partial), [key(2)]);
        assert_eq!(lost(Listing::OfAnotherPerson), []);
        let listing = Listing::OfAnotherPerson;
        assert_eq!(untouched(&before, &granted, listing), [key(2), key(3)]);
        assert_eq!(check_selection(&before, &granted, listing, &[key(1)], false), Ok(()));
    }

    proptest! {
        #[test]
        fn every_account_is_told_exactly_once(
            before in proptest::collection::btree_set(0u8..12, 0..8),
            granted in proptest::collection::btree_map(0u8..12, proptest::bool::ANY, 0..8),
            listing in proptest::sample::select(&[Listing::Whole, Listing::Partial, Listing::OfAnotherPerson][..]),
        ) {
            let before: Vec<_> = before.into_iter().map(key).collect();
            let granted: Vec<_> = granted
                .into_iter()
                .map(|(id, usable)| account(id, (!usable).then_some(Unusable::NoToken)))
                .collect();
            let told = reconcile(&before, &granted, listing);
            for known in before.iter().chain(granted.iter().map(|it| &it.key)) {
                prop_assert_eq!(told.iter().filter(|(key, _)| key == known).count(), 1);
            }
            let count = |wanted| told.iter().filter(|(_, change)| *change == wanted).count();
            let of_before = count(Change::Lost) + count(Change::Kept) + count(Change::Untouched);
            prop_assert_eq!(of_before, before.len());
        }
    }
}
