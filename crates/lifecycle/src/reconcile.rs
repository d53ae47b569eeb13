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
    /// The Page whose token serves this account: itself, or the Page an Instagram account is linked to.
    pub page_id: String,
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
    /// Not connected before and not usable: shown with the reason.
    Unusable,
}

/// Sorts what Meta granted against what was connected. Keeps the order of both lists:
/// first what Meta granted, then what it did not.
#[must_use]
pub fn reconcile(before: &[AccountKey], granted: &[GrantedAccount]) -> Vec<(AccountKey, Change)> {
    let listed = granted.iter().map(|account| {
        let change = match (before.contains(&account.key), account.unusable) {
            (true, None) => Change::Kept,
            (false, None) => Change::New,
            (true, Some(_)) => Change::Lost,
            (false, Some(_)) => Change::Unusable,
        };
        (account.key.clone(), change)
    });
    let gone = before
        .iter()
        .filter(|key| granted.iter().all(|account| account.key != **key))
        .map(|key| (key.clone(), Change::Lost));
    listed.chain(gone).collect()
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
    if !loss_confirmed && before.iter().any(|key| !selected.contains(key)) {
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
            page_id: id.to_string(),
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
        assert_eq!(reconcile(&[key(1)], &granted), [(key(1), Change::Lost), (key(2), Change::Unusable)]);
        assert_eq!(default_selection(&[key(1)], &granted), []);
    }

    #[test]
    fn unticking_a_connected_account_needs_confirmation() {
        let granted = [account(1, None), account(2, None)];
        let check = |confirmed| check_selection(&[key(1), key(2)], &granted, &[key(1)], confirmed);
        assert_eq!(check(false), Err(SelectionError::LossNotConfirmed));
        assert_eq!(check(true), Ok(()));
        assert_eq!(check_selection(&[], &granted, &[], true), Err(SelectionError::Empty));
        assert_eq!(check_selection(&[], &granted, &[key(9)], true), Err(SelectionError::NotGranted));
    }

    proptest! {
        #[test]
        fn every_account_is_told_exactly_once(
            before in proptest::collection::btree_set(0u8..12, 0..8),
            granted in proptest::collection::btree_map(0u8..12, proptest::bool::ANY, 0..8),
        ) {
            let before: Vec<_> = before.into_iter().map(key).collect();
            let granted: Vec<_> = granted
                .into_iter()
                .map(|(id, usable)| account(id, (!usable).then_some(Unusable::NoToken)))
                .collect();
            let told = reconcile(&before, &granted);
            for known in before.iter().chain(granted.iter().map(|it| &it.key)) {
                prop_assert_eq!(told.iter().filter(|(key, _)| key == known).count(), 1);
            }
            let lost = told.iter().filter(|(_, change)| *change == Change::Lost).count();
            let kept = told.iter().filter(|(_, change)| *change == Change::Kept).count();
            prop_assert_eq!(lost + kept, before.len());
        }
    }
}
