//! Whose grant a connection is, and who may take its place.

use crate::GranteeKind;

/// Who gave a grant: a person or a business of Meta, by the id that this app sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grantee<'a> {
    pub kind: GranteeKind,
    pub id: &'a str,
}

/// What the grant of a new log-in is to the connection that it renews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Succession {
    /// The same person or business.
    Same,
    /// The person's connection becomes the business': it never has to be renewed again.
    ToBusiness,
    /// Somebody else: nothing is replaced unless the connection is handed over.
    Other,
}

/// Judges a log-in. `shares_account`: it reaches at least one account of the connection; a business
/// that reaches none has nothing to do with it.
#[must_use]
pub fn succession(before: Grantee<'_>, after: Grantee<'_>, shares_account: bool) -> Succession {
    match (before.kind, after.kind) {
        _ if before == after => Succession::Same,
        (GranteeKind::Person, GranteeKind::Business) if shares_account => Succession::ToBusiness,
        _ => Succession::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_business_that_reaches_an_account_takes_over_by_itself() {
        let (ana, elisa) = (person("1"), person("2"));
        let (aurora, boreal) = (business("1"), business("9"));
        for (before, after, shares, expected) in [
            (ana, ana, false, Succession::Same),
            (aurora, aurora, false, Succession::Same),
            (ana, elisa, true, Succession::Other),
            (ana, aurora, true, Succession::ToBusiness),
            (ana, aurora, false, Succession::Other),
            (aurora, ana, true, Succession::Other),
            (aurora, boreal, true, Succession::Other),
        ] {
            assert_eq!(succession(before, after, shares), expected, "{before:?} {after:?} {shares}");
        }
    }

    fn person(id: &str) -> Grantee<'_> {
        Grantee { kind: GranteeKind::Person, id }
    }

    fn business(id: &str) -> Grantee<'_> {
        Grantee { kind: GranteeKind::Business, id }
    }
}
