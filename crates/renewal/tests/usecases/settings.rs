//! What an organization decides for itself, and the record of it.

use lifecycle::{Timestamp, notice::Policy};
use renewal::{AUDIT_PAGE, Error, Identity};
use store::{AuditActor, AuditFilter};

use crate::support::World;

async fn of_settings(world: &World, who: &Identity) -> Vec<(String, String)> {
    let filter = AuditFilter { kind: Some("organization".to_owned()), ..AuditFilter::default() };
    let page = world.renova.audit_page(who, &filter).await.unwrap();
    page.entries.into_iter().map(|entry| (entry.action, entry.detail)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn zone_and_language_are_changed_and_written_down() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.renova.set_zone_and_locale(&ana, "europe/madrid", "es").await.unwrap();
    let ana = world.signed_in("Ana").await;
    assert_eq!((ana.time_zone.as_str(), ana.organization_locale.as_str()), ("Europe/Madrid", "es"));
    world.renova.set_zone_and_locale(&ana, "Europe/Madrid", "es").await.unwrap();
    let written = of_settings(&world, &ana).await;
    assert_eq!(written.len(), 1, "what does not change is not written down: {written:?}");
    assert_eq!(written[0].0, "organization.zone_changed");
    assert!(written[0].1.contains("America/Sao_Paulo"), "what it was before: {}", written[0].1);
    assert_eq!(world.signed_in("Clara").await.time_zone, "America/Sao_Paulo", "another organization's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_the_name_of_its_field() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    for (zone, locale, wrong) in [("Brasil", "es", "time_zone"), ("", "es", "time_zone"), ("UTC", "fr", "locale")] {
        let refused = world.renova.set_zone_and_locale(&ana, zone, locale).await;
        assert!(matches!(refused, Err(Error::Invalid { field, .. }) if field == wrong), "{zone} {locale}: {refused:?}");
    }
    assert_eq!(of_settings(&world, &ana).await, []);
    assert_eq!(world.signed_in("Ana").await, ana);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_neither_changes_nor_reads_them() {
    let world = World::new().await;
    let bruno = world.signed_in("Bruno").await;
    let refused = world.renova.set_zone_and_locale(&bruno, "No/Where", "xx").await;
    assert!(matches!(refused, Err(Error::Forbidden)), "role before anything else: {refused:?}");
    assert!(matches!(world.renova.set_warning_policy(&bruno, &Policy::default()).await, Err(Error::Forbidden)));
    assert!(matches!(world.renova.audit_page(&bruno, &AuditFilter::default()).await, Err(Error::Forbidden)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_is_read_page_by_page() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let days = |number: usize| vec![i64::try_from(number % 15).unwrap()];
    for number in 0..=AUDIT_PAGE {
        let policy = Policy { thresholds: days(number), ..Policy::default() };
        world.renova.set_warning_policy(&ana, &policy).await.unwrap();
    }
    let filter = AuditFilter { by: Some(AuditActor::User(ana.user)), ..AuditFilter::default() };
    let first = world.renova.audit_page(&ana, &filter).await.unwrap();
    assert_eq!(first.entries.len(), AUDIT_PAGE);
    let before = first.next.expect("there is one more");
    let last = world.renova.audit_page(&ana, &AuditFilter { before: Some(before), ..filter }).await.unwrap();
    assert_eq!((last.entries.len(), last.next), (1, None));
    assert!(!first.entries.contains(&last.entries[0]), "it is another one");
    let nothing = AuditFilter { before: Some((Timestamp(0), before.1)), ..AuditFilter::default() };
    assert_eq!(world.renova.audit_page(&ana, &nothing).await.unwrap().entries, []);
}
