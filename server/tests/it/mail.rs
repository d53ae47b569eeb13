//! Mail, to a mail server in this process.

use std::time::Duration;

use lifecycle::{NoticeKind, ids::UserId};
use renewal::{Mail, MailFailure, MailNotice, Mailer as _, Recipient};
use server::mail::{SmtpMailer, SmtpServer};
use url::Url;

use crate::{
    harness::{ANA, Harness},
    smtp::{Answers, GOOD, MailServer},
};

const UNSUBSCRIBE: &str = "https://renova.example/unsubscribe?token=0123456789012345678901234567890123456789012345678";

/// What a colleague asks for, about one connection of the demo.
pub async fn mail() -> Mail {
    let harness = Harness::new().await;
    let ana = harness.identity(ANA).await;
    let state = harness.renova().connections(&ana).await.unwrap().pop().unwrap();
    let now = harness.renova().now();
    let notice = MailNotice {
        notice: NoticeKind::Requested { at: now },
        state,
        renewal_url: "https://renova.example/integrations/meta?connection=1".into(),
        asked_by: Some("Bruno Alves".into()),
        gaps: Vec::new(),
    };
    let to = Recipient {
        user: UserId::new(now, [1; 10]),
        name: "Ana Souza".into(),
        email: ANA.into(),
        locale: "pt-BR".into(),
        time_zone: "America/Sao_Paulo".into(),
        unsubscribe_url: UNSUBSCRIBE.into(),
    };
    let organization = "Loja Aurora".into();
    Mail { id: "018f".into(), to, organization, overview_url: None, notices: vec![notice], now }
}

fn mailer(log_in: &str, port: u16) -> SmtpMailer {
    let server = SmtpServer::parse(&format!("smtp://{log_in}127.0.0.1:{port}")).unwrap();
    let public = Url::parse("https://renova.example").unwrap();
    SmtpMailer::new(server, "avisos@loja.example".parse().unwrap(), &public).within(Duration::from_secs(3))
}

async fn sent(answers: Answers, log_in: &str) -> (Result<(), MailFailure>, Vec<String>) {
    let server = MailServer::start(answers).await;
    let sent = mailer(log_in, server.port).send(&mail().await).await;
    (sent, server.taken())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_with_its_headers_in_both_forms() {
    let server = MailServer::start(GOOD).await;
    let mut warning = mail().await;
    warning.notices[0].notice = NoticeKind::Expires { ends_at: warning.now, days: 0 };
    mailer("me:canary@", server.port).send(&warning).await.unwrap();
    let taken = server.taken();
    let [mail] = taken.as_slice() else { panic!("{taken:?}") };
    let (head, body) = mail.split_once("\n\n").unwrap();
    for line in [
        "From: avisos@loja.example",
        "To: \"Ana Souza\" <ana@aurora.example>",
        "Message-ID: <018f@renova.example>",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|it| it == line), "{line}: {head}");
    }
    assert!(head.contains(&format!("\nList-Unsubscribe: <{UNSUBSCRIBE}>")), "{head}");
    for part in ["\nDate: ", "\nSubject: ", "\nContent-Type: multipart/alternative"] {
        assert!(format!("\n{head}").contains(part), "{part}: {head}");
    }
    let places = [body.find("Content-Type: text/plain"), body.find("Content-Type: text/html")];
    assert!(places[0].is_some() && places[0] < places[1], "plain first: {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_switched_off_offers_no_switch_and_no_name_makes_a_header() {
    let server = MailServer::start(GOOD).await;
    let mut mail = mail().await;
    mail.to.name = "Ana\r\nBcc: x@x.example".into();
    mail.notices[0].state.connection.grantee_name = "Eva\r\nBcc: y@x.example".into();
    mailer("", server.port).send(&mail).await.unwrap();
    let taken = server.taken();
    let (head, _) = taken[0].split_once("\n\n").unwrap();
    assert!(!head.contains("List-Unsubscribe"), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_refusal_of_this_mail_is_for_ever() {
    use MailFailure::{Later, Never};
    let table = [
        (
            Answers { recipient: "550 5.1.1 nobody of that name", ..GOOD },
            Never("status 550: 5.1.1 nobody of that name".into()),
        ),
        (Answers { recipient: "450 4.2.1 later", ..GOOD }, Later("status 450".into())),
        (Answers { taken: "554 5.6.0 cannot be read", ..GOOD }, Never("status 554: 5.6.0 cannot be read".into())),
        (Answers { taken: "452 4.3.1 full", ..GOOD }, Later("status 452".into())),
        (Answers { sender: "550 5.7.1 not yours", ..GOOD }, Later("status 550: 5.7.1 not yours".into())),
        (Answers { auth: "535 5.7.8 canary", ..GOOD }, Later("status 535".into())),
        (Answers { greeting: "554 go away", ..GOOD }, Later("status 554".into())),
    ];
    for (answers, expected) in table {
        let (sent, taken) = sent(answers, "me:canary@").await;
        assert_eq!(sent, Err(expected));
        assert!(taken.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_or_says_nothing_is_tried_again() {
    for answers in [
        Answers { greeting: "", ..GOOD },
        Answers { recipient: "", ..GOOD },
        Answers { taken: "", ..GOOD },
        Answers { silent: true, ..GOOD },
    ] {
        let (sent, _) = sent(answers, "me:canary@").await;
        let Err(MailFailure::Later(why)) = &sent else { panic!("{sent:?}") };
        assert!(!why.contains("canary") && !why.contains('\n'), "{why}");
    }
    let plain = MailServer::start(GOOD).await;
    let server = SmtpServer::parse(&format!("smtps://me:canary@127.0.0.1:{}", plain.port)).unwrap();
    let public = Url::parse("https://renova.example").unwrap();
    let protected = SmtpMailer::new(server, "avisos@loja.example".parse().unwrap(), &public);
    let unprotected = protected.send(&mail().await).await;
    assert!(matches!(unprotected, Err(MailFailure::Later(_))), "{unprotected:?}");
    assert!(plain.taken().is_empty());
    let unreachable = mailer("me:canary@", 9).send(&mail().await).await;
    assert!(matches!(unreachable, Err(MailFailure::Later(_))), "{unreachable:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_bye_that_nobody_answers_sends_nothing_again() {
    let (sent, taken) = sent(Answers { says_good_bye: false, ..GOOD }, "").await;
    assert_eq!((sent, taken.len()), (Ok(()), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_given_up() {
    let mut mail = mail().await;
    mail.to.email = "ana".into();
    assert_eq!(mailer("", 9).send(&mail).await, Err(MailFailure::Never("the address is none".into())));
}
