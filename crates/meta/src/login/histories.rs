//! Whatever happens on the way through the lists: an account that the grant
//! reaches is in the list, or the list does not call itself complete.

use std::collections::BTreeSet;
use std::sync::Mutex;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Grantee;
use super::reach::accounts;
use crate::account::AccountKind;
use crate::client::facts::{GranularScope, TokenFacts, TokenKind};
use crate::client::scripted::{Answer, Asked, app, client, wait};
use crate::error::Error;

const TOKEN: &str = "EAAB-sample-token";

/// What can go wrong with one answer of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    NoAnswer,
    Down,
    Busy,
    Html,
    HalfABody,
    Empty,
    NoData,
    NoCursor,
    SameCursor,
    EndlessCursor,
    Refused,
    TokenDied,
    Passing,
    OneBrokenEntry,
    EntriesTwice,
    EmptyPageBetween,
}

impl Fault {
    const ALL: &[Self] = &[
        Self::NoAnswer,
        Self::Down,
        Self::Busy,
        Self::Html,
        Self::HalfABody,
        Self::Empty,
        Self::NoData,
        Self::NoCursor,
        Self::SameCursor,
        Self::EndlessCursor,
        Self::Refused,
        Self::TokenDied,
        Self::Passing,
        Self::OneBrokenEntry,
        Self::EntriesTwice,
        Self::EmptyPageBetween,
    ];

    /// Whether all entries come all the same.
    fn is_harmless(self) -> bool {
        matches!(self, Self::None | Self::EntriesTwice | Self::EmptyPageBetween | Self::EndlessCursor)
    }

    /// Whether something is missing wherever it happens. A refusal only hides
    /// what the grant may name, and a cursor that comes back may be met with
    /// the rest of the list.
    fn is_fatal(self) -> bool {
        !self.is_harmless() && !matches!(self, Self::Refused | Self::SameCursor)
    }
}

/// What Meta has, and what goes wrong, answer by answer.
#[derive(Debug, Clone)]
struct History {
    /// Ids of Pages with a direct role.
    direct: BTreeSet<u8>,
    /// Per business: owned Pages, and those held for a client.
    businesses: Vec<(BTreeSet<u8>, BTreeSet<u8>)>,
    /// Pages of one answer.
    page_size: usize,
    /// Permissions that were declined.
    declined: BTreeSet<&'static str>,
    /// The grant names its Pages one by one.
    is_limited: bool,
    faults: Vec<Fault>,
}

const SCOPES: &[&str] = &["pages_show_list", "pages_messaging", "instagram_basic", "business_management"];

impl History {
    /// Every Page that the grant reaches.
    fn truth(&self) -> BTreeSet<u8> {
        let held = self.businesses.iter().flat_map(|(owned, client)| owned.union(client));
        self.direct.iter().chain(held).copied().collect()
    }

    fn facts(&self) -> TokenFacts {
        let scopes: Vec<String> =
            SCOPES.iter().filter(|it| !self.declined.contains(*it)).map(|it| (*it).to_owned()).collect();
        let ids: Vec<String> = self.truth().iter().map(|id| page_id(*id)).collect();
        let granular = scopes
            .iter()
            .map(|scope| GranularScope { scope: scope.clone(), target_ids: self.is_limited.then(|| ids.clone()) });
        TokenFacts {
            is_valid: true,
            kind: TokenKind::User,
            app_id: Some(app().app_id),
            user_id: None,
            profile_id: None,
            issued_at: None,
            expires_at: None,
            is_endless: false,
            data_access_expires_at: None,
            granular_scopes: granular.collect(),
            scopes,
            error: None,
        }
    }

    fn is_harmless(&self) -> bool {
        self.faults.iter().all(|fault| fault.is_harmless())
    }

    /// All entries of the list that is asked for.
    fn listed(&self, path: &str) -> Option<Vec<Value>> {
        let pages = |ids: &BTreeSet<u8>| ids.iter().map(|id| self.page(*id)).collect();
        let business = |id: &str| self.businesses.get(id.parse::<usize>().ok()?.checked_sub(900)?);
        match path.split('/').collect::<Vec<_>>().as_slice() {
            // Without this permission Meta lists no Page at all.
            ["me", "accounts"] if self.declined.contains("pages_show_list") => Some(Vec::new()),
            ["me", "accounts"] => Some(pages(&self.direct)),
            ["me", "businesses"] => {
                let ids = 900..900 + self.businesses.len();
                Some(ids.map(|id| json!({"id": id.to_string(), "name": "B"})).collect())
            }
            [id, "owned_pages"] => Some(pages(&business(id)?.0)),
            [id, "client_pages"] => Some(pages(&business(id)?.1)),
            _ => None,
        }
    }

