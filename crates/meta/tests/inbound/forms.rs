//! Every documented form of a notification.

use meta::webhook::{Event, EventKind, Notification, Object, parse};
use serde_json::{Value, json};

const ACCOUNT: &str = "17841400000000001";

pub fn notification(value: &Value) -> Notification {
    parse(value.to_string().as_bytes()).unwrap()
}

/// What one entry of an Instagram notification becomes.
fn events(entry: &Value) -> Vec<Event> {
    let notification = notification(&json!({"object": "instagram", "entry": [entry]}));
    assert_eq!(notification.object, Object::Instagram);
    notification.events
}

/// What one item of `messaging` becomes.
fn event(item: Value) -> Event {
    let mut whole = json!({
        "sender": {"id": "6500000000000001"}, "recipient": {"id": ACCOUNT}, "timestamp": 1_790_000_000_001_i64,
    });
    whole.as_object_mut().unwrap().extend(item.as_object().unwrap().clone());
    let entry = json!({"id": ACCOUNT, "time": 1_790_000_000_500_i64, "messaging": [whole]});
    events(&entry).pop().unwrap()
}

fn other(name: &str) -> EventKind {
    EventKind::Other(name.to_owned())
}

#[test]
fn every_kind_of_messaging_event() {
    for (item, kind, mid) in [
        (json!({"message": {"mid": "m_1", "text": "hello"}}), EventKind::Message, Some("m_1")),
        (
            json!({"message": {"mid": "m_1", "text": "x", "quick_reply": {"payload": "p"}}}),
            EventKind::Message,
            Some("m_1"),
        ),
        (json!({"message": {"mid": "m_1", "text": "x", "reply_to": {"mid": "m_0"}}}), EventKind::Message, Some("m_1")),
        (json!({"message": {"mid": "m_1", "is_unsupported": true}}), EventKind::Message, Some("m_1")),
        (json!({"message": {"mid": "m_1", "is_echo": false, "is_deleted": false}}), EventKind::Message, Some("m_1")),
        (
            json!({"message": {"mid": "m_1", "attachments": [{"type": "image", "payload": {"url": "https://a.test"}}]}}),
            EventKind::Message,
            Some("m_1"),
        ),
        (json!({"message": {"mid": "m_1", "text": "x", "is_echo": true, "app_id": 5}}), EventKind::Echo, Some("m_1")),
        (json!({"message": {"mid": "m_1", "is_echo": true, "is_deleted": true}}), EventKind::Echo, Some("m_1")),
        (
            json!({"sender": {"id": ACCOUNT}, "message": {"mid": "m_1", "text": "x", "is_self": true}}),
            EventKind::Echo,
            Some("m_1"),
        ),
        (
            json!({"message": {"mid": "m_1", "attachments": [{"type": "story_mention", "payload": {"url": "https://a.test"}}]}}),
            EventKind::StoryMention,
            Some("m_1"),
        ),
        (
            json!({"message": {"mid": "m_1", "is_echo": true, "attachments": [{"type": "story_mention"}]}}),
            EventKind::Echo,
            Some("m_1"),
        ),
        (
            json!({"message": {"mid": "m_1", "text": "x", "reply_to": {"story": {"url": "https://a.test", "id": "1"}}}}),
            EventKind::StoryReply,
            Some("m_1"),
        ),
        (json!({"message": {"mid": "m_1", "is_deleted": true}}), EventKind::Edit, Some("m_1")),
        (json!({"message_edit": {"mid": "m_1", "text": "x", "num_edit": 1}}), EventKind::Edit, Some("m_1")),
        (
            json!({"reaction": {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "❤️"}}),
            EventKind::Reaction,
            Some("m_1"),
        ),
        (json!({"reaction": {"mid": "m_1", "action": "unreact"}}), EventKind::Reaction, Some("m_1")),
        (json!({"postback": {"mid": "m_1", "title": "t", "payload": "p"}}), EventKind::Postback, Some("m_1")),
        (json!({"postback": {"payload": "p"}, "referral": {"ref": "r"}}), EventKind::Postback, None),
        (json!({"read": {"mid": "m_1"}}), EventKind::Read, Some("m_1")),
        (json!({"read": {"watermark": 1_790_000_000_000_i64}}), EventKind::Read, None),
        (json!({"delivery": {"mids": ["m_1"], "watermark": 1}}), EventKind::Delivery, None),
        (json!({"policy-enforcement": {"action": "block", "reason": "r"}}), other("policy-enforcement"), None),
        (json!({"optin": {"ref": "r"}}), other("optin"), None),
        (json!({"referral": {"ref": "r"}, "message": null}), other("referral"), None),
        (json!({"take_thread_control": {}, "aaa": 1, "prior_message": {}}), other("take_thread_control"), None),
        (json!({"something_new": 7}), other("something_new"), None),
        (json!({"what is this?": {}}), other("unknown"), None),
        (json!({}), other("empty"), None),
        (json!({"message": "hello"}), other("unreadable"), None),
        (json!({"reaction": ["m_1"]}), other("unreadable"), None),
    ] {
        let found = event(item.clone());
        assert_eq!((&found.kind, found.mid.as_deref()), (&kind, mid), "{item}");
        assert_eq!((found.account_id.as_str(), found.at_ms, found.standby), (ACCOUNT, Some(1_790_000_000_001), false));
    }
}

