//! Who is told what, when, and how often.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::future::BoxFuture;
use lifecycle::{
    NoticeKind, Role, Severity, Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    ids::{AuditId, ConnectionId, NoticeId},
    notice::Policy,
};
use renewal::{Error, Identity, LinkMail, Mail, MailFailure, Mailer, NewOrganization, Notify};
use serde_json::json;
use store::{AuditEntry, NewNotice, Notice, Trail};

use crate::support::{Setup, World};

/// Keeps what it is given, or refuses it as told.
#[derive(Default)]
pub struct Letters {
    pub sent: Mutex<Vec<Mail>>,
    pub links: Mutex<Vec<LinkMail>>,
    pub refuse: Mutex<Option<MailFailure>>,
    /// What comes in while the next mail travels.
    pub meanwhile: tokio::sync::Mutex<Option<BoxFuture<'static, ()>>>,
}

#[async_trait]
impl Mailer for Letters {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        if let Some(meanwhile) = self.meanwhile.lock().await.take() {
            meanwhile.await;
        }
        match self.refuse.lock().unwrap().clone() {
            Some(failure) => Err(failure),
            None => {
                self.sent.lock().unwrap().push(mail.clone());
                Ok(())
            }
        }
    }

    async fn send_link(&self, mail: &LinkMail) -> Result<(), MailFailure> {
        self.links.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

impl Letters {
    /// To whom, about what; then forgotten.
    pub fn taken(&self) -> Vec<(String, Vec<NoticeKind>)> {
        let mails = std::mem::take(&mut *self.sent.lock().unwrap());
        let mut taken: Vec<_> =
            mails.into_iter().map(|mail| (mail.to.name, mail.notices.iter().map(|it| it.notice).collect())).collect();
        taken.sort_by(|a: &(String, Vec<_>), b| a.0.cmp(&b.0));
        taken
    }
}

struct Scene {
    world: World,
    letters: Arc<Letters>,
    clara: Identity,
    id: ConnectionId,
}

async fn scene(days_left: i64) -> Scene {
    scene_with(days_left, Setup::default()).await
}

async fn scene_with(days_left: i64, setup: Setup) -> Scene {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..setup }).await;
    let id = world.connected("boreal", "Clara Lima", days_left).await;
    let clara = world.signed_in("Clara").await;
    Scene { world, letters, clara, id }
}

impl Scene {
    /// Time passes, in steps as a worker would see it.
    async fn pass(&self, milliseconds: i64) {
        for _ in 0..milliseconds / HOUR_MS {
            self.world.meta.control("clock", json!({"advance": "1h"})).await;
            self.round().await;
        }
    }

    /// Twice, so that what the first brings about is told as well.
    async fn round(&self) {
        self.world.works().await;
        self.world.meta.control("clock", json!({"advance": "30s"})).await;
        self.world.works().await;
    }

    /// Another account of this connection is found to have stopped.
    async fn another_stop(&self, number: u8) {
        let (now, renova) = (self.world.renova.now(), &self.world.renova);
        let state = renova.connection(&self.clara, self.id).await.unwrap();
        let (organization_id, token_generation) = (self.clara.organization, state.connection.token_generation);
        let notice = Notice {
            id: NoticeId::new(now, [number; 10]),
            organization_id,
            connection_id: self.id,
            token_generation,
            kind: NoticeKind::Stopped { since: now },
            asked_by: None,
            detail: "{}".to_owned(),
            at: now,
        };
        let audit = AuditEntry {
            id: AuditId::new(now, [number; 10]),
            organization_id,
            user_id: None,
            action: "channel.revoked".to_owned(),
            subject: self.id.to_string(),
            detail: "{}".to_owned(),
            at: now,
        };
        let new = NewNotice { notice, mail_to: vec![self.clara.user], mail_at: now.plus(20_000) };
        renova.storage().insert_notice(&new, None, &Trail { audit, events: Vec::new() }).await.unwrap();
    }

    async fn stops(&self) {
        self.world.meta.control("invalidate", json!({"person": "Clara Lima", "subcode": 460})).await;
        self.world.renova.check(self.id).await.unwrap();
        self.round().await;
    }

