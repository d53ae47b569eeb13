//! Notifications recorded from Meta. They are not part of the repository; the
//! folder is named by `RENOVA_FIXTURES`.

use std::path::{Path, PathBuf};

use meta::webhook::{Object, parse};

/// The folder, or a line saying that the test was skipped.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
fn folder() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        println!("skipped: RENOVA_FIXTURES is not set, no recorded notification was read");
        return None;
    };
    Some(PathBuf::from(folder).join("webhooks"))
}

/// Each recording with the account, the kinds and the instant in it.
const RECORDINGS: [(&str, &str, &[&str], Option<i64>); 30] = [
    ("messaging-accountlinking-linked", "12345654332", &["account_linking"], Some(1_458_668_856_451)),
    ("messaging-airline-itinerary-template", "12345654332", &["message"], Some(1_458_692_752_478)),
    ("messaging-button-template", "12345654332", &["message"], Some(1_458_692_752_478)),
    ("messaging-delivery-basic", "12345654332", &["delivery"], Some(1_458_668_856_451)),
    ("messaging-message-basic", "12345654332", &["message"], Some(1_457_764_197_627)),
    ("messaging-message-fallback-attachment", "12345654332", &["message"], Some(1_458_696_618_268)),
    ("messaging-message-isunsupported", "12345654332", &["message"], Some(1_457_764_197_627)),
    ("messaging-message-media-attachment", "12345654332", &["message"], Some(1_458_696_618_268)),
    ("messaging-message-nlp-2", "349489628480201", &["message"], Some(1_501_620_859_167)),
    ("messaging-message-nlp-4", "349489628480201", &["message"], Some(1_501_622_491_358)),
    ("messaging-message-nlp-6", "349489628480201", &["message"], Some(1_501_623_134_773)),
    ("messaging-message-nlp-8", "12345654332", &["message"], Some(1_501_623_672_530)),
    ("messaging-message-nlp-duration-2", "12345654332", &["message"], Some(1_546_990_161_827)),
    ("messaging-message-nlp-email-2", "349489628480201", &["message"], Some(1_546_990_267_208)),
    ("messaging-message-nlp-error", "692521420913831", &["message"], Some(1_546_532_206_372)),
    ("messaging-message-nlp-money", "12345654332", &["message"], Some(1_501_623_672_530)),
    ("messaging-message-nlp-quantity", "12345654332", &["message"], Some(1_501_623_672_530)),
    ("messaging-message-nlp-url-2", "349489628480201", &["message"], Some(1_546_990_086_203)),
    ("messaging-message-nlp-volume", "12345654332", &["message"], Some(1_501_623_672_530)),
    ("messaging-message-product-template-2", "page id", &["message"], Some(1_636_729_431_949)),
    ("messaging-message-quickreply", "1234567890321", &["message"], Some(1_470_779_510_432)),
    ("messaging-message-reply-2", "12345654332", &["story_reply"], Some(1_457_764_197_627)),
    ("messaging-message-sticker", "12345654332", &["message"], Some(1_476_219_900_918)),
    ("messaging-optin-userref", "12345654332", &["optin"], Some(1_234_567_890_000)),
    ("messaging-payment", "1234567890321", &["payment"], Some(1_473_208_792_799)),
    ("messaging-policy-callback-unblock", "12345654332", &["policy-enforcement"], Some(1_458_692_752_478)),
    ("messaging-postback-chat", "12345654332", &["postback"], Some(1_458_692_752_478)),
    ("messaging-reaction-1", "1234567890321", &["reaction"], Some(1_572_465_098_502)),
    ("messaging-read-basic", "12345654332", &["read"], Some(1_458_668_856_463)),
    ("messaging-request-thread-control", "1234567890321", &["request_thread_control"], Some(1_473_204_787_206)),
];

#[test]
fn every_recording_has_its_kind() {
    let Some(folder) = folder() else { return };
    for (name, account, kinds, at_ms) in RECORDINGS {
        let body = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
        let found = parse(&body).unwrap();
        assert_eq!(found.object, Object::Page, "{name}");
        assert_eq!(found.events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), kinds, "{name}");
        for event in &found.events {
            assert_eq!((event.account_id.as_str(), event.at_ms), (account, at_ms), "{name}");
            let has_mid = matches!(event.kind.as_str(), "message" | "story_reply" | "reaction");
            assert_eq!((event.mid.is_some(), event.standby), (has_mid, false), "{name}");
        }
    }
}

/// A recording that is added to the folder is added to the table.
#[test]
fn the_table_is_complete() {
    let Some(folder) = folder() else { return };
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| stem(&file.unwrap().path())).collect();
    names.sort();
    assert_eq!(names, RECORDINGS.map(|(name, ..)| name));
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}