    fn page(&self, id: u8) -> Value {
        let mut page = json!({"id": page_id(id), "name": format!("Page {id}"), "access_token": format!("EAA{id}")});
        if !self.declined.contains("instagram_basic") {
            page["instagram_business_account"] = json!({"id": instagram_id(id), "username": format!("u{id}")});
        }
        page
    }

    fn answer(&self, asked: &Asked, fault: Fault) -> Answer {
        let Some(entries) = self.listed(&asked.path) else { return self.single(asked, fault) };
        let cursor = asked.query.get("after").map_or("0-0", String::as_str);
        let (after, serial) = cursor.split_once('-').unwrap();
        let (after, serial): (usize, u32) = (after.parse().unwrap(), serial.parse().unwrap());
        let end = entries.len().min(after + self.page_size);
        let mut data = entries.get(after..end).unwrap_or_default().to_vec();
        let next = format!("https://evil.test/steal?access_token={TOKEN}&after=0");
        let mut cursors = json!({"before": cursor, "after": format!("{end}-{}", serial + 1)});
        let mut is_last = end == entries.len();
        match fault {
            Fault::EntriesTwice => data.extend(data.clone()),
            Fault::EmptyPageBetween => {
                data.clear();
                cursors["after"] = json!(format!("{after}-{}", serial + 1));
                is_last = false;
            }
            Fault::OneBrokenEntry => data.push(json!({"name": "no id"})),
            Fault::NoCursor => (cursors, is_last) = (Value::Null, false),
            Fault::SameCursor => {
                cursors["after"] = json!(cursor);
                is_last = false;
            }
            Fault::EndlessCursor => is_last = false,
            _ => {}
        }
        let mut paging = json!({ "cursors": cursors });
        if !is_last {
            paging["next"] = json!(next);
        }
        broken(json!({"data": data, "paging": paging}), fault)
    }

    fn single(&self, asked: &Asked, fault: Fault) -> Answer {
        let id: u8 = asked.path.trim_start_matches('7').parse().unwrap_or_default();
        assert!(self.truth().contains(&id), "asked for what the grant does not name: {}", asked.path);
        broken(self.page(id), fault)
    }
}

fn broken(whole: Value, fault: Fault) -> Answer {
    let text = whole.to_string();
    let error = |code: i64, more: Value| {
        let mut error = json!({"message": "m", "type": "OAuthException", "code": code, "fbtrace_id": "A"});
        if let (Some(error), Some(more)) = (error.as_object_mut(), more.as_object()) {
            error.extend(more.clone());
        }
        (400, json!({ "error": error }).to_string().into_bytes())
    };
    Ok(match fault {
        Fault::NoAnswer => return Err(Error::Timeout),
        Fault::Down => (503, b"{}".to_vec()),
        Fault::Busy => error(4, json!({})),
        Fault::Html => (200, b"<!DOCTYPE html><title>Sorry</title>".to_vec()),
        Fault::HalfABody => (200, text.as_bytes()[..text.len() / 2].to_vec()),
        Fault::Empty => (200, Vec::new()),
        Fault::NoData => (200, b"{\"paging\":{}}".to_vec()),
        Fault::Refused => error(200, json!({})),
        Fault::TokenDied => error(190, json!({"error_subcode": 463})),
        Fault::Passing => error(190, json!({"is_transient": true})),
        _ => (200, text.into_bytes()),
    })
}

fn page_id(id: u8) -> String {
    format!("7{id:02}")
}

fn instagram_id(id: u8) -> String {
    format!("178414{id:02}")
}