    fn days_told(&self) -> Vec<i64> {
        days_of(&self.told_to(&self.clara.name))
    }

    /// What one person has heard, in its order.
    fn told_to(&self, name: &str) -> Vec<NoticeKind> {
        self.letters.taken().into_iter().filter(|(to, _)| to == name).flat_map(|(_, notices)| notices).collect()
    }
}

fn days_of(told: &[NoticeKind]) -> Vec<i64> {
    let days = |notice: &NoticeKind| if let NoticeKind::Expires { days, .. } = notice { Some(*days) } else { None };
    told.iter().filter_map(days).collect()
}

fn stops_of(told: &[NoticeKind]) -> usize {
    told.iter().filter(|notice| matches!(notice, NoticeKind::Stopped { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_announced_step_by_step_and_by_day() {
    let scene = scene(16).await;
    scene.pass(17 * DAY_MS).await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    let mut days = Vec::new();
    for mail in &mails {
        assert_eq!((mail.to.name.as_str(), mail.organization.as_str()), ("Clara", "Café Boreal"));
        let hour = (mail.now.0 - 3 * HOUR_MS).rem_euclid(DAY_MS) / HOUR_MS;
        assert!((9..18).contains(&hour), "told at {hour} h in São Paulo");
        let link = format!("http://127.0.0.1:3000/integrations/meta?connection={}", scene.id);
        assert_eq!(mail.notices[0].renewal_url, link);
        let NoticeKind::Expires { ends_at, days: left } = mail.notices[0].notice else { panic!("{mail:?}") };
        assert!(ends_at.since(mail.now) >= left * DAY_MS - MINUTE_MS, "too late");
        days.push(left);
    }
    assert_eq!(days, [14, 7, 3, 1, 0]);
    let history = scene.world.renova.history(&scene.clara, 100).await.unwrap();
    let by_clock = |action: &str| history.iter().filter(|entry| entry.action == action).count();
    assert_eq!((by_clock("connection.expires_soon"), by_clock("connection.expired")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_ends_the_warnings_and_arms_them_again() {
    let scene = scene(5).await;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.days_told(), [7]);
    let clara = &scene.clara;
    let renewal = scene.world.proved(clara, Some(scene.id), "Clara Lima").await;
    scene.world.renova.finish(clara, renewal).await.unwrap();
    scene.round().await;
    let told = scene.letters.taken();
    assert!(
        matches!(told.as_slice(), [(_, notices)] if matches!(notices[..], [NoticeKind::Recovered { .. }])),
        "{told:?}"
    );
    scene.pass(2 * DAY_MS).await;
    assert_eq!(scene.letters.taken(), []);
    let notices = scene.world.renova.notices(clara, scene.id, 10).await.unwrap();
    assert_eq!(notices.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_stopped_is_told_at_once_and_once_and_its_end_too() {
    let scene = scene(40).await;
    let night = |at: Timestamp| (at.0 - 3 * HOUR_MS).rem_euclid(DAY_MS) / HOUR_MS < 6;
    while !night(scene.world.renova.now()) {
        scene.pass(HOUR_MS).await;
    }
    scene.world.meta.control("invalidate", json!({"person": "Clara Lima", "subcode": 460})).await;
    scene.world.renova.check(scene.id).await.unwrap();
    scene.round().await;
    let told = scene.letters.taken();
    assert!(
        matches!(told.as_slice(), [(_, notices)] if matches!(notices[..], [NoticeKind::Stopped { .. }])),
        "{told:?}"
    );
    scene.pass(DAY_MS).await;
    assert_eq!(scene.letters.taken(), [], "once");

    let renewal = scene.world.proved(&scene.clara, Some(scene.id), "Clara Lima").await;
    scene.world.renova.finish(&scene.clara, renewal).await.unwrap();
    scene.round().await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(matches!(mail.notices[0].notice, NoticeKind::Recovered { .. }));
    let mut missing: Vec<_> = mail.notices[0].gaps.iter().map(|gap| gap.account.as_str()).collect();
    missing.sort_unstable();
    assert_eq!(missing, ["@cafe.boreal", "Café Boreal"]);
    assert!(mail.notices[0].gaps.iter().all(|gap| gap.to.since(gap.from) >= DAY_MS));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_that_has_stopped_silences_no_warning_of_the_others() {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
    let id = world.connected("aurora", "Ana Souza", 16).await;
    let ana = world.signed_in("Ana").await;
    world.meta.put("pages", json!({"pages": [{"name": "Aurora Outlet", "people": []}]})).await;
    let scene = Scene { world, letters, clara: ana, id };
    // Up to a day before Instagram's access to the data ends, 30 days after the grant.
    let mut told = Vec::new();
    for _ in 0..4 * 45 + 2 {
        scene.world.meta.advance("6h").await;
        scene.round().await;
        told.extend(scene.told_to("Ana"));
    }
    assert_eq!(days_of(&told), [14, 7, 3, 1, 0, 14, 7, 3, 1]);
    assert_eq!((stops_of(&told), told.len()), (1, 10), "{told:?}");
    assert!(matches!(told[0], NoticeKind::Stopped { .. }));
    let state = scene.world.renova.connection(&scene.clara, id).await.unwrap();
    assert_eq!(state.severity(), Severity::Stopped, "nobody has renewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_could_not_be_mailed_is_not_lost_behind_a_warning() {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
    let id = world.connected("aurora", "Ana Souza", 8).await;
    let ana = world.signed_in("Ana").await;
    let scene = Scene { world, letters, clara: ana, id };
    *scene.letters.refuse.lock().unwrap() = Some(MailFailure::Later("451".to_owned()));
    scene.world.meta.put("pages", json!({"pages": [{"name": "Aurora Outlet", "people": []}]})).await;
    scene.world.renova.check(id).await.unwrap();
    scene.round().await;
    scene.pass(2 * DAY_MS).await;
    let notices = scene.world.renova.notices(&scene.clara, id, 10).await.unwrap();
    assert!(matches!(notices[0].kind, NoticeKind::Expires { .. }), "the newest: {notices:?}");
    *scene.letters.refuse.lock().unwrap() = None;
    scene.pass(2 * HOUR_MS).await;
    let told = scene.told_to("Ana");
    assert_eq!((stops_of(&told), told.len()), (1, 1), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_left_that_could_stop_nobody_is_warned() {
    let scene = scene(9).await;
    scene.world.meta.put("pages", json!({"pages": [{"name": "Café Boreal", "people": []}]})).await;
    scene.world.renova.check(scene.id).await.unwrap();
    scene.pass(10 * DAY_MS).await;
    let told = scene.told_to("Clara");
    assert_eq!((stops_of(&told), told.len()), (1, 1), "{told:?}");
}

/// Nobody could know, so nobody was warned.
#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_ends_before_anybody_was_warned_of_it_is_told_at_once() {
    for known in [None, Some(20)] {
        let letters = Arc::new(Letters::default());
        let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
        let end = known.map(|days| world.renova.now().plus(days * DAY_MS));
        world.meta.fails("graph:/debug_token", "missing_expires_at", 10_000).await;
        let id = world.connected_as("boreal", "Clara Lima", 2, |grant| grant.expires_at = end).await;
        let clara = world.signed_in("Clara").await;
        let scene = Scene { world, letters, clara, id };
        scene.pass(DAY_MS).await;
        assert_eq!(scene.letters.taken(), [], "{known:?}");
        scene.world.meta.advance("25h").await;
        scene.world.renova.check(id).await.unwrap();
        scene.round().await;
        let told = scene.told_to("Clara");
        assert_eq!((stops_of(&told), told.len()), (1, 1), "{known:?}: {told:?}");
        let state = scene.world.renova.connection(&scene.clara, id).await.unwrap();
        assert_eq!((state.health.as_str(), state.severity()), ("expired", Severity::Soon), "{known:?}: Pages live");
        scene.pass(DAY_MS).await;
        assert_eq!(scene.letters.taken(), [], "{known:?}: once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_came_while_nobody_watched_is_told_by_day_even_if_meta_says_it_first() {
    let scene = scene(5).await;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.days_told(), [7]);
    scene.world.meta.advance("5d").await;
    scene.world.renova.check(scene.id).await.unwrap();
    scene.pass(3 * DAY_MS).await;
    let told = scene.told_to("Clara");
    assert_eq!((days_of(&told), told.len()), (vec![0], 1), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metas_own_trouble_calls_nobody() {
    let scene = scene(40).await;
    scene.world.meta.fails("graph:/*", "http_500", 10_000).await;
    scene.pass(3 * DAY_MS).await;
    assert_eq!(scene.letters.taken(), []);
    let state = scene.world.renova.connection(&scene.clara, scene.id).await.unwrap();
    assert!(state.connection.facts.unreachable_since.is_some() && state.severity() == Severity::Advice);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_true_any_more_is_not_told() {
    let scene = scene(5).await;
    *scene.letters.refuse.lock().unwrap() = Some(MailFailure::Later("451".to_owned()));
    scene.pass(DAY_MS).await;
    let renewal = scene.world.proved(&scene.clara, Some(scene.id), "Clara Lima").await;
    scene.world.renova.finish(&scene.clara, renewal).await.unwrap();
    *scene.letters.refuse.lock().unwrap() = None;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.letters.taken(), [], "nobody had heard of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_does_not_leave_is_tried_again_and_one_that_is_refused_is_not() {
    let scene = scene(5).await;
    *scene.letters.refuse.lock().unwrap() = Some(MailFailure::Later("451".to_owned()));
    scene.pass(DAY_MS).await;
    *scene.letters.refuse.lock().unwrap() = None;
    scene.pass(2 * HOUR_MS).await;
    assert_eq!(scene.days_told(), [7]);
    *scene.letters.refuse.lock().unwrap() = Some(MailFailure::Never("550".to_owned()));
    scene.pass(DAY_MS).await;
    *scene.letters.refuse.lock().unwrap() = None;
    scene.pass(3 * HOUR_MS).await;
    assert_eq!(scene.letters.taken(), [], "that of three days");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_administrators_are_told_in_one_mail_each_and_agents_are_not() {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
    let first = world.connected("aurora", "Ana Souza", 5).await;
    let ana = world.signed_in("Ana").await;
    let scene = Scene { world, letters, clara: ana, id: first };
    scene.pass(DAY_MS).await;
    let told = scene.letters.taken();
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Ana", "Beatriz"]);

    let bruno = scene.world.signed_in("Bruno").await;
    for _ in 0..3 {
        scene.world.renova.request_renewal(&bruno, first).await.unwrap();
        scene.round().await;
    }
    let told = scene.letters.taken();
    assert_eq!(told.len(), 2, "once a day: {told:?}");
    assert!(told.iter().all(|(_, notices)| matches!(notices[..], [NoticeKind::Requested { .. }])));
    scene.pass(DAY_MS + HOUR_MS).await;
    scene.letters.taken();
    scene.world.renova.request_renewal(&bruno, first).await.unwrap();
    scene.round().await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    assert!(mails.iter().all(|mail| mail.notices.iter().any(|it| it.asked_by.as_deref() == Some("Bruno"))));
    assert_eq!(mails.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_no_warnings_hears_only_what_has_stopped() {
    let scene = scene(9).await;
    scene.pass(DAY_MS).await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    let link = &mails[0].to.unsubscribe_url;
    let mut parts = link.rsplit('/');
    let (mark, user) = (parts.next().unwrap(), parts.next().unwrap());
    let forged = scene.world.renova.refuse_warnings(user, &mark.replace('a', "b"), true).await;
    assert!(matches!(forged, Err(Error::NotFound)), "{forged:?}");
    scene.world.renova.refuse_warnings(user, mark, true).await.unwrap();
    scene.pass(3 * DAY_MS).await;
    assert_eq!(scene.letters.taken(), []);
    scene.world.meta.control("invalidate", json!({"person": "Clara Lima", "subcode": 460})).await;
    scene.world.renova.check(scene.id).await.unwrap();
    scene.round().await;
    assert_eq!(scene.letters.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_shadow_and_for_the_platform_nobody_gets_mail_and_all_is_kept() {
    for notify in [Notify::Shadow, Notify::Platform] {
        let scene = scene_with(5, Setup { notify, ..Setup::default() }).await;
        scene.pass(DAY_MS).await;
        assert_eq!(scene.letters.taken(), []);
        assert!(!scene.world.renova.lacks_mail(), "nobody wants it");
        assert_eq!(scene.world.renova.notices(&scene.clara, scene.id, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_chooses_when_it_is_warned() {
    let scene = scene(16).await;
    let policy = Policy { thresholds: vec![10, 2], from_hour: 20, to_hour: 22 };
    scene.world.renova.set_warning_policy(&scene.clara, &policy).await.unwrap();
    assert_eq!(scene.world.renova.warning_policy(&scene.clara).await.unwrap(), policy);
    scene.pass(17 * DAY_MS).await;
    assert_eq!(scene.days_told(), [10, 2]);
    for (thresholds, from_hour, to_hour, field) in
        [(vec![], 9, 18, "days"), (vec![15], 9, 18, "days"), (vec![-1], 9, 18, "days"), (vec![1], 18, 9, "hours")]
    {
        let wrong = Policy { thresholds, from_hour, to_hour };
        let refused = scene.world.renova.set_warning_policy(&scene.clara, &wrong).await;
        assert!(matches!(&refused, Err(Error::Invalid { field: named, .. }) if *named == field), "{refused:?}");
    }
    let bruno = scene.world.signed_in("Bruno").await;
    let refused = scene.world.renova.set_warning_policy(&bruno, &policy).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_into_the_platform_where_it_wants_that() {
    let deep_link = Some("https://p.example/{organization}/renew?c={connection}");
    let scene = scene_with(5, Setup { deep_link, ..Setup::default() }).await;
    scene.pass(DAY_MS).await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    assert_eq!(mails[0].notices[0].renewal_url, format!("https://p.example/ext-boreal/renew?c={}", scene.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_cannot_be_looked_at_holds_up_no_other() {
    let scene = scene(5).await;
    let other = scene.world.connected("aurora", "Ana Souza", 5).await;
    let mut database = scene.world.database().await;
    let broken = "INSERT INTO warning_policies SELECT id, 'no list', 9, 18 FROM organizations WHERE slug = 'boreal'";
    sqlx::query(broken).execute(&mut database).await.unwrap();
    drop(database);
    scene.pass(DAY_MS).await;
    let told = scene.letters.taken();
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Ana", "Beatriz"], "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_of_trouble_hears_of_its_end_even_if_more_trouble_waited() {
    let scene = scene(9).await;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.days_told(), [14]);
    *scene.letters.refuse.lock().unwrap() = Some(MailFailure::Later("451".to_owned()));
    scene.pass(2 * DAY_MS).await;
    let renewal = scene.world.proved(&scene.clara, Some(scene.id), "Clara Lima").await;
    scene.world.renova.finish(&scene.clara, renewal).await.unwrap();
    *scene.letters.refuse.lock().unwrap() = None;
    scene.pass(2 * HOUR_MS).await;
    let told = scene.letters.taken();
    assert!(
        matches!(told.as_slice(), [(_, notices)] if matches!(notices[..], [NoticeKind::Recovered { .. }])),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_missed_only_where_renova_should_tell() {
    for (notify, missed) in
        [(Notify::Renova, true), (Notify::Both, true), (Notify::Platform, false), (Notify::Shadow, false)]
    {
        let world = World::with(Setup { notify, ..Setup::default() }).await;
        assert_eq!(world.renova.lacks_mail(), missed, "{notify:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_an_administrator_hears_of_the_trouble_that_there_is() {
    let scene = scene(40).await;
    let world = &scene.world;
    world.organization("nova", "Loja Nova").await;
    let id = world.connected("nova", "Elisa Prado", 5).await;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.letters.taken(), [], "there is nobody yet");
    world.person("nova", "Nina", Role::Admin).await;
    world.person("nova", "Otto", Role::Agent).await;
    scene.round().await;
    let told = scene.letters.taken();
    assert!(
        matches!(told.as_slice(), [(name, notices)] if name == "Nina" && matches!(notices[..], [NoticeKind::Expires { .. }])),
        "{told:?}"
    );
    world.meta.control("invalidate", json!({"person": "Elisa Prado", "subcode": 460})).await;
    world.renova.check(id).await.unwrap();
    scene.round().await;
    assert_eq!(scene.letters.taken().len(), 1, "Nina alone");
    let (nina, otto) = (world.signed_in("Nina").await, world.signed_in("Otto").await);
    world.renova.set_role(&nina, otto.user, Role::Admin).await.unwrap();
    scene.round().await;
    let told = scene.letters.taken();
    assert!(
        matches!(told.as_slice(), [(name, notices)] if name == "Otto" && matches!(notices[..], [NoticeKind::Stopped { .. }])),
        "{told:?}"
    );
    world.renova.set_role(&nina, otto.user, Role::Admin).await.unwrap();
    world.person("boreal", "Rita", Role::Admin).await;
    scene.round().await;
    assert_eq!(scene.letters.taken(), [], "nothing new, and nothing at all");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_stopping_makes_few_mails() {
    let scene = scene(40).await;
    scene.stops().await;
    assert_eq!(scene.letters.taken().len(), 1, "at once");
    let mut mails = Vec::new();
    for minute in 0..180 {
        scene.another_stop(minute).await;
        scene.world.meta.control("clock", json!({"advance": "60s"})).await;
        scene.world.works().await;
        mails.extend((!scene.letters.taken().is_empty()).then_some(minute));
    }
    assert!((3..=6).contains(&mails.len()) && mails[0] < 2, "{mails:?}");
    let waits: Vec<_> = mails.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(waits.is_sorted() && waits[0] >= 15, "{mails:?}");
    scene.pass(4 * HOUR_MS).await;
    assert_eq!(scene.letters.taken().len(), 1, "the last is told too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_no_warning_and_a_request_for_nothing() {
    let scene = scene(9).await;
    scene.world.person("boreal", "Bia", Role::Agent).await;
    let bia = scene.world.signed_in("Bia").await;
    while scene.letters.sent.lock().unwrap().is_empty() {
        scene.pass(HOUR_MS).await;
    }
    scene.letters.taken();
    scene.stops().await;
    assert_eq!(scene.letters.taken().len(), 1);
    scene.another_stop(1).await;
    scene.round().await;
    assert_eq!(scene.letters.taken().len(), 1, "the second of a day waits for nothing yet");
    scene.another_stop(2).await;
    scene.round().await;
    assert_eq!(scene.letters.taken(), []);
    scene.world.renova.request_renewal(&bia, scene.id).await.unwrap();
    scene.round().await;
    assert_eq!(scene.letters.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_while_a_mail_travels_is_gathered() {
    let scene = Arc::new(scene(40).await);
    let late = Arc::clone(&scene);
    *scene.letters.meanwhile.lock().await = Some(Box::pin(async move { late.another_stop(1).await }));
    scene.stops().await;
    assert_eq!(scene.letters.taken().len(), 1);
    scene.world.works().await;
    assert_eq!(scene.letters.taken(), [], "more may come");
    scene.world.meta.control("clock", json!({"advance": "20s"})).await;
    scene.world.works().await;
    assert_eq!(scene.letters.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_the_platform_stays_one_part_of_a_link() {
    let deep_link = Some("https://p.example/{organization}/renew?c={connection}");
    let scene = scene_with(40, Setup { deep_link, ..Setup::default() }).await;
    let new = NewOrganization {
        external_id: "loja/1?a=b&c #{connection}~ç".to_owned(),
        name: "Loja".to_owned(),
        slug: Some("rara".to_owned()),
        ..NewOrganization::default()
    };
    scene.world.renova.add_organization(new).await.unwrap();
    scene.world.person("rara", "Rita", Role::Admin).await;
    let id = scene.world.connected("rara", "Elisa Prado", 5).await;
    scene.pass(DAY_MS).await;
    let mails = std::mem::take(&mut *scene.letters.sent.lock().unwrap());
    let expected = format!("https://p.example/loja%2F1%3Fa%3Db%26c%20%23%7Bconnection%7D~%C3%A7/renew?c={id}");
    assert_eq!(mails[0].notices[0].renewal_url, expected);
    assert_eq!(mails[0].overview_url, None, "the platform shows it");
}
