//! What a code says to the people concerned.

use super::graph::GraphError;

/// What an error means, decided by code and subcode alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The token's time is over: connect again.
    TokenExpired,
    /// The token was ended before its time: connect again.
    TokenRevoked(Revoked),
    /// A permission was not given, or was taken back, or the object is no
    /// longer visible to the person: connect again with all switches on.
    MissingPermission,
    /// The person lost the role on the Page: somebody with the role connects.
    RoleLost,
    /// The code was exchanged before: start the log-in again.
    CodeUsed,
    /// Meta waits for the person at facebook.com (security check, account not
    /// confirmed). Then connect again.
    Checkpoint,
    /// Too many calls: wait.
    RateLimited,
    /// Meta's own trouble: try again.
    Transient,
    /// Configuration of the app, or a mistake in the call: nothing that the
    /// administrator can do.
    OperatorMistake,
    /// None of the known codes.
    Unknown,
}

/// How a token was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// The person removed the app (458).
    AppRemoved,
    /// The password was changed, or Facebook ended the session for security
    /// (460).
    PasswordChanged,
    /// Ended by a call of the API (466).
    ByCall,
    /// The person logged out, or an error of Meta's (467).
    LoggedOut,
    /// Not stated, or a subcode not known.
    Unstated,
}

impl GraphError {
    /// What this error means. A rate limit stays one even if Meta also marks
    /// it as passing; otherwise that mark wins over the code.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        let by_code = by_code(self.code, self.subcode);
        if by_code == Meaning::RateLimited {
            return by_code;
        }
        if self.is_transient {
            return Meaning::Transient;
        }
        match (by_code, self.http_status) {
            (Meaning::Unknown, 429) => Meaning::RateLimited,
            (Meaning::Unknown, 500..) => Meaning::Transient,
            _ => by_code,
        }
    }

    /// Whether the code speaks of the token itself.
    pub(crate) fn is_about_the_token(&self) -> bool {
        matches!(self.code, 102 | 190)
    }
}

