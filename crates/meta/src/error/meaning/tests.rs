use std::collections::BTreeSet;
use std::time::Duration;

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
        wait: None,
    }
}

/// Code, subcode, word, who can fix it, and whether to try again.
#[test]
fn every_row_of_the_table() {
    use Retry as R;
    use Who as W;
    let again = R::Backoff { most: 5 };
    for (code, subcode, word, who, retry) in [
        (190, None, "token_invalid", W::Administrator, R::Never),
        (190, Some(458), "app_removed", W::Administrator, R::Never),
        (190, Some(459), "checkpoint", W::PersonAtMeta, R::WhenPersonActed),
        (190, Some(460), "password_changed", W::Administrator, R::Never),
        (102, Some(460), "password_changed", W::Administrator, R::Never),
        (190, Some(463), "token_expired", W::Administrator, R::Never),
        (190, Some(464), "unconfirmed_person", W::PersonAtMeta, R::WhenPersonActed),
        (190, Some(466), "ended_by_call", W::Administrator, R::Never),
        (190, Some(467), "logged_out", W::Administrator, R::Never),
        (190, Some(490), "security_check", W::PersonAtMeta, R::WhenPersonActed),
        (190, Some(492), "role_lost", W::Administrator, R::Never),
        (190, Some(9_999), "token_invalid", W::Administrator, R::Never),
        (102, None, "session_invalid", W::Administrator, R::Never),
        (102, Some(9_999), "session_invalid", W::Administrator, R::Never),
        (102, Some(463), "token_expired", W::Administrator, R::Never),
        (10, None, "permission_not_granted", W::Administrator, R::Never),
        (200, None, "permission_missing", W::Administrator, R::Never),
        (230, None, "permission_missing", W::Administrator, R::Never),
        (299, Some(1), "permission_missing", W::Administrator, R::Never),
        (3, None, "capability_missing", W::Operator, R::Never),
        (100, None, "bad_parameter", W::Operator, R::Never),
        (100, Some(9_999), "bad_parameter", W::Operator, R::Never),
        (100, Some(33), "object_missing", W::Administrator, R::Never),
        (100, Some(36008), "bad_redirect", W::Operator, R::Never),
        (100, Some(36009), "code_used", W::Administrator, R::Never),
        (101, None, "unknown_app", W::Operator, R::Never),
        (400, None, "code_refused", W::Administrator, R::Never),
        (803, None, "unknown_object", W::Administrator, R::Never),
        (191, None, "bad_redirect", W::Operator, R::Never),
        (2500, None, "bad_path", W::Operator, R::Never),
        (1, None, "unknown_trouble", W::Nobody, again),
        (2, None, "service_down", W::Nobody, again),
        (4, None, "app_limit", W::Nobody, R::Wait),
        (17, None, "person_limit", W::Nobody, R::Wait),
        (17, Some(2_446_079), "person_limit", W::Nobody, R::Wait),
        (32, None, "page_limit", W::Nobody, R::Wait),
        (613, None, "call_limit", W::Nobody, R::Wait),
        (613, Some(1996), "call_limit", W::Nobody, R::Wait),
        (80_001, None, "business_limit", W::Nobody, R::Wait),
        (80_002, None, "business_limit", W::Nobody, R::Wait),
        (80_006, None, "business_limit", W::Nobody, R::Wait),
        (341, None, "application_limit", W::Nobody, R::Wait),
        (368, None, "blocked", W::Nobody, R::Wait),
        (368, Some(1_390_008), "blocked", W::Nobody, R::Wait),
        (429, None, "too_many_calls", W::Nobody, R::Wait),
        (-1, None, "unknown", W::Operator, R::Never),
        (5, None, "unknown", W::Operator, R::Never),
        (506, Some(463), "unknown", W::Operator, R::Never),
        (i64::MAX, Some(i64::MIN), "unknown", W::Operator, R::Never),
    ] {
        let graph = error(code, subcode, false, 400);
        let meaning = graph.meaning();
        assert_eq!((meaning.code(), meaning.who(), meaning.retry()), (word, who, retry), "{code}/{subcode:?}");
        let error = Error::Graph(graph);
        assert_eq!((error.code(), error.who(), error.retry()), (word, who, retry), "{code}/{subcode:?}");
    }
}

