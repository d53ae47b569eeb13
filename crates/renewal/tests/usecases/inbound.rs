//! What Meta sends: notifications, each once and durable, and what it signs when somebody leaves.

use futures::future::join_all;
use lifecycle::{Health, Provider, Severity, Timestamp, clock::DAY_MS, health::TokenProof};
use renewal::{Error, Identity, IntakeError, Source};
use serde_json::{Value, json};

use crate::{
    dialogs::{ANA, AURORA, BOREAL, KIDS, LOJA, OUTLET},
    signing::{message, signature, signed_request},
    support::{APP_SECRET, INSTAGRAM_SECRET, World, channel},
};

pub async fn take(world: &World, body: &[u8]) {
    let signature = signature(APP_SECRET, body);
    world.renova.take_notification(body, Some(&signature), Source::Meta).await.unwrap();
}

async fn count(world: &World, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&mut world.database().await).await.unwrap()
}

async fn marks(world: &World) -> i64 {
    count(world, "SELECT count(*) FROM message_marks").await
}

async fn last_message(world: &World, who: &Identity, account: &str) -> Option<Timestamp> {
    let states = world.renova.connections(who).await.unwrap();
    let mut channels = states.into_iter().flat_map(|state| state.channels);
    channels.find(|it| it.channel.account_id == account).unwrap().channel.last_message_at
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_by_meta_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.connected("aurora", "Ana Souza", 30).await;
    let now = world.renova.now();
    let body = message("page", AURORA, "m_1", now.0);
    let good = signature(APP_SECRET, &body);
    let flipped = good.replace(|it: char| it.is_ascii_digit(), "0");
    let sha1 = good.replace("sha256=", "sha1=");
    let other = signature("another-secret", &body);
    let of_other_body = signature(APP_SECRET, b"{}");
    for wrong in [None, Some(""), Some("sha256="), Some(&*flipped), Some(&*sha1), Some(&*other), Some(&*of_other_body)]
    {
        let refused = world.renova.take_notification(&body, wrong, Source::Meta).await;
        assert!(matches!(refused, Err(IntakeError::BadSignature)), "{wrong:?}");
    }
    assert_eq!((marks(&world).await, last_message(&world, &ana, AURORA).await), (0, None));
    take(&world, &body).await;
    assert_eq!((marks(&world).await, last_message(&world, &ana, AURORA).await), (1, Some(now)));
    let by_instagram = message("instagram", KIDS, "m_2", now.0);
    let signed = signature(INSTAGRAM_SECRET, &by_instagram);
    world.renova.take_notification(&by_instagram, Some(&signed), Source::Meta).await.unwrap();
    assert_eq!(marks(&world).await, 2, "each app signs with its own secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_fifty_times_is_one() {
    let world = World::new().await;
    let body = message("page", AURORA, "m_1", world.renova.now().0);
    join_all((0..50).map(|_| take(&world, &body))).await;
    assert_eq!(marks(&world).await, 1);
    // Platform and Meta may both pass it on.
    let signed = signature(APP_SECRET, &body);
    world.renova.take_notification(&body, Some(&signed), Source::Platform).await.unwrap();
    assert_eq!(marks(&world).await, 1);
    join_all((0..50).map(|number| {
        let body = message("page", AURORA, &format!("m_x{number}"), world.renova.now().0);
        let world = &world;
        async move { take(world, &body).await }
    }))
    .await;
    assert_eq!(marks(&world).await, 51);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_text_nor_sender_nor_id_of_a_message_is_kept() {
    let world = World::new().await;
    world.connected("aurora", "Ana Souza", 30).await;
    take(&world, &message("page", AURORA, "m_the-id-of-it", world.renova.now().0)).await;
    assert_eq!(marks(&world).await, 1);
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let kept = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(kept(AURORA), "the account is");
    for text in ["vestido azul", "6500000000000001", "m_the-id-of-it"] {
        assert!(!kept(text), "{text}");
    }
    world.meta.advance("31d").await;
    world.renova.round().await.unwrap();
    assert_eq!(marks(&world).await, 0, "and the mark only for 30 days");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_channel_of_the_account_knows_when_it_was_written_to_last() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    for slug in ["aurora", "boreal"] {
        world.connected(slug, "Ana Souza", 30).await;
    }
    let now = world.renova.now();
    take(&world, &message("instagram", LOJA, "m_1", now.0)).await;
    take(&world, &message("instagram", LOJA, "m_0", now.0 - DAY_MS)).await;
    for who in [&ana, &clara] {
        assert_eq!(last_message(&world, who, LOJA).await, Some(now), "an older one that comes later changes nothing");
        assert_eq!(last_message(&world, who, AURORA).await, None, "the Page is another channel");
    }
    // What the account itself did is nobody's message.
    let later = now.0 + 5_000;
    let echo = json!({"object": "instagram", "entry": [{"id": LOJA, "time": later, "messaging": [{
        "sender": {"id": LOJA}, "recipient": {"id": "6500000000000001"}, "timestamp": later,
        "message": {"mid": "m_2", "is_echo": true, "text": "olá"}}]}]});
    take(&world, echo.to_string().as_bytes()).await;
    assert_eq!(last_message(&world, &ana, LOJA).await, Some(now));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_event_of_the_simulated_meta_is_understood() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.connected("aurora", "Ana Souza", 30).await;
    world.listens().await;
    let mut heard = None;
    for (number, event) in ["message", "story_mention", "story_reply", "postback"].into_iter().enumerate() {
        world.meta.advance("1m").await;
        let sent = world.meta.control("webhook", json!({"channel": "@loja.aurora", "event": event})).await;
        assert_eq!(sent["delivered"], true, "{event}: {sent}");
        let now = last_message(&world, &ana, LOJA).await;
        assert!(now > heard && now <= Some(world.renova.now()), "{event}");
        assert_eq!(marks(&world).await, i64::try_from(number).unwrap() + 1, "{event}");
        heard = now;
    }
    for event in ["reaction", "echo", "read", "edit"] {
        world.meta.advance("1m").await;
        let sent = world.meta.control("webhook", json!({"channel": "@loja.aurora", "event": event})).await;
        assert!(sent["delivered"] == true || sent["status"].is_null(), "{event}: {sent}");
        assert_eq!(last_message(&world, &ana, LOJA).await, heard, "{event} is nobody's message");
    }
    let batch =
        world.meta.control("webhook", json!({"channel": "Aurora Outlet", "event": "message", "count": 1000})).await;
    assert_eq!(batch["delivered"], true, "{batch}");
    assert!(marks(&world).await >= 1004);
    let number = batch["number"].as_u64().unwrap();
    let before = marks(&world).await;
    world.meta.control("replay", json!({"number": number})).await;
    assert_eq!(marks(&world).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_silent_only_while_others_are_heard() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    world.connected("aurora", "Ana Souza", 50).await;
    world.connected("boreal", "Clara Lima", 50).await;
    let since = world.renova.now();
    take(&world, &message("page", AURORA, "m_1", since.0)).await;
    let health = async |who: &Identity, account: &str| {
        let states = world.renova.connections(who).await.unwrap();
        let state = states.into_iter().next().unwrap();
        assert!(!state.needs_renewal());
        channel(&state, account).health
    };
    let boreal_hears = async |mid: &str| take(&world, &message("page", BOREAL, mid, world.renova.now().0)).await;
    world.meta.advance("7d").await;
    boreal_hears("m_2").await;
    assert_eq!(health(&ana, AURORA).await, Health::Healthy, "not yet");
    world.meta.advance("1h").await;
    boreal_hears("m_3").await;
    assert_eq!(health(&ana, AURORA).await, Health::Silent { since });
    assert_eq!(health(&ana, OUTLET).await, Health::Healthy, "one that never heard anything is not silent");
    assert_eq!(health(&clara, BOREAL).await, Health::Healthy);
    world.meta.advance("25h").await;
    assert_eq!(health(&ana, AURORA).await, Health::Healthy, "nothing reaches us: that says nothing about a channel");
    boreal_hears("m_4").await;
    assert_eq!(health(&ana, AURORA).await, Health::Silent { since });
    take(&world, &message("page", AURORA, "m_5", world.renova.now().0)).await;
    assert_eq!(health(&ana, AURORA).await, Health::Healthy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_changes_makes_the_check_due() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 30).await;
    world.listens().await;
    world.meta.advance("1h").await;
    world.renova.round().await.unwrap();
    let checked_at = async || world.renova.connection(&ana, id).await.unwrap().connection.facts.checked_at;
    assert!(checked_at().await < Some(world.renova.now()));
    let off = json!({"person": "Ana Souza", "permission": "pages_messaging", "granted": false});
    world.meta.put("permissions", off).await;
    world.renova.round().await.unwrap();
    assert_eq!(checked_at().await, Some(world.renova.now()));
    assert_eq!(world.renova.connection(&ana, id).await.unwrap().severity(), Severity::Stopped);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_removes_the_app_stops_at_once_and_an_old_word_of_it_changes_nothing() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    let id = world.connected("aurora", "Ana Souza", 30).await;
    let elsewhere = world.connected("boreal", "Ana Souza", 30).await;
    let another = world.connected("boreal", "Clara Lima", 30).await;
    world.listens().await;
    world.meta.advance("1h").await;
    let removed = json!({"person": "Ana Souza", "callback": true});
    let answer = world.meta.control("deauthorize", removed).await;
    assert_eq!(answer["callback"]["delivered"], true, "{answer}");
    for (who, id) in [(&ana, id), (&clara, elsewhere)] {
        let state = world.renova.connection(who, id).await.unwrap();
        assert_eq!((state.severity(), state.connection.facts.proof), (Severity::Stopped, TokenProof::Revoked));
        assert_eq!(state.connection.facts.dead_since, Some(world.renova.now()));
        assert!(state.channels.iter().all(|it| it.channel.facts.proof == TokenProof::Revoked));
        assert_eq!(world.count_of_events(who, "connection.revoked").await, 1);
        let of_channels = world.count_of_events(who, "channel.revoked").await;
        assert_eq!(of_channels, state.channels.len(), "who switches off by channel is told of each");
    }
    assert_eq!(world.renova.connection(&clara, another).await.unwrap().severity(), Severity::None);
    world.renova.round().await.unwrap();
    assert_eq!(world.count_of_events(&ana, "connection.revoked").await, 1, "the check finds nothing new");
    let channels = world.renova.connection(&ana, id).await.unwrap().channels.len();
    assert_eq!(world.count_of_events(&ana, "channel.revoked").await, channels);

    world.meta.advance("1h").await;
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let renewal = world.proved(&ana, Some(id), "Ana Souza").await;
    world.renova.finish(&ana, renewal).await.unwrap();
    let before = world.renova.connection(&ana, id).await.unwrap();
    let number = answer["callback"]["number"].as_u64().unwrap();
    for _ in 0..3 {
        let again = world.meta.control("replay", json!({"number": number})).await;
        assert_eq!(again["delivered"], true, "it is taken, and nothing follows");
    }
    let after = world.renova.connection(&ana, id).await.unwrap();
    assert_eq!((&after.connection, after.severity()), (&before.connection, Severity::None));
    assert_eq!(world.count_of_events(&ana, "connection.revoked").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_removes_the_app_stops_alone() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 30).await;
    world.listens().await;
    world.meta.advance("1h").await;
    world.meta.control("deauthorize", json!({"page": "Loja Aurora", "callback": true})).await;
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&ana, id).await.unwrap();
    let proof = |account| channel(&state, account).channel.facts.proof;
    assert_ne!(proof(AURORA), TokenProof::Works);
    assert_eq!((proof(OUTLET), state.connection.facts.proof), (TokenProof::Works, TokenProof::Works));
}

#[tokio::test(flavor = "multi_thread")]
async fn instagram_login_is_left_in_the_same_way() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    world.exchanged(&ana, id).await;
    let id = world.finished(&ana, id).await.connection.id;
    world.listens().await;
    world.meta.advance("1h").await;
    let answer = world.meta.control("deauthorize", json!({"instagram": "aurora.kids", "callback": true})).await;
    assert_eq!(answer["callback"]["delivered"], true, "{answer}");
    let state = world.renova.connection(&ana, id).await.unwrap();
    assert_eq!((state.severity(), state.health.as_str()), (Severity::Stopped, "revoked"));
    let answer = world.meta.control("data-deletion", json!({"instagram": "aurora.kids"})).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    assert!(matches!(world.renova.connection(&ana, id).await, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_signed_ends_nothing() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 30).await;
    let before = world.renova.connection(&ana, id).await.unwrap().connection;
    let now = world.renova.now().0 / 1000;
    let payload = json!({"user_id": ANA, "algorithm": "HMAC-SHA256", "issued_at": now});
    let good = signed_request(APP_SECRET, &payload);
    let (_, content) = good.split_once('.').unwrap();
    let (other, _) =
        signed_request("another-secret", &payload).split_once('.').map(|(a, b)| (a.to_owned(), b.len())).unwrap();
    let md5 = signed_request(APP_SECRET, &json!({"user_id": ANA, "algorithm": "HMAC-MD5", "issued_at": now}));
    for wrong in ["", ".", "a.b", content, &format!(".{content}"), &format!("{other}.{content}"), &md5] {
        assert!(matches!(world.renova.deauthorize(wrong).await, Err(Error::NotSigned)), "{wrong}");
        assert!(matches!(world.renova.request_deletion(wrong).await, Err(Error::NotSigned)), "{wrong}");
    }
    // Good, but of the other app: ids of one app mean nothing in another.
    world.renova.deauthorize(&signed_request(INSTAGRAM_SECRET, &payload)).await.unwrap();
    assert_eq!(world.renova.connection(&ana, id).await.unwrap().connection, before);
    // Without an instant nothing is believed, but everything is asked.
    let timeless = json!({"user_id": ANA, "algorithm": "HMAC-SHA256"});
    world.renova.deauthorize(&signed_request(APP_SECRET, &timeless)).await.unwrap();
    assert_eq!(world.renova.connection(&ana, id).await.unwrap().severity(), Severity::None);
    world.meta.advance("1m").await;
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&ana, id).await.unwrap();
    assert_eq!((state.connection.facts.checked_at, state.severity()), (Some(world.renova.now()), Severity::None));
}

/// Every place of the database that holds this text.
async fn places(world: &World, text: &str) -> Vec<String> {
    let mut database = world.database().await;
    let columns = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'";
    let columns: Vec<(String, String)> = sqlx::query_as(columns).fetch_all(&mut database).await.unwrap();
    let mut found = Vec::new();
    for (table, column) in columns {
        let query = format!("SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), $1) > 0");
        let hits: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(text).fetch_one(&mut database).await.unwrap();
        if hits > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_be_forgotten_is_forgotten() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    let id = world.connected("aurora", "Ana Souza", 5).await;
    let elsewhere = world.connected("boreal", "Ana Souza", 5).await;
    let another = world.connected("boreal", "Clara Lima", 5).await;
    world.listens().await;
    // A renewal that is done, one that is under way, a request: all of them name her.
    let done = world.proved(&ana, Some(id), "Ana Souza").await;
    world.renova.finish(&ana, done).await.unwrap();
    let open = world.proved(&ana, Some(id), "Ana Souza").await;
    world.renova.request_renewal(&ana, id).await.unwrap();
    world.meta.advance("1h").await;
    world.renova.check(id).await.unwrap();
    assert!(places(&world, "Ana Souza").await.len() >= 4, "{:?}", places(&world, "Ana Souza").await);

    let answer = world.meta.control("data-deletion", json!({"person": "Ana Souza"})).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    let code = answer["confirmation_code"].as_str().unwrap();
    let status = world.renova.deletion_status(code).await.unwrap().unwrap();
    assert_eq!(status.completed_at, Some(world.renova.now()));
    assert_eq!(world.renova.deletion_status("0123456789abcdef0123").await.unwrap(), None);
    for text in ["Ana Souza", ANA] {
        assert_eq!(places(&world, text).await, [""; 0], "{text}");
    }
    assert!(world.renova.connections(&ana).await.unwrap().is_empty());
    assert!(matches!(world.renova.connection(&clara, elsewhere).await, Err(Error::NotFound)));
    assert_eq!(world.renova.connection(&clara, another).await.unwrap().connection.grantee_name, "Clara Lima");
    assert!(world.renova.finish(&ana, open).await.is_err());
    assert_eq!(world.count_of_events(&ana, "connection.disconnected").await, 1, "the platform is told, without a name");
    assert_eq!(world.count_in_history(&ana, "connection.erased").await, 1);

    let number = answer["number"].as_u64().unwrap();
    world.meta.control("replay", json!({"number": number})).await;
    assert_eq!(count(&world, "SELECT count(*) FROM data_deletions").await, 1, "the same request has the same code");
}

/// Who logged in once and was the wrong person has no connection by which a request would find them.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_ended_without_a_commit_names_nobody() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 5).await;
    world.meta.sim.seed_grant("Clara Lima", 0).unwrap();
    for ends_by_itself in [false, true] {
        let renewal = world.renova.start_renewal(&ana, Some(id), Provider::Facebook, false).await.unwrap();
        world.logs_in_at_meta(&ana, renewal, "Clara Lima").await;
        world.exchanged(&ana, renewal).await;
        assert_eq!(places(&world, "Clara Lima").await, ["renewals.staged_facts"]);
        if ends_by_itself {
            world.meta.advance("49h").await;
            world.renova.round().await.unwrap();
        } else {
            world.renova.cancel(&ana, renewal).await.unwrap();
        }
        assert_eq!(places(&world, "Clara Lima").await, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_has_the_same_code_and_an_old_one_erases_nothing_newer() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let at = |seconds: i64| -> Value { json!({"user_id": ANA, "algorithm": "HMAC-SHA256", "issued_at": seconds}) };
    let now = world.renova.now().0 / 1000;
    let request = signed_request(APP_SECRET, &at(now));
    let codes = join_all((0..8).map(|_| world.renova.request_deletion(&request))).await;
    let codes: Vec<_> = codes.into_iter().map(Result::unwrap).collect();
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    assert!(codes[0].bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let another = world.renova.request_deletion(&signed_request(APP_SECRET, &at(now + 1))).await.unwrap();
    assert_ne!(another, codes[0]);

    world.meta.advance("1h").await;
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.exchanged(&ana, id).await;
    let state = world.finished(&ana, id).await;
    assert_eq!(world.renova.request_deletion(&request).await.unwrap(), codes[0]);
    assert!(world.renova.connection(&ana, state.connection.id).await.is_ok(), "she has connected again since");
    world.meta.advance("1m").await;
    let now = world.renova.now().0 / 1000;
    world.renova.request_deletion(&signed_request(APP_SECRET, &at(now))).await.unwrap();
    assert!(world.renova.connection(&ana, state.connection.id).await.is_err());
}
