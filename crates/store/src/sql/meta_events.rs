/// A partial index serves it, word for word.
pub(crate) const NEWEST_MESSAGE: &str = "SELECT last_message_at FROM channels \
     WHERE last_message_at IS NOT NULL ORDER BY last_message_at DESC LIMIT 1";

pub(crate) const INSERT_FORWARD: &str = "INSERT INTO forwards (body_key_id, body_ciphertext, body_version, signature, \
     received_at, due_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING seq";

/// Something can be claimed, or waits for an earlier one. Mostly nothing is due: then nobody who
/// writes has to wait.
pub(crate) const ANY_DUE: &str =
    "SELECT EXISTS (SELECT 1 FROM forwards WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1))";

/// The oldest forward of each account, found by one step per account and not by a walk over all that
/// waits: while the platform is away, much more waits than is at its turn.
macro_rules! heads {
    () => {
        "WITH RECURSIVE waiting (account_id) AS (SELECT MIN(account_id) FROM forward_accounts UNION ALL \
         SELECT (SELECT MIN(a.account_id) FROM forward_accounts a WHERE a.account_id > waiting.account_id) \
         FROM waiting WHERE waiting.account_id IS NOT NULL), \
         heads (seq) AS (SELECT (SELECT MIN(a.forward_seq) FROM forward_accounts a \
         WHERE a.account_id = waiting.account_id) FROM waiting WHERE waiting.account_id IS NOT NULL)"
    };
}
pub(crate) use heads;

/// Those of the heads whose turn it is at `$1`, at most `$4`: first in each of their accounts.
macro_rules! claimable {
    () => {
        "SELECT f.seq FROM forwards f WHERE f.seq IN (SELECT heads.seq FROM heads) AND f.due_at <= $1 \
         AND (f.lease_until IS NULL OR f.lease_until <= $1) \
         AND NOT EXISTS (SELECT 1 FROM forward_accounts mine JOIN forward_accounts earlier \
         ON earlier.account_id = mine.account_id AND earlier.forward_seq < mine.forward_seq \
         WHERE mine.forward_seq = f.seq) ORDER BY f.seq LIMIT $4"
    };
}
pub(crate) use claimable;

/// Holds what is claimed for `$2` until `$3`.
macro_rules! hold {
    () => {
        "UPDATE forwards SET lease_owner = $2, lease_until = $3, attempts = attempts + 1"
    };
}
pub(crate) use hold;

macro_rules! claimed {
    () => {
        "forwards.seq, forwards.body_key_id, forwards.body_ciphertext, forwards.body_version, forwards.signature, \
         forwards.attempts, forwards.received_at"
    };
}
pub(crate) use claimed;

pub(crate) const COMPLETE: &str = "DELETE FROM forwards WHERE seq = $1 AND lease_owner = $2";

pub(crate) const POSTPONE: &str = "UPDATE forwards SET due_at = $3, lease_owner = NULL, lease_until = NULL \
     WHERE seq = $1 AND lease_owner = $2";

pub(crate) const DROP: &str = "DELETE FROM forwards WHERE received_at < $1";

pub(crate) const WAITING: &str = "SELECT COUNT(*) FROM forwards";
