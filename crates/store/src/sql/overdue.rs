//! What has outlived itself. `now` is bound to `$1` where no organization is, to `$2` where one is.

/// Something is due; `$2` is a day before `$1`. Of every organization, for the worker.
pub(crate) const ANY: &str = concat!(
    "SELECT EXISTS (SELECT 1 FROM renewals WHERE expires_at <= $1 AND ",
    renewal_is_open!(),
    ") OR EXISTS (SELECT 1 FROM login_attempts WHERE expires_at <= $1 AND code_ciphertext IS NOT NULL) \
     OR EXISTS (SELECT 1 FROM login_attempts WHERE expires_at < $2)"
);

/// Where something is due; bound as in [`ANY`]. Unsorted: SQLite would walk whole indexes for the order.
pub(crate) const ORGANIZATIONS: &str = concat!(
    "SELECT organization_id FROM renewals WHERE expires_at <= $1 AND ",
    renewal_is_open!(),
    " UNION SELECT organization_id FROM login_attempts WHERE expires_at <= $1 AND code_ciphertext IS NOT NULL \
     UNION SELECT organization_id FROM login_attempts WHERE expires_at < $2"
);

pub(crate) const FORGET_CODES: &str = "UPDATE login_attempts SET code_key_id = NULL, code_ciphertext = NULL, \
     code_version = NULL WHERE organization_id = $1 AND expires_at <= $2 AND code_ciphertext IS NOT NULL";

/// Before [`EXPIRE`]: afterwards nobody knows which renewals they were.
pub(crate) const FORGET_CODES_OF_RENEWALS: &str = concat!(
    "UPDATE login_attempts SET code_key_id = NULL, code_ciphertext = NULL, code_version = NULL \
     WHERE organization_id = $1 AND code_ciphertext IS NOT NULL \
     AND renewal_id IN (SELECT id FROM renewals WHERE organization_id = $1 AND expires_at <= $2 AND ",
    renewal_is_open!(),
    ")"
);

pub(crate) const EXPIRE: &str = concat!(
    "UPDATE renewals SET state = 'expired', staged_key_id = NULL, staged_ciphertext = NULL, \
     staged_version = NULL, staged_facts = NULL, updated_at = $2, version = version + 1 \
     WHERE organization_id = $1 AND expires_at <= $2 AND ",
    renewal_is_open!()
);

/// `$2` is a day before now.
pub(crate) const DELETE_ATTEMPTS: &str = "DELETE FROM login_attempts WHERE organization_id = $1 AND expires_at < $2";
