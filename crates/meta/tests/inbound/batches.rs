//! Batches: how many, how large, and what a broken event does to the others.

use meta::webhook::{LARGEST_BODY, Unreadable, parse};
use serde_json::{Value, json};

use crate::forms::notification;

fn message(number: usize) -> Value {
    json!({"sender": {"id": "6500000000000001"}, "timestamp": 1_790_000_000_000_i64, "message": {"mid": format!("m_{number}")}})
}

fn batch(entries: usize, messages: usize) -> Value {
    let entry = |entry: usize| {
        let messages: Vec<_> = (0..messages).map(|number| message(entry * messages + number)).collect();
        json!({"id": entry.to_string(), "messaging": messages})
    };
    json!({"object": "page", "entry": (0..entries).map(entry).collect::<Vec<_>>()})
}

fn refusal(body: impl AsRef<[u8]>) -> Unreadable {
    parse(body.as_ref()).unwrap_err()
}

#[test]
fn as_many_as_meta_sends_and_no_more() {
    assert_eq!(notification(&batch(1_000, 5)).events.len(), 5_000);
    assert_eq!(notification(&batch(1, 5_000)).events[4_999].mid.as_deref(), Some("m_4999"));
    assert_eq!(refusal(batch(1_001, 0).to_string()), Unreadable::TooManyEntries);
    assert_eq!(refusal(batch(1, 5_001).to_string()), Unreadable::TooManyEvents);
    assert_eq!(refusal(batch(6, 1_000).to_string()), Unreadable::TooManyEvents);
}

#[test]
fn size_and_depth() {
    let mut body = batch(1, 1).to_string().into_bytes();
    body.resize(LARGEST_BODY, b' ');
    assert_eq!(parse(&body).unwrap().events.len(), 1);
    body.push(b' ');
    assert_eq!(refusal(body), Unreadable::TooLarge);

    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(
            r#"{{"object":"page","entry":[{{"id":"1","messaging":[{{"message":{{"mid":"m","x":{open}{close}}}}}]}}]}}"#
        )
    };
    assert_eq!(parse(nested(58).as_bytes()).unwrap().events[0].mid.as_deref(), Some("m"));
    assert_eq!(refusal(nested(59)), Unreadable::TooDeep);
    assert_eq!(refusal("[".repeat(1_000_000)), Unreadable::TooDeep);
    assert_eq!(refusal("{\"a\":".repeat(1_000_000 / 5)), Unreadable::TooDeep);
    // Brackets in a text are no levels.
    let text = json!({"object": "page", "entry": [{"id": "1", "messaging": [{"message": {"mid": "m", "text": "\\\"[{".repeat(100)}}]}]});
    assert_eq!(notification(&text).events[0].kind.as_str(), "message");
}

#[test]
fn what_is_no_notification() {
    for body in [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "0",
        "\"\"",
        "hello",
        "{",
        "{\"object\":\"page\"}",
        "{\"entry\":{}}",
        "{\"entry\":null}",
        "{\"entry\":[}",
        "{\"entry\":[]}x",
        "{\"entry\":[]}{}",
        "\u{feff}{\"entry\":[]}",
        "object=page&entry=1",
        "<!DOCTYPE html><html></html>",
        "{'entry':[]}",
        "{\"entry\":[1,]}",
        "{\"entry\":[],}",
    ] {
        assert_eq!(refusal(body), Unreadable::NotANotification, "{body}");
    }
}

/// What is wrong with one event is its own affair.
#[test]
fn a_broken_event_spoils_no_other() {
    let broken = [
        "7",
        "null",
        "true",
        "\"x\"",
        "[]",
        "[[]]",
        "1e999",
        "-0",
        "123456789012345678901234567890",
        r#"{"message":7}"#,
        r#"{"message":[{"mid":"m"}]}"#,
        r#"{"\ud800":{}}"#,
    ];
    for broken in broken {
        let good = message(1);
        let body = format!(
            r#"{{"object":"page","entry":[{{"id":"1","messaging":[{good},{broken},{good}]}},{broken},{{"id":"2","messaging":[{good}]}}]}}"#
        );
        let found = parse(body.as_bytes()).unwrap();
        let seen: Vec<_> = found.events.iter().map(|event| (event.account_id.as_str(), event.kind.as_str())).collect();
        assert_eq!(seen.len(), 5, "{broken}");
        assert_eq!((seen[0], seen[2], seen[4]), (("1", "message"), ("1", "message"), ("2", "message")), "{broken}");
        assert_eq!(seen[1], ("1", "unreadable"), "{broken}");
    }
}

/// A text cut in the middle of a character, a number of no type, a byte that is
/// no text: all of it stands where nobody reads.
#[test]
fn what_nobody_reads_may_be_broken() {
    for text in ["\"\\ud83d\"", "1e999", "[1e999,{\"a\":\"\\udc00\"}]"] {
        let body = format!(
            r#"{{"object":"instagram","x":{text},"entry":[{{"id":"1","y":{text},"messaging":[{{"sender":{text},"message":{{"mid":"m","text":{text}}}}}]}}]}}"#
        );
        let found = parse(body.as_bytes()).unwrap();
        assert_eq!((found.events[0].kind.as_str(), found.events[0].mid.as_deref()), ("message", Some("m")));
    }
    let mut body = batch(1, 1).to_string().replace("m_0\"", "m_0\",\"text\":\"@\"").into_bytes();
    let at = body.iter().position(|byte| *byte == b'@').unwrap();
    body[at] = 0xff;
    assert_eq!(parse(&body).unwrap().events[0].mid.as_deref(), Some("m_0"));
}

/// Only ids, kinds and instants come out; nothing of what people wrote.
#[test]
fn nothing_of_the_content_is_kept() {
    let private = "PRIVATE";
    let body = json!({"object": private.to_lowercase() + " x", "entry": [
        {"id": "1", "messaging": [
            {"sender": {"id": private}, "message": {"mid": "m", "text": private, "attachments": [{"type": private, "payload": {"url": private}}]}},
            {"sender": {"id": private}, "reaction": {"mid": "m", "emoji": private}},
            {"sender": {"id": private}, "postback": {"title": private, "payload": private}},
            {"optin": {"ref": private}},
            {format!("{private} {private}"): {}},
            private,
        ]},
        {"id": "1", "changes": [{"field": "feed", "value": {"message": private}}, {"field": format!("{private}!"), "value": private}]},
    ]});
    let found = format!("{:?}", notification(&body));
    assert!(!found.to_uppercase().contains(private), "{found}");
    for error in [refusal(private), refusal(format!("{{\"{private}\":"))] {
        assert!(!format!("{error:?} {error}").contains(private));
    }
}
