//! Permissions that a person takes back at Meta.

use std::collections::BTreeSet;

use lifecycle::{Timestamp, health::TokenProof};
use meta::{LoginProvider, PermissionStatus};
use secrecy::SecretString;
use store::{Channel, Connection};

use super::{
    look::{Findings, set_proof},
    verdict::Proved,
};
use crate::apps::account_kind;

/// Most permissions show in no call that a check makes: messages just stop. So what the grant has is
/// compared with what each channel needs.
pub(super) async fn compare(
    login: &dyn LoginProvider,
    token: &SecretString,
    connection: &Connection,
    channels: &[Channel],
    found: &mut Findings,
    now: Timestamp,
) {
    let taken = taken_back(login, token, connection, channels, found).await;
    for (channel, (_, facts, _)) in channels.iter().zip(&mut found.channels) {
        let misses = login.needs(account_kind(channel.kind)).permissions.iter().any(|it| taken.contains(*it));
        if misses && is_of_grant(channel, connection) && facts.proof == TokenProof::Works {
            (facts.proof, facts.dead_since) = (channel.facts.proof, channel.facts.dead_since);
            set_proof(facts, Proved::TAKEN_BACK, now);
        }
    }
}

/// Permissions that the channels need and that the grant has no more. Stated in two places, so that
/// one broken answer takes none away.
async fn taken_back(
    login: &dyn LoginProvider,
    token: &SecretString,
    connection: &Connection,
    channels: &[Channel],
    found: &mut Findings,
) -> BTreeSet<&'static str> {
    let of_grant = channels.iter().filter(|channel| is_of_grant(channel, connection));
    let needed = of_grant.flat_map(|channel| login.needs(account_kind(channel.kind)).permissions);
    let mut missing: BTreeSet<&str> = needed.copied().collect();
    missing.retain(|permission| !found.facts.scopes.iter().any(|scope| scope == permission));
    if missing.is_empty() || found.facts.proof != TokenProof::Works {
        return BTreeSet::new();
    }
    let given: BTreeSet<String> = match login.permissions(token).await {
        Ok(Some(list)) => {
            list.into_iter().filter(|it| it.status == PermissionStatus::Granted).map(|it| it.name).collect()
        }
        Ok(None) => BTreeSet::new(),
        Err(error) => {
            found.note(&error);
            BTreeSet::new()
        }
    };
    // An empty list is no list: nobody can decline all permissions.
    missing.retain(|permission| !given.is_empty() && !given.contains(*permission));
    missing
}

/// Not one that was left with the token of an earlier grant.
pub(super) fn is_of_grant(channel: &Channel, connection: &Connection) -> bool {
    channel.token_generation == connection.token_generation
}