#[test]
fn every_word_is_one_meanings_own_and_leads_back() {
    let words: BTreeSet<_> = Meaning::ALL.iter().map(|meaning| meaning.code()).collect();
    assert_eq!(words.len(), Meaning::ALL.len());
    for meaning in Meaning::ALL {
        assert_eq!(Meaning::parse(meaning.code()), Some(*meaning));
        assert!(meaning.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        assert!(!meaning.code().starts_with("meta_"));
    }
    assert_eq!(Meaning::parse("meta_timeout"), None);
    assert_eq!(Meaning::parse(""), None);
}

#[test]
fn a_passing_error_wins_over_its_code() {
    for (code, subcode) in
        [(190, Some(463)), (190, Some(490)), (102, None), (10, None), (200, None), (100, Some(36009)), (803, None)]
    {
        let graph = error(code, subcode, true, 400);
        assert_eq!(graph.meaning(), Meaning::Passing);
        let error = Error::Graph(graph);
        assert!(error.is_metas_trouble() && !error.proves_dead() && !error.is_missing_permission());
        assert_eq!(error.retry(), Retry::Backoff { most: 5 });
    }
    assert_eq!(error(5, None, true, 400).meaning(), Meaning::Passing);
    assert_eq!(error(2, None, true, 503).meaning(), Meaning::ServiceDown);
    for (code, limit) in [(4, Meaning::AppLimit), (32, Meaning::PageLimit), (80_001, Meaning::BusinessLimit)] {
        assert_eq!(error(code, None, true, 400).meaning(), limit);
    }
}

/// Only what Meta says about the token itself, and means to last, proves it
/// dead; nothing is a missing permission and Meta's trouble at once.
#[test]
fn what_an_error_proves() {
    for code in (-5..1_000).chain(2_490..2_510).chain(80_000..80_020) {
        for subcode in [None, Some(33), Some(458), Some(459), Some(463), Some(490), Some(492), Some(36009)] {
            for transient in [false, true] {
                for status in [200, 400, 401, 403, 429, 500, 503] {
                    let error = Error::Graph(error(code, subcode, transient, status));
                    let dead = matches!(code, 102 | 190) && !transient && status < 500;
                    assert_eq!(error.proves_dead(), dead);
                    assert!(!(dead && (error.is_metas_trouble() || error.is_missing_permission())));
                    assert!(!(error.is_metas_trouble() && error.retry() == Retry::Never));
                    assert!(dead || error.meaning() != Some(Meaning::TokenExpired) || status >= 500);
                }
            }
        }
    }
    assert_eq!(error(77, None, false, 503).meaning(), Meaning::Passing);
    assert_eq!(error(77, None, false, 429).meaning(), Meaning::TooManyCalls);
    for code in [10, 200, 299, 803] {
        assert!(Error::Graph(error(code, None, false, 400)).is_missing_permission());
    }
    assert!(Error::Graph(error(100, Some(33), false, 400)).is_missing_permission());
    assert!(!Error::Graph(error(100, None, false, 400)).is_missing_permission());
}

#[test]
fn errors_that_meta_did_not_state() {
    let again = Retry::Backoff { most: 5 };
    for (error, code, who, retry) in [
        (Error::Timeout, "meta_timeout", Who::Nobody, again),
        (Error::Unreachable, "meta_unreachable", Who::Nobody, again),
        (Error::Malformed { what: "x" }, "meta_malformed", Who::Nobody, again),
        (Error::TooLarge, "meta_too_large", Who::Nobody, again),
        (Error::EndlessList, "meta_endless_list", Who::Nobody, again),
        (Error::HttpStatus(404), "meta_http_status", Who::Nobody, again),
        (
            Error::Unavailable { status: 503, wait: Duration::from_secs(9) },
            "meta_http_status",
            Who::Nobody,
            Retry::Wait,
        ),
        (Error::NotDone { what: "x" }, "meta_not_done", Who::Nobody, again),
        (Error::Request { what: "x" }, "meta_request", Who::Operator, Retry::Never),
        (Error::Setup, "meta_setup", Who::Operator, Retry::Never),
        (Error::App(error(190, None, false, 400)), "app_refused", Who::Operator, Retry::Never),
    ] {
        assert_eq!((error.code(), error.who(), error.retry()), (code, who, retry), "{error:?}");
        assert_eq!(error.is_metas_trouble(), retry != Retry::Never);
        assert!(!error.proves_dead());
    }
    assert_eq!(Error::Unavailable { status: 503, wait: Duration::from_secs(9) }.wait(), Some(Duration::from_secs(9)));
    assert_eq!(Error::Timeout.wait(), None);
}

#[test]
fn a_wait_that_meta_states_counts() {
    let wait = Some(Duration::from_secs(1_140));
    let limit = Error::Graph(GraphError { wait, ..error(80_001, None, false, 400) });
    assert_eq!((limit.wait(), limit.retry()), (wait, Retry::Wait));
    let down = Error::Graph(GraphError { wait, ..error(2, None, false, 503) });
    assert_eq!((down.wait(), down.retry()), (wait, Retry::Wait));
    let dead = Error::Graph(GraphError { wait, ..error(190, None, false, 400) });
    assert_eq!(dead.retry(), Retry::Never);
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
