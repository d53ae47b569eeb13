//! What an answer of Meta's proves about a token.

use lifecycle::health::TokenProof;
use meta::{GraphError, Meaning};

/// What an answer of Meta's proves about a token, and the word of why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proved {
    pub proof: TokenProof,
    pub problem: Option<&'static str>,
}

impl Proved {
    pub const WORKS: Self = Self { proof: TokenProof::Works, problem: None };
    pub const TAKEN_BACK: Self =
        Self { proof: TokenProof::MissingPermission, problem: Some(Meaning::PermissionNotGranted.code()) };
}

/// What an answer proves about the token that was asked with; `None`: nothing (Meta's own trouble, our
/// mistake, a code that nobody knows).
pub(super) fn proof_of(error: &meta::Error) -> Option<Proved> {
    let meta::Error::Graph(error) = error else { return None };
    proof_of_graph(error)
}

/// The same, of an answer about a token that was not asked with.
pub(super) fn proof_of_graph(error: &GraphError) -> Option<Proved> {
    if meta::Error::Graph(error.clone()).is_metas_trouble() {
        return None;
    }
    let meaning = error.meaning();
    dead_by(meaning).map(|proof| Proved { proof, problem: Some(meaning.code()) })
}

fn dead_by(meaning: Meaning) -> Option<TokenProof> {
    use Meaning as M;
    match meaning {
        M::TokenExpired => Some(TokenProof::Expired),
        M::TokenInvalid
        | M::SessionInvalid
        | M::AppRemoved
        | M::PasswordChanged
        | M::EndedByCall
        | M::LoggedOut
        | M::Checkpoint
        | M::UnconfirmedPerson
        | M::SecurityCheck => Some(TokenProof::Revoked),
        M::RoleLost | M::ObjectMissing | M::UnknownObject => Some(TokenProof::RoleLost),
        M::PermissionNotGranted | M::PermissionMissing => Some(TokenProof::MissingPermission),
        _ => None,
    }
}