#[test]
fn only_what_a_person_writes_is_incoming() {
    let permission = EventKind::Permission { field: "connected".to_owned(), verb: "granted".to_owned() };
    for (kind, word, is_incoming) in [
        (EventKind::Message, "message", true),
        (EventKind::StoryMention, "story_mention", true),
        (EventKind::StoryReply, "story_reply", true),
        (EventKind::Postback, "postback", true),
        (EventKind::Echo, "echo", false),
        (EventKind::Reaction, "reaction", false),
        (EventKind::Edit, "edit", false),
        (EventKind::Read, "read", false),
        (EventKind::Delivery, "delivery", false),
        (permission, "permission", false),
        (other("optin"), "optin", false),
    ] {
        assert_eq!((kind.as_str(), kind.is_incoming()), (word, is_incoming));
    }
}

#[test]
fn another_app_may_have_the_conversation() {
    let item = json!({"message": {"mid": "m_1", "text": "x"}, "timestamp": 1_790_000_000_001_i64});
    let found = events(&json!({"id": ACCOUNT, "time": 1, "messaging": [item], "standby": [item, {"optin": {}}, 7]}));
    let standby: Vec<_> = found.iter().map(|event| (event.kind.as_str(), event.standby)).collect();
    assert_eq!(standby, [("message", false), ("message", true), ("optin", true), ("unreadable", true)]);
}

#[test]
fn changes_in_a_list_and_in_the_entry() {
    let comment = json!({"id": "1", "text": "nice", "from": {"id": "2"}, "media": {"id": "3"}});
    for entry in [
        json!({"id": ACCOUNT, "time": 1_790_000_000, "changes": [{"field": "comments", "value": comment}]}),
        json!({"id": ACCOUNT, "time": 1_790_000_000, "field": "comments", "value": comment}),
        json!({"id": ACCOUNT, "time": 1_790_000_000, "changes": [{"field": "comments"}]}),
    ] {
        let found = events(&entry);
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].kind, found[0].at_ms), (&other("comments"), Some(1_790_000_000_000)), "{entry}");
    }
}

/// A post's text stands in `message`, too.
#[test]
fn a_post_on_the_page_is_no_message() {
    let post = json!({"item": "status", "verb": "add", "message": {"mid": "m_1"}, "post_id": "1_2"});
    let page = json!({"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": post}]}]});
    let notification = notification(&page);
    assert_eq!((notification.object, &notification.events[0].kind), (Object::Page, &other("feed")));
}

/// The dashboard's button has sent three forms over the years.
#[test]
fn the_test_button() {
    let item = json!({
        "sender": {"id": "12334"}, "recipient": {"id": "23245"}, "timestamp": "1527459824",
        "message": {"mid": "random_mid", "text": "random_text"},
    });
    for entry in [
        json!({"id": "0", "time": 1_661_141_837_537_i64, "messaging": [item]}),
        json!({"id": "0", "time": 1_661_141_837_537_i64, "changes": [{"field": "messages", "value": item}]}),
        json!({"id": "0", "time": 1_661_141_837_537_i64, "field": "messages", "value": item}),
    ] {
        let found = events(&entry);
        assert_eq!(
            found,
            [Event {
                account_id: "0".to_owned(),
                at_ms: Some(1_527_459_824_000),
                kind: EventKind::Message,
                mid: Some("random_mid".to_owned()),
                standby: false
            }]
        );
    }
    let value = json!({"event_type": "TEXT", "event_timestamp": "1527459824", "event_data": {"message_id": "x"}});
    let found = events(&json!({"id": "0", "changes": [{"field": "messages", "value": value}]}));
    assert_eq!(found[0].kind, other("messages"));
}