/// Meta: `graph-api/guides/error-handling` and
/// `graph-api/overview/rate-limiting`; subcodes 466 and 490 from recorded
/// answers.
fn by_code(code: i64, subcode: Option<i64>) -> Meaning {
    match (code, subcode) {
        (102 | 190, subcode) => match subcode {
            Some(458) => Meaning::TokenRevoked(Revoked::AppRemoved),
            Some(459 | 464 | 490) => Meaning::Checkpoint,
            Some(460) => Meaning::TokenRevoked(Revoked::PasswordChanged),
            Some(463) => Meaning::TokenExpired,
            Some(466) => Meaning::TokenRevoked(Revoked::ByCall),
            Some(467) => Meaning::TokenRevoked(Revoked::LoggedOut),
            Some(492) => Meaning::RoleLost,
            _ => Meaning::TokenRevoked(Revoked::Unstated),
        },
        (1 | 2, _) => Meaning::Transient,
        (4 | 17 | 32 | 341 | 368 | 613 | 80000..=80014, _) => Meaning::RateLimited,
        (100, Some(36009)) => Meaning::CodeUsed,
        // An object that is gone, or no longer shown to this person.
        (100, Some(33)) | (803, _) => Meaning::MissingPermission,
        (10 | 200..=299, _) => Meaning::MissingPermission,
        (3 | 100 | 101 | 191 | 2500, _) => Meaning::OperatorMistake,
        _ => Meaning::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn error(code: i64, subcode: Option<i64>, is_transient: bool, http_status: u16) -> GraphError {
        GraphError {
            code,
            subcode,
            kind: "OAuthException".to_owned(),
            message: "Error validating access token: Session has expired".to_owned(),
            is_transient,
            trace_id: Some("A1m6".to_owned()),
            http_status,
        }
    }

    #[test]
    fn every_row_of_the_table() {
        use Meaning as M;
        for (code, subcode, meaning) in [
            (190, None, M::TokenRevoked(Revoked::Unstated)),
            (190, Some(458), M::TokenRevoked(Revoked::AppRemoved)),
            (190, Some(459), M::Checkpoint),
            (190, Some(460), M::TokenRevoked(Revoked::PasswordChanged)),
            (102, Some(460), M::TokenRevoked(Revoked::PasswordChanged)),
            (102, None, M::TokenRevoked(Revoked::Unstated)),
            (190, Some(463), M::TokenExpired),
            (190, Some(464), M::Checkpoint),
            (190, Some(466), M::TokenRevoked(Revoked::ByCall)),
            (190, Some(467), M::TokenRevoked(Revoked::LoggedOut)),
            (190, Some(490), M::Checkpoint),
            (190, Some(492), M::RoleLost),
            (190, Some(9_999), M::TokenRevoked(Revoked::Unstated)),
            (10, None, M::MissingPermission),
            (200, None, M::MissingPermission),
            (299, Some(1), M::MissingPermission),
            (803, None, M::MissingPermission),
            (100, Some(33), M::MissingPermission),
            (100, Some(36009), M::CodeUsed),
            (100, None, M::OperatorMistake),
            (100, Some(36008), M::OperatorMistake),
            (3, None, M::OperatorMistake),
            (101, None, M::OperatorMistake),
            (191, None, M::OperatorMistake),
            (2500, None, M::OperatorMistake),
            (1, None, M::Transient),
            (2, None, M::Transient),
            (4, None, M::RateLimited),
            (17, Some(2_446_079), M::RateLimited),
            (32, None, M::RateLimited),
            (341, None, M::RateLimited),
            (368, Some(1_390_008), M::RateLimited),
            (613, Some(1996), M::RateLimited),
            (80001, None, M::RateLimited),
            (80002, None, M::RateLimited),
            (80006, None, M::RateLimited),
            (-1, None, M::Unknown),
            (i64::MAX, Some(i64::MIN), M::Unknown),
        ] {
            assert_eq!(error(code, subcode, false, 400).meaning(), meaning, "{code}/{subcode:?}");
        }
    }

    #[test]
    fn a_passing_error_wins_over_its_code() {
        for code in [190, 102, 10, 200, 100, 803, 5] {
            let error = Error::Graph(error(code, Some(463), true, 400));
            assert_eq!(error.meaning(), Some(Meaning::Transient));
            assert!(error.is_metas_trouble() && !error.proves_dead());
        }
        assert_eq!(error(4, None, true, 400).meaning(), Meaning::RateLimited);
    }

    #[test]
    fn a_dead_token_and_metas_trouble_exclude_each_other() {
        for code in (-5..1_000).chain(80_000..80_020) {
            for subcode in [None, Some(33), Some(463), Some(492), Some(36009)] {
                for transient in [false, true] {
                    for status in [200, 400, 401, 403, 429, 500, 503] {
                        let error = Error::Graph(error(code, subcode, transient, status));
                        let dead = matches!(code, 102 | 190) && !transient && status < 500;
                        assert_eq!(error.proves_dead(), dead);
                        assert!(!(dead && error.is_metas_trouble()));
                    }
                }
            }
        }
        assert_eq!(error(77, None, false, 503).meaning(), Meaning::Transient);
        assert_eq!(error(77, None, false, 429).meaning(), Meaning::RateLimited);
        assert!(!Error::Setup.is_metas_trouble());
        assert!(Error::HttpStatus(404).is_metas_trouble());
    }

    #[test]
    fn what_is_shown_has_numbers_only() {
        assert_eq!(
            Error::Graph(error(190, Some(463), false, 400)).to_string(),
            "Meta answered with error 190/463 (HTTP 400, trace A1m6)"
        );
        let plain = GraphError { trace_id: None, ..error(4, None, false, 400) };
        assert_eq!(plain.to_string(), "Meta answered with error 4 (HTTP 400)");
    }
}
