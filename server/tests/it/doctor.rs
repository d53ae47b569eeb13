//! `renova doctor` against the simulated Meta.

use std::{collections::HashMap, path::PathBuf};

use lifecycle::{
    Clock as _, DisabledReason, GranteeKind, Provider, Timestamp,
    clock::HOUR_MS,
    health::TokenProof,
    ids::{AuditId, ConnectionId, MetaAppId, OrganizationId, WebhookEndpointId},
};
use secrecy::SecretString;
use server::{
    clock::SystemClock,
    demo,
    doctor::{Level, Line, examine},
    open,
    settings::Sources,
};
use store::{
    AuditEntry, Connection, ConnectionCommit, GrantFacts, MetaApp, Organization, SealedToken, Storage, Trail,
    WebhookEndpoint,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::smtp::{Answers, GOOD, MailServer};

const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// An installation whose Meta is the simulated one.
struct Installation {
    environment: HashMap<String, String>,
    sim: String,
    _folder: TempDir,
}

impl Installation {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sim = demo::simulator(port, None).unwrap();
        tokio::spawn(async move { axum::serve(listener, sim.router()).await });
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("renova.db").display());
        open::storage(&SecretString::from(database.as_str()), None).await.unwrap().close().await;
        let sim = format!("http://127.0.0.1:{port}");
        let environment = [
            ("RENOVA_ENCRYPTION_KEYS", KEY.to_owned()),
            ("RENOVA_DATABASE_URL", database),
            ("RENOVA_META_APP_ID", "1234567890".to_owned()),
            ("RENOVA_META_APP_SECRET", "sim-app-secret".to_owned()),
            ("RENOVA_META_GRAPH_URL", format!("{sim}/graph")),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).into();
        Self { environment, sim, _folder: folder }
    }

    async fn with(&self, more: &[(&str, &str)]) -> Vec<Line> {
        let mut environment = self.environment.clone();
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        examine(&Sources { file: None, folder: PathBuf::from("/nonexistent"), environment }).await
    }

    async fn storage(&self) -> std::sync::Arc<dyn Storage> {
        store::open(&self.environment["RENOVA_DATABASE_URL"]).await.unwrap()
    }
}

fn sealed() -> SealedToken {
    SealedToken { key_id: "k1".to_owned(), ciphertext: vec![0; 60], token_version: 1 }
}

/// A connection of an organization that has nobody.
async fn connected(storage: &dyn Storage, number: u8, unreachable_since: Option<Timestamp>, failures: i64) {
    let (now, random) = (SystemClock.now(), [number; 10]);
    let organization_id = OrganizationId::new(now, random);
    let slug = format!("org-{number}");
    let organization = Organization {
        id: organization_id,
        external_id: slug.clone(),
        slug: slug.clone(),
        name: slug.clone(),
        time_zone: "UTC".to_owned(),
        locale: "en".to_owned(),
        created_at: now,
    };
    storage.insert_organization(&organization).await.unwrap();
    let app = MetaApp { id: MetaAppId::new(now, random), provider: Provider::Facebook, app_id: slug.clone() };
    storage.ensure_meta_app(&app).await.unwrap();
    let connection = Connection {
        id: ConnectionId::new(now, random),
        organization_id,
        meta_app_id: app.id,
        provider: Provider::Facebook,
        grantee_kind: GranteeKind::Person,
        grantee_id: slug,
        grantee_name: "Ana".to_owned(),
        token: sealed(),
        token_generation: 1,
        facts: GrantFacts {
            scopes: Vec::new(),
            issued_at: None,
            expires_at: None,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            problem: None,
            dead_since: None,
            checked_at: None,
            unreachable_since,
        },
        connected_by: None,
        created_at: now,
        renewed_at: now,
        check_at: now.plus(HOUR_MS),
        check_failures: failures,
        version: 1,
    };
    let audit = AuditEntry {
        id: AuditId::new(now, random),
        organization_id,
        user_id: None,
        action: "connection.imported".to_owned(),
        subject: connection.id.to_string(),
        detail: "{}".to_owned(),
        at: now,
    };
    let commit = ConnectionCommit { connection, channels: Vec::new() };
    storage.commit_connection(&commit, &Trail { audit, events: Vec::new() }).await.unwrap();
}