#[test]
fn permissions_belong_to_a_person() {
    let granted = |entry: Value| {
        let found = notification(&json!({"object": "permissions", "entry": [entry]}));
        assert_eq!(found.object, Object::Permissions);
        found.events.into_iter().map(|event| (event.account_id, event.at_ms, event.kind)).collect::<Vec<_>>()
    };
    let expected = |field: &str, verb: &str| {
        let kind = EventKind::Permission { field: field.to_owned(), verb: verb.to_owned() };
        ("10158000000000001".to_owned(), Some(1_790_000_000_000), kind)
    };
    let entry =
        |changes: Value| json!({"id": "0", "uid": "10158000000000001", "time": 1_790_000_000, "changes": changes});
    assert_eq!(
        granted(entry(json!([
            {"field": "connected", "verb": "granted"},
            {"field": "pages_messaging", "value": {"verb": "revoked", "target_ids": ["1", "2"]}},
            {"field": "pages_show_list", "value": null},
        ]))),
        [
            expected("connected", "granted"),
            expected("pages_messaging", "revoked"),
            expected("pages_show_list", "unknown")
        ]
    );
    let number = json!({"id": 10_158_000_000_000_001_u64, "time": "1790000000", "changed_fields": ["email"]});
    assert_eq!(granted(number), [expected("email", "unknown")]);
    assert_eq!(granted(entry(json!([{"verb": "granted"}])))[0].2, other("unreadable"));
}

#[test]
fn ids_and_instants_as_numbers_and_strings() {
    let item = json!({"message": {"mid": "m_1"}});
    for (id, time, account_id, at_ms) in [
        (json!("1"), json!(1_790_000_000_001_i64), "1", Some(1_790_000_000_001)),
        (json!(12_345_654_332_i64), json!("1790000000001"), "12345654332", Some(1_790_000_000_001)),
        (json!(u64::MAX), json!(1_790_000_000), "18446744073709551615", Some(1_790_000_000_000)),
        (json!("page id"), json!(0), "page id", None),
        (json!(null), json!(-5), "", None),
        (json!(""), json!(1.5), "", None),
        (json!(-1), json!("soon"), "", None),
        (json!({"id": "1"}), json!(i64::MAX), "", None),
        (json!("1".repeat(129)), json!([1]), "", None),
    ] {
        let found = events(&json!({"id": id, "time": time, "messaging": [item]}));
        assert_eq!((found[0].account_id.as_str(), found[0].at_ms), (account_id, at_ms), "{id} {time}");
    }
    // Larger than any integer type.
    let body = r#"{"object":"page","entry":[{"id":99999999999999999999999,"messaging":[{"message":{}}]}]}"#;
    assert_eq!(parse(body.as_bytes()).unwrap().events[0].account_id, "99999999999999999999999");
}

#[test]
fn unknown_objects_and_entries_are_kept_by_name() {
    for (object, expected) in [
        (json!("user"), "user"),
        (json!("whatsapp_business_account"), "whatsapp_business_account"),
        (json!("<b>"), "unknown"),
        (json!(""), "unknown"),
        (json!(5), "unknown"),
        (json!(null), "unknown"),
        (json!("x".repeat(65)), "unknown"),
    ] {
        let found = notification(&json!({"object": object, "entry": [], "later": [{"added": true}]}));
        assert_eq!((found.object, found.events.len()), (Object::Other(expected.to_owned()), 0));
    }
    let kinds: Vec<_> =
        [json!({"id": "1", "time": 1}), json!({"id": "1", "new_list": [1]}), json!({"id": "1", "messaging": {}})]
            .iter()
            .flat_map(events)
            .map(|event| event.kind)
            .collect();
    assert_eq!(kinds, [other("empty"), other("new_list"), other("unreadable")]);
}

/// One message has one identity however often it is delivered; what is about a
/// message is not the message.
#[test]
fn identities() {
    let message = event(json!({"message": {"mid": "m_1", "text": "x"}}));
    let moved = event(json!({"message": {"mid": "m_1", "text": "x"}, "timestamp": 1_790_000_000_999_i64}));
    assert_eq!(message.identity(), moved.identity());
    let reaction = |at: i64| event(json!({"reaction": {"mid": "m_1"}, "timestamp": at}));
    assert_eq!(reaction(1_790_000_000_001).identity(), reaction(1_790_000_000_001).identity());
    let elsewhere = Event { account_id: "2".to_owned(), ..message.clone() };
    let all = [
        message,
        elsewhere,
        event(json!({"message": {"mid": "m_2"}})),
        event(json!({"message": {"mid": "m_1", "is_echo": true}})),
        event(json!({"message": {"mid": "m_1", "is_deleted": true}})),
        reaction(1_790_000_000_001),
        reaction(1_790_000_000_002),
    ];
    let different: std::collections::BTreeSet<_> = all.iter().map(|event| event.identity().unwrap()).collect();
    assert_eq!(different.len(), all.len());
    assert_eq!(event(json!({"postback": {"payload": "p"}})).identity(), None);
}
