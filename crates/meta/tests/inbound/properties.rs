//! What holds for everything that could ever arrive.

use meta::signed_request::{Refused, open};
use meta::webhook::{parse, verify};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::checks;
use crate::sign::{header, padded_request, request, secret};

/// The same cases each time, at least 500 of them.
fn same_cases() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(500), rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..default }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let key = prop_oneof![key(), ".{0,6}".prop_map(String::from)];
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..5).prop_map(|map| json!(map))
        ]
    })
}

/// Names that the reader looks for.
fn key() -> impl Strategy<Value = String> {
    const KEYS: [&str; 24] = [
        "object",
        "entry",
        "id",
        "uid",
        "time",
        "messaging",
        "standby",
        "changes",
        "field",
        "value",
        "verb",
        "sender",
        "timestamp",
        "message",
        "mid",
        "reaction",
        "postback",
        "read",
        "delivery",
        "attachments",
        "type",
        "reply_to",
        "story",
        "is_echo",
    ];
    proptest::sample::select(&KEYS[..]).prop_map(str::to_owned)
}

/// A notification of anything at the places where the reader looks.
fn any_notification() -> impl Strategy<Value = Value> {
    let list = || vec(any_json(), 0..4);
    let entry = (any_json(), any_json(), list(), list(), list(), any_json());
    let entry = entry.prop_map(|(id, time, messaging, standby, changes, message)| {
        json!({"id": id, "time": time, "messaging": [{"message": message}, messaging], "standby": standby, "changes": changes})
    });
    (any_json(), vec(entry, 0..4)).prop_map(|(object, entry)| json!({"object": object, "entry": entry}))
}

/// An event and the kind it must be read as.
fn known_event() -> impl Strategy<Value = (Value, &'static str)> {
    prop_oneof![
        Just((json!({"message": {"mid": "m", "text": "é\"\\u0000"}}), "message")),
        Just((json!({"message": {"mid": "m", "is_echo": true}}), "echo")),
        Just((
            json!({"message": {"mid": "m", "attachments": [{"type": "image"}, {"type": "story_mention"}]}}),
            "story_mention"
        )),
        Just((json!({"message": {"mid": "m", "reply_to": {"story": {"id": "1"}}}}), "story_reply")),
        Just((json!({"message": {"mid": "m", "is_deleted": true}}), "edit")),
        Just((json!({"reaction": {"mid": "m", "action": "react"}}), "reaction")),
        Just((json!({"postback": {"payload": "p"}}), "postback")),
        Just((json!({"read": {"watermark": 1}}), "read")),
        Just((json!({"delivery": {"watermark": 1}}), "delivery")),
        Just((json!({"optin": {"ref": "r"}}), "optin")),
        any_json().prop_filter("no object", |value| !value.is_object()).prop_map(|value| (value, "unreadable")),
    ]
}

/// A bit somewhere, as a place and a mask.
fn bit() -> impl Strategy<Value = (prop::sample::Index, u8)> {
    (any::<prop::sample::Index>(), (0..8_u32).prop_map(|bit| 1 << bit))
}

fn flipped(bytes: &[u8], (place, mask): (prop::sample::Index, u8)) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = place.index(bytes.len());
    bytes[place] ^= mask;
    bytes
}