fn line<'a>(lines: &'a [Line], name: &str) -> &'a Line {
    lines.iter().find(|line| line.name == name).unwrap_or_else(|| panic!("no line {name}: {lines:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_installation_has_no_errors() {
    let lines = Installation::new().await.with(&[]).await;
    for name in ["configuration", "database", "meta version", "meta app", "instagram app", "clock", "notifications"] {
        assert_eq!(line(&lines, name).level, Level::Ok, "{lines:?}");
    }
    // Nothing is wrong, but nobody is told.
    assert_eq!(line(&lines, "mail").level, Level::Warning);
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_anybody_works_and_who_is_told_is_said() {
    let installation = Installation::new().await;
    let lines = installation.with(&[("RENOVA_NOTIFY", "shadow")]).await;
    assert_eq!(line(&lines, "workers").level, Level::Warning);
    assert_eq!(line(&lines, "telling people").level, Level::Warning);
    let storage = installation.storage().await;
    let now = SystemClock.now();
    storage.beat("a", now, now).await.unwrap();
    storage.close().await;
    let lines = installation.with(&[("RENOVA_NOTIFY", "both")]).await;
    assert_eq!(
        line(&lines, "workers"),
        &Line { found: "1 process works in the background".to_owned(), ..line(&lines, "workers").clone() }
    );
    assert_eq!((line(&lines, "workers").level, line(&lines, "telling people").level), (Level::Ok, Level::Ok));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_the_platform_is_counted() {
    let forwarding =
        [("RENOVA_META_WEBHOOK_VERIFY_TOKEN", "word"), ("RENOVA_WEBHOOK_FORWARD_URL", "https://platform.example/hook")];
    let lines = Installation::new().await.with(&forwarding).await;
    let waiting = line(&lines, "passing on");
    assert_eq!((waiting.level, waiting.found.as_str()), (Level::Ok, "0 notifications wait for the platform"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_with_its_fix() {
    let installation = Installation::new().await;
    for (variable, value, name, level, fix) in [
        ("RENOVA_META_APP_SECRET", "another", "meta app", Level::Error, "RENOVA_META_APP_SECRET"),
        ("RENOVA_META_GRAPH_URL", "http://127.0.0.1:9", "meta app", Level::Warning, "the way to Meta"),
        ("RENOVA_META_API_VERSION", "v20.0", "meta version", Level::Error, "RENOVA_META_API_VERSION"),
        ("RENOVA_WEBHOOK_FORWARD_URL", "https://p.example/", "notifications", Level::Error, "VERIFY_TOKEN"),
        ("RENOVA_PUBLIC_URL", "renova", "configuration", Level::Error, "mend this setting"),
        ("RENOVA_DATABASE_URL", "postgres://127.0.0.1:9/x", "database", Level::Error, "RENOVA_DATABASE_URL"),
    ] {
        let lines = installation.with(&[(variable, value)]).await;
        let found = line(&lines, name);
        assert_eq!(found.level, level, "{variable}: {lines:?}");
        assert!(found.fix.contains(fix), "{variable}: {}", found.fix);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_the_app_itself_lacks_is_named() {
    let installation = Installation::new().await;
    let body = r#"{"object":"instagram","fields":["messages","messaging_postbacks","messaging_referral"]}"#;
    let http = meta::http_client().unwrap();
    let put = http.put(format!("{}/_sim/app-fields", installation.sim)).body(body);
    assert!(put.send().await.unwrap().status().is_success());
    let lines = installation.with(&[]).await;
    let warning = lines.iter().find(|line| line.name == "meta app" && line.level == Level::Warning).unwrap();
    assert!(warning.found.contains("`instagram` lack message_reactions"), "{}", warning.found);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_server_is_asked_whether_it_lets_renova_in() {
    let installation = Installation::new().await;
    let refused = Answers { auth: "535 5.7.8 wrong", ..GOOD };
    for (answers, level, found) in [
        (GOOD, Level::Ok, "the mail server lets Renova in"),
        (refused, Level::Error, "the mail server: status 535"),
        (Answers { greeting: "", ..GOOD }, Level::Error, "the mail server: "),
    ] {
        let server = MailServer::start(answers).await;
        let url = format!("smtp://me:canary@127.0.0.1:{}", server.port);
        let lines = installation.with(&[("RENOVA_SMTP_URL", &url), ("RENOVA_MAIL_FROM", "r@x.example")]).await;
        let line = line(&lines, "mail");
        assert_eq!(line.level, level, "{line:?}");
        assert!(line.found.starts_with(found) && !line.found.contains("canary"), "{line:?}");
        assert!(server.taken().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_about_which_nothing_is_learned_are_said() {
    let installation = Installation::new().await;
    let lines = installation.with(&[]).await;
    assert_eq!(line(&lines, "answers of Meta").level, Level::Ok);
    assert!(!lines.iter().any(|line| line.name == "connections"), "{lines:?}");
    let storage = installation.storage().await;
    let now = SystemClock.now();
    connected(&*storage, 1, Some(now.plus(-HOUR_MS / 2)), 5).await;
    connected(&*storage, 2, None, 1).await;
    let lines = installation.with(&[]).await;
    assert_eq!(line(&lines, "answers of Meta").level, Level::Ok, "it may pass");
    connected(&*storage, 3, Some(now.plus(-2 * HOUR_MS)), 5).await;
    connected(&*storage, 4, None, 2).await;
    storage.close().await;
    let lines = installation.with(&[]).await;
    let silent = line(&lines, "answers of Meta");
    assert!(silent.level == Level::Warning && silent.found.contains("about 1 connections"), "{silent:?}");
    let helpless = line(&lines, "connections");
    assert_eq!(helpless.level, Level::Error);
    assert!(helpless.found.starts_with("1 connections") && helpless.fix.contains("renova check --connection"));
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_without_anybody_to_tell_are_named_where_renova_tells() {
    let installation = Installation::new().await;
    let storage = installation.storage().await;
    for number in 1..=7 {
        connected(&*storage, number, None, 0).await;
    }
    storage.close().await;
    let lines = installation.with(&[]).await;
    let nobody = line(&lines, "administrators");
    assert_eq!(nobody.level, Level::Warning);
    assert!(nobody.found.ends_with(": org-1, org-2, org-3, org-4, org-5 and 2 more"), "{nobody:?}");
    let lines = installation.with(&[("RENOVA_NOTIFY", "platform")]).await;
    assert!(!lines.iter().any(|line| line.name == "administrators"), "the platform knows its people");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_tells_people_must_hear_of_events() {
    let installation = Installation::new().await;
    let levels = async |expected: [Option<Level>; 4]| {
        for (notify, expected) in ["renova", "shadow", "both", "platform"].into_iter().zip(expected) {
            let lines = installation.with(&[("RENOVA_NOTIFY", notify)]).await;
            let found = lines.iter().find(|line| line.name == "webhooks");
            assert_eq!(found.map(|line| line.level), expected, "{notify}: {found:?}");
        }
    };
    levels([None, None, Some(Level::Warning), Some(Level::Warning)]).await;
    let lines = installation.with(&[("RENOVA_NOTIFY", "platform")]).await;
    assert!(line(&lines, "webhooks").found.contains("GET /api/v1/events"));
    let storage = installation.storage().await;
    let now = SystemClock.now();
    let add = async |number: u8, disabled: Option<(Timestamp, DisabledReason)>| {
        let endpoint = WebhookEndpoint {
            id: WebhookEndpointId::new(now, [number; 10]),
            organization_id: None,
            url: "https://platform.example.com/".to_owned(),
            description: String::new(),
            secret: sealed(),
            previous: None,
            created_at: now,
            disabled,
            failing_since: None,
        };
        storage.insert_webhook_endpoint(&endpoint, None).await.unwrap();
    };
    add(1, Some((now, DisabledReason::Failing))).await;
    levels([Some(Level::Warning), Some(Level::Warning), Some(Level::Warning), Some(Level::Error)]).await;
    add(2, None).await;
    levels([Some(Level::Warning); 4]).await;
    storage.close().await;
}