fn history() -> impl Strategy<Value = History> {
    let ids = || btree_set(0..30_u8, 0..6);
    let fault = prop_oneof![4 => Just(Fault::None), 1 => select(Fault::ALL)];
    (
        ids(),
        vec((ids(), ids()), 0..3),
        1..4_usize,
        btree_set(select(SCOPES), 0..2),
        any::<bool>(),
        prop_oneof![1 => Just(Vec::new()), 6 => vec(fault, 1..12)],
    )
        .prop_map(|(direct, businesses, page_size, declined, is_limited, faults)| History {
            direct,
            businesses,
            page_size,
            declined,
            is_limited,
            faults,
        })
}

/// What was listed: Pages, Instagram accounts, and whether that is all.
struct Seen {
    pages: BTreeSet<String>,
    instagram: BTreeSet<String>,
    complete: bool,
}

fn walk(history: &History) -> Result<Seen, Error> {
    let (script, count) = (history.clone(), Mutex::new(0));
    let client = client(move |asked| {
        assert!(!asked.address.contains(TOKEN) && asked.method == "GET", "{} {}", asked.method, asked.address);
        let mut count = count.lock().unwrap();
        *count += 1;
        assert!(*count < 1_000, "asked for ever");
        script.answer(asked, script.faults.get(*count - 1).copied().unwrap_or(Fault::None))
    });
    let token = SecretString::from(TOKEN);
    let found = wait(accounts(&client, &app(), &token, &history.facts(), Grantee::Person))?;
    let of = |kind| found.list.iter().filter(move |it| it.kind == kind).map(|it| it.id.clone()).collect();
    let (pages, instagram): (BTreeSet<_>, BTreeSet<_>) = (of(AccountKind::Page), of(AccountKind::Instagram));
    assert_eq!(found.list.len(), pages.len() + instagram.len(), "an account came twice");
    Ok(Seen { pages, instagram, complete: found.complete })
}

/// Nothing false, nothing missing without a word, and no modesty for nothing.
fn holds(history: &History) -> Result<(), TestCaseError> {
    let truth = history.truth();
    let pages: BTreeSet<String> = truth.iter().map(|id| page_id(*id)).collect();
    let instagram: BTreeSet<String> = truth.iter().map(|id| instagram_id(*id)).collect();
    let is_given = |scope| !history.declined.contains(scope);
    let seen = match walk(history) {
        Ok(seen) => seen,
        Err(error) => {
            prop_assert!(!history.is_harmless(), "{error:?}");
            return Ok(());
        }
    };
    prop_assert!(seen.pages.is_subset(&pages) && seen.instagram.is_subset(&instagram));
    if seen.complete {
        prop_assert_eq!(&seen.pages, &pages, "a Page would be called lost");
        prop_assert_eq!(&seen.instagram, &instagram, "an Instagram account would be called lost");
    }
    // And it is not modest for nothing.
    if history.is_harmless() && is_given("pages_show_list") && is_given("instagram_basic") {
        let sees_all = is_given("business_management") || (history.is_limited && seen.pages == pages);
        prop_assert_eq!(seen.complete, sees_all);
    }
    Ok(())
}

/// So many histories, the same in every run; `PROPTEST_CASES` asks for another
/// number.
#[test]
fn no_account_is_called_lost_by_a_list_that_broke_off() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(&history(), |history| holds(&history)).unwrap();
}

/// Each fault on each of the first answers, in a world that needs many.
#[test]
fn every_fault_at_every_answer() {
    let world = History {
        direct: (0..5).collect(),
        businesses: vec![((5..8).collect(), (8..10).collect()), ((1..3).collect(), BTreeSet::new())],
        page_size: 2,
        declined: BTreeSet::new(),
        is_limited: true,
        faults: Vec::new(),
    };
    assert!(walk(&world).unwrap().complete);
    // Three answers of the direct list, one of the businesses, five of their Pages.
    for (fault, at) in Fault::ALL.iter().flat_map(|fault| (0..9).map(move |at| (*fault, at))) {
        let mut faults = vec![Fault::None; at];
        faults.push(fault);
        let history = History { faults, ..world.clone() };
        holds(&history).unwrap();
        match walk(&history) {
            Ok(seen) if fault.is_harmless() => assert!(seen.complete, "{fault:?} at {at}"),
            Ok(seen) => assert!(!seen.complete || !fault.is_fatal(), "{fault:?} at {at}"),
            Err(_) => assert!(at == 0 && !fault.is_harmless(), "{fault:?} at {at}"),
        }
    }
}
