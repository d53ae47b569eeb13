use serde_json::json;

use super::*;

const NOW: i64 = 1_795_500_000;

fn headers(pairs: &[(&'static str, Value)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.to_string().parse().unwrap())).collect()
}

fn full(seconds: u64) -> Room {
    Room::Full { until: Some(Duration::from_secs(seconds)) }
}

#[test]
fn the_largest_percentage_of_the_app_counts() {
    for (stated, room) in [
        (json!({"call_count": 28, "total_time": 25, "total_cputime": 25}), Room::Free),
        (json!({"call_count": 59.9, "total_time": 0, "total_cputime": 0}), Room::Free),
        (json!({"call_count": 1, "total_time": 60, "total_cputime": 2}), Room::Tight),
        (json!({"call_count": 1, "total_time": 2, "total_cputime": 79}), Room::Tight),
        (json!({"call_count": 80}), Room::Full { until: None }),
        (json!({"call_count": 1e300}), Room::Full { until: None }),
        (json!({"call_count": "90", "total_time": null, "total_cputime": -5}), Room::Free),
        (json!("nonsense"), Room::Free),
        (json!([]), Room::Free),
    ] {
        let mut usage = Usage::default();
        usage.note_headers("1", None, &headers(&[(APP, stated.clone())]), Some(NOW));
        assert_eq!(usage.room(Some("1"), None, Some(NOW)), room, "{stated}");
        assert_eq!(usage.room(None, Some("77"), Some(NOW)), room, "{stated}");
        assert_eq!(usage.room(Some("2"), None, Some(NOW)), Room::Free, "another app has limits of its own");
    }
}

#[test]
fn a_business_waits_as_long_as_meta_says() {
    let mut usage = Usage::default();
    let stated = json!({
        "500": [
            {"type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 25, "estimated_time_to_regain_access": 19},
            {"type": "messenger", "call_count": 1, "estimated_time_to_regain_access": 3},
        ],
        "600": [{"type": "instagram", "call_count": 65, "estimated_time_to_regain_access": 0}],
        "700": "nonsense",
    });
    let headers = headers(&[(BUSINESS, stated)]);
    assert_eq!(regain_time(&headers), Some(Duration::from_secs(19 * 60)));
    usage.note_headers("1", None, &headers, Some(NOW));
    assert_eq!(usage.room(Some("1"), Some("600"), Some(NOW)), Room::Tight);
    assert_eq!(usage.room(Some("1"), Some("500"), Some(NOW)), full(1_140));
    assert_eq!(usage.room(Some("1"), Some("500"), Some(NOW + 1_000)), full(140));
    for other in [None, Some("700"), Some("800")] {
        assert_eq!(usage.room(Some("1"), other, Some(NOW)), Room::Free, "{other:?}");
    }
    assert_eq!(usage.room(Some("1"), Some("500"), Some(NOW + 1_140)), Room::Free);
}

/// Whoever asks knows the Page; Meta names the business behind it.
#[test]
fn what_is_stated_about_a_business_holds_for_the_page_of_the_call() {
    let mut usage = Usage::default();
    let stated = json!({"500": [{"call_count": 90}]});
    usage.note_headers("1", Some("42"), &headers(&[(BUSINESS, stated)]), Some(NOW));
    for object in ["42", "500"] {
        assert_eq!(usage.room(None, Some(object), Some(NOW)), Room::Full { until: None });
    }
    assert_eq!(usage.room(None, Some("43"), Some(NOW)), Room::Free);
}

#[test]
fn refusals_count_where_the_limit_is() {
    for (meaning, of_page, of_other) in [
        (Meaning::AppLimit, full(30), full(30)),
        (Meaning::BusinessLimit, full(30), Room::Free),
        (Meaning::PageLimit, full(30), Room::Free),
        (Meaning::PersonLimit, full(30), Room::Free),
        (Meaning::Blocked, full(30), Room::Free),
        (Meaning::TooManyCalls, full(30), full(30)),
    ] {
        let mut usage = Usage::default();
        usage.note_refusal("1", Some("42"), meaning, Some(Duration::from_secs(30)), Some(NOW));
        assert_eq!(usage.room(None, Some("42"), Some(NOW)), of_page);
        assert_eq!(usage.room(None, Some("43"), Some(NOW)), of_other);
    }
    let mut usage = Usage::default();
    usage.note_refusal("1", None, Meaning::PersonLimit, None, Some(NOW));
    assert_eq!(usage.room(None, None, Some(NOW)), Room::Free, "one person's limit is not everybody's");
}

/// Nobody waits for ever: not without new answers, not without a clock, not
/// after the clock was put back.
#[test]
fn statements_end() {
    let refused = || {
        let mut usage = Usage::default();
        usage.note_refusal("1", None, Meaning::AppLimit, None, Some(NOW));
        usage
    };
    assert_eq!(refused().room(None, None, Some(NOW + STALE_AFTER - 1)), Room::Full { until: None });
    assert_eq!(refused().room(None, None, Some(NOW + STALE_AFTER)), Room::Free);
    assert_eq!(refused().room(None, None, Some(NOW - 1)), Room::Free);

    let mut usage = Usage::default();
    usage.note_refusal("1", None, Meaning::AppLimit, Some(Duration::MAX), None);
    for _ in 0..STALE_ASKS {
        assert!(matches!(usage.room(None, None, None), Room::Full { .. }));
    }
    assert_eq!(usage.room(None, None, None), Room::Free);
    assert!(usage.stated.is_empty());
}

#[test]
fn the_last_answer_counts_and_memory_is_bounded() {
    let mut usage = Usage::default();
    usage.note_headers("1", None, &headers(&[(APP, json!({"call_count": 95}))]), Some(NOW));
    usage.note_headers("1", None, &headers(&[(APP, json!({"call_count": 5}))]), Some(NOW + 1));
    assert_eq!(usage.room(None, None, Some(NOW + 1)), Room::Free);
    for object in 0..MOST + 10 {
        usage.note("1", &object.to_string(), Statement::new(90, None, Some(NOW)));
    }
    assert_eq!(usage.stated.len(), MOST);
    usage.note("1", "new", Statement::new(90, None, Some(NOW + STALE_AFTER)));
    assert_eq!(usage.room(None, Some("new"), Some(NOW + STALE_AFTER)), Room::Full { until: None });
    assert_eq!(usage.stated.len(), 1);
}