proptest! {
    #![proptest_config(same_cases())]

    #[test]
    fn a_flipped_bit_of_the_body_is_refused(body in vec(any::<char>(), 1..200), bit in bit()) {
        let body: String = body.into_iter().collect();
        let signature = header(&body);
        prop_assert!(verify(&[&secret()], Some(&signature), body.as_bytes()));
        prop_assert!(!verify(&[&secret()], Some(&signature), &flipped(body.as_bytes(), bit)));
    }

    /// But for the case of a digit, which means the same.
    #[test]
    fn a_flipped_bit_of_the_signature_is_refused(body in ".{0,40}", bit in bit()) {
        let signature = header(&body);
        if let Ok(changed) = String::from_utf8(flipped(signature.as_bytes(), bit)) {
            let is_same = changed.starts_with("sha256=") && changed.eq_ignore_ascii_case(&signature);
            prop_assert_eq!(verify(&[&secret()], Some(&changed), body.as_bytes()), is_same, "{}", changed);
        }
    }

    #[test]
    fn no_header_is_taken_by_chance(header in ".{0,90}", digits in "[0-9a-fA-F]{64}", body in vec(any::<u8>(), 0..64)) {
        prop_assert!(!verify(&[&secret()], Some(&header), &body));
        let signature = format!("sha256={digits}");
        prop_assert!(!verify(&[&secret()], Some(&signature), &body));
    }

    #[test]
    fn a_changed_byte_of_a_signed_request_is_refused(
        user_id in "[0-9]{1,20}", issued_at in 1..2_000_000_000_i64, place in any::<prop::sample::Index>(), byte: u8, pad: bool,
    ) {
        let content = json!({"algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": user_id}).to_string();
        let text = if pad { padded_request(&content) } else { request(&content) };
        let mut bytes = text.clone().into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != byte);
        bytes[place] = byte;
        let changed = String::from_utf8_lossy(&bytes);
        let refused = open(&changed, &[&secret()]);
        prop_assert!(matches!(refused, Err(Refused::Form | Refused::Signature)), "{} {:?}", changed, refused);
    }

    #[test]
    fn padding_changes_nothing(user_id in "[0-9]{1,20}", issued_at in 1..2_000_000_000_i64, filler in ".{0,20}") {
        let content = json!({"algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": user_id, "x": filler}).to_string();
        let (plain, padded) = (open(&request(&content), &[&secret()]), open(&padded_request(&content), &[&secret()]));
        prop_assert_eq!(plain.as_ref().unwrap().user_id.as_deref(), Some(user_id.as_str()));
        prop_assert_eq!(plain.unwrap().issued_at, Some(issued_at));
        prop_assert_eq!(open(&request(&content), &[&secret()]), padded);
    }

    #[test]
    fn nothing_opens_by_chance(text in "\\PC{0,80}", parts in "[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{0,80}") {
        prop_assert!(open(&text, &[&secret()]).is_err());
        prop_assert!(open(&parts, &[&secret()]).is_err());
    }

    #[test]
    fn signed_content_of_any_kind_is_no_panic(content in any_json(), text in ".{0,60}") {
        checks::signed_request(content.to_string().as_bytes());
        checks::signed_request(text.as_bytes());
    }

    #[test]
    fn any_answer_of_meta_is_no_panic(status in 200..600_u16, answer in any_json(), bytes in vec(any::<u8>(), 0..100)) {
        checks::graph(format!("{status}\n{answer}").as_bytes());
        checks::graph(&bytes);
    }

    #[test]
    fn any_bytes_are_no_panic(bytes in vec(any::<u8>(), 0..300), text in "[\\[\\]{}\":,a-z0-9\\\\ ]{0,300}") {
        checks::webhook(&bytes);
        checks::webhook(text.as_bytes());
    }

    #[test]
    fn any_json_is_no_panic(value in any_json(), notification in any_notification()) {
        checks::webhook(value.to_string().as_bytes());
        checks::webhook(notification.to_string().as_bytes());
        prop_assert!(parse(notification.to_string().as_bytes()).is_ok());
    }

    /// A notification cut short is no notification.
    #[test]
    fn no_part_is_taken_for_the_whole(notification in any_notification(), end in any::<prop::sample::Index>()) {
        let body = notification.to_string();
        prop_assert!(parse(&body.as_bytes()[..end.index(body.len())]).is_err());
    }

    #[test]
    fn as_many_events_come_out_as_went_in(
        entries in vec((vec(known_event(), 0..6), vec(known_event(), 0..3), vec("[a-z_]{1,20}", 0..3)), 0..8),
        with_unknown_fields: bool,
    ) {
        let mut expected = Vec::new();
        let mut list = Vec::new();
        for (number, (messaging, standby, changes)) in entries.into_iter().enumerate() {
            let id = (number + 1).to_string();
            expected.extend(messaging.iter().map(|(_, kind)| (id.clone(), (*kind).to_owned(), false)));
            expected.extend(standby.iter().map(|(_, kind)| (id.clone(), (*kind).to_owned(), true)));
            expected.extend(changes.iter().map(|field| (id.clone(), field.clone(), false)));
            let bodies = |events: Vec<(Value, &str)>| events.into_iter().map(|(event, _)| event).collect::<Vec<_>>();
            let changes: Vec<_> = changes.iter().map(|field| json!({"field": field, "value": {}})).collect();
            let mut entry = json!({"id": id, "messaging": bodies(messaging), "standby": bodies(standby), "changes": changes});
            if with_unknown_fields {
                entry["new"] = json!({"messaging": [1]});
            }
            list.push(entry);
        }
        let found = parse(json!({"object": "page", "entry": list}).to_string().as_bytes()).unwrap();
        let found: Vec<_> =
            found.events.into_iter().map(|event| (event.account_id, event.kind.as_str().to_owned(), event.standby)).collect();
        prop_assert_eq!(found, expected);
    }
}
