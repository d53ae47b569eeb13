//! What people read, word for word.
//!
//! `RENOVA_MAIL_DIR` names a folder where each letter is written, to be looked at.

use lifecycle::{
    ChannelKind, GranteeKind, Health, NoticeKind, Provider, Timestamp,
    clock::{DAY_MS, HOUR_MS},
    health::TokenProof,
    ids::{ChannelId, ConnectionId, MetaAppId, OrganizationId, UserId},
};
use renewal::{Brand, ChannelState, ConnectionState, Gap, LinkAbout, LinkMail, Mail, MailNotice, Recipient};
use store::{Channel, ChannelTokenFacts, Connection, GrantFacts, SealedToken};

use super::{Letter, Look, render, render_link};

/// 2026-11-23 15:00 UTC: noon in São Paulo.
const NOW: Timestamp = Timestamp(1_795_446_000_000);
const RENEW: &str = "https://renova.example/integrations/meta?connection=1&from=mail";
const UNSUBSCRIBE: &str = "https://renova.example/unsubscribe?token=t";

fn days(days: i64) -> Timestamp {
    NOW.plus(days * DAY_MS)
}

fn channel(kind: ChannelKind, name: &str, health: Health) -> ChannelState {
    let channel = Channel {
        id: ChannelId::new(NOW, [1; 10]),
        organization_id: OrganizationId::new(NOW, [1; 10]),
        connection_id: ConnectionId::new(NOW, [1; 10]),
        kind,
        account_id: "17841400000000001".into(),
        name: name.into(),
        username: (kind == ChannelKind::Instagram).then(|| name.trim_start_matches('@').to_owned()),
        picture_url: None,
        page_id: None,
        token: None,
        token_generation: 1,
        facts: ChannelTokenFacts {
            expires_at: None,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            problem: None,
            dead_since: None,
            checked_at: None,
        },
        subscribed_fields: Vec::new(),
        story_mentions: true,
        story_replies: true,
        last_message_at: None,
        created_at: NOW,
        version: 1,
    };
    ChannelState { channel, health }
}

fn state(person: &str, expires_at: Option<Timestamp>, health: Health, channels: Vec<ChannelState>) -> ConnectionState {
    let connection = Connection {
        id: ConnectionId::new(NOW, [1; 10]),
        organization_id: OrganizationId::new(NOW, [1; 10]),
        meta_app_id: MetaAppId::new(NOW, [1; 10]),
        provider: Provider::Facebook,
        grantee_kind: GranteeKind::Person,
        grantee_id: "100000000000001".into(),
        grantee_name: person.into(),
        token: SealedToken { key_id: "k1".into(), ciphertext: Vec::new(), token_version: 1 },
        token_generation: 1,
        facts: GrantFacts {
            scopes: Vec::new(),
            issued_at: None,
            expires_at,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            problem: None,
            dead_since: None,
            checked_at: None,
            unreachable_since: None,
        },
        connected_by: None,
        created_at: NOW,
        renewed_at: NOW,
        check_at: NOW,
        check_failures: 0,
        version: 1,
    };
    ConnectionState { connection, channels, health, open_renewal: None }
}

/// Ana's grant ends then; her channels live on.
fn ana(left: i64) -> ConnectionState {
    let at = days(left);
    let channels = vec![
        channel(ChannelKind::Messenger, "Loja Aurora", Health::Healthy),
        channel(ChannelKind::Messenger, "Aurora Outlet", Health::Healthy),
        channel(ChannelKind::Instagram, "loja.aurora", Health::Healthy),
    ];
    let health = match left {
        ..=0 => Health::Expired { at },
        1..=14 => Health::ExpiresSoon { at },
        _ => Health::Healthy,
    };
    state("Ana Souza", Some(at), health, channels)
}

/// The channels of Elisa are proved dead since the day before.
fn elisa() -> ConnectionState {
    let dead = Health::Revoked { since: days(-1) };
    let channels =
        vec![channel(ChannelKind::Instagram, "elisa.moda", dead), channel(ChannelKind::Messenger, "Elisa Moda", dead)];
    state("Elisa Prado", Some(days(-1)), dead, channels)
}

fn notice(notice: NoticeKind, state: ConnectionState) -> MailNotice {
    MailNotice { notice, state, renewal_url: RENEW.into(), asked_by: None, gaps: Vec::new() }
}

fn expires(left: i64) -> MailNotice {
    notice(NoticeKind::Expires { ends_at: days(left), days: left }, ana(left))
}

fn stopped() -> MailNotice {
    notice(NoticeKind::Stopped { since: days(-1) }, elisa())
}

fn recovered() -> MailNotice {
    let gap = Gap { account: "@loja.aurora".into(), from: days(-1).plus(2 * HOUR_MS), to: NOW.plus(-3 * HOUR_MS) };
    MailNotice { gaps: vec![gap], ..notice(NoticeKind::Recovered { at: NOW }, ana(60)) }
}

fn requested() -> MailNotice {
    MailNotice { asked_by: Some("Bruno Alves".into()), ..notice(NoticeKind::Requested { at: NOW }, ana(5)) }
}

fn mail(locale: &str, notices: Vec<MailNotice>) -> Mail {
    let to = Recipient {
        user: UserId::new(NOW, [1; 10]),
        name: "Ana Souza".into(),
        email: "ana@aurora.example".into(),
        locale: locale.into(),
        time_zone: "America/Sao_Paulo".into(),
        unsubscribe_url: UNSUBSCRIBE.into(),
    };
    let overview_url = Some("https://renova.example/".into());
    Mail { id: "1".into(), to, organization: "Loja Aurora".into(), overview_url, notices, now: NOW }
}

fn letter(name: &str, mail: &Mail) -> Letter {
    let letter = render(mail, &Look::default());
    if let Ok(folder) = std::env::var("RENOVA_MAIL_DIR") {
        let path = std::path::Path::new(&folder).join(format!("{name}-{}.html", mail.to.locale));
        std::fs::write(&path, &letter.html).unwrap();
        std::fs::write(path.with_extension("txt"), format!("{}\n\n{}", letter.subject, letter.text)).unwrap();
    }
    letter
}

#[test]
fn a_warning_says_what_ends_for_whom_and_when() {
    let letter = letter("expires", &mail("pt-BR", vec![expires(5)]));
    assert_eq!(letter.subject, "Renove em breve: a autorização de Ana Souza vence em 5 dias (28/11)");
    assert_eq!(
        letter.text,
        "A autorização de Ana Souza vence em 5 dias (28/11).\n\n\
         Sem a renovação, as mensagens destas contas podem parar de chegar depois dessa data.\n\
         Contas: Messenger Loja Aurora, Messenger Aurora Outlet, Instagram @loja.aurora\n\
         A renovação leva dois minutos: entre com o Facebook como Ana Souza.\n\n\
         Alterar permissões:\n\
         https://renova.example/integrations/meta?connection=1&from=mail\n\n\
         -- \nLoja Aurora\n\
         Você recebe este e-mail porque administra as conexões de Loja Aurora.\n\
         Não receber mais avisos por e-mail: https://renova.example/unsubscribe?token=t\n"
    );
    for part in [
        "<html lang=\"pt-BR\">",
        "<meta name=\"color-scheme\" content=\"light dark\">",
        ">A autorização de Ana Souza vence em 5 dias (<time datetime=\"2026-11-28T15:00:00Z\">28/11</time>).</h1>",
        "href=\"https://renova.example/integrations/meta?connection=1&amp;from=mail\">Alterar permissões</a>",
        "href=\"https://renova.example/unsubscribe?token=t\">Não receber mais avisos por e-mail</a>",
    ] {
        assert!(letter.html.contains(part), "{part}: {}", letter.html);
    }
}

#[test]
fn nothing_is_loaded_and_no_id_is_told() {
    for notices in [vec![expires(5)], vec![stopped()], vec![stopped(), expires(3), recovered(), requested()]] {
        let letter = render(&mail("pt-BR", notices), &Look::default());
        for part in ["src=", "url(", "@import", "<link", "<table", "<script"] {
            assert!(!letter.html.contains(part), "{part}");
        }
        for id in ["17841400000000001", "100000000000001", "instagram_login", "revoked\""] {
            assert!(!letter.html.contains(id) && !letter.text.contains(id), "{id}");
        }
        assert_eq!(letter.html.matches("class=\"button\"").count(), 1);
    }
}

#[test]
fn the_subject_grows_stronger_as_the_end_nears() {
    for (left, subject) in [
        (14, "Lembrete: a autorização de Ana Souza vence em 14 dias (07/12)"),
        (7, "Renove em breve: a autorização de Ana Souza vence em 7 dias (30/11)"),
        (3, "Renove agora: a autorização de Ana Souza vence em 3 dias (26/11)"),
        (1, "Urgente: a autorização de Ana Souza vence amanhã (24/11)"),
    ] {
        let letter = letter(&format!("expires-{left}"), &mail("pt-BR", vec![expires(left)]));
        assert_eq!(letter.subject, subject);
    }
    let at = NOW.plus(2 * HOUR_MS);
    let today =
        ConnectionState { health: Health::ExpiresSoon { at }, ..state("Ana Souza", Some(at), Health::Healthy, vec![]) };
    let today = notice(NoticeKind::Expires { ends_at: at, days: 0 }, today);
    let letter_today = letter("expires-0", &mail("pt-BR", vec![today]));
    assert_eq!(letter_today.subject, "Último dia: a autorização de Ana Souza vence hoje (23/11)");
    let ended = letter("ended", &mail("pt-BR", vec![expires(-1)]));
    assert_eq!(ended.subject, "Ação necessária: a autorização de Ana Souza venceu em 22/11");
    assert!(ended.text.contains("Renove para não perder mensagens."), "{}", ended.text);
}

#[test]
fn a_warning_before_the_banner_begins_names_its_own_end() {
    let early = letter("expires-30", &mail("pt-BR", vec![expires(30)]));
    assert_eq!(early.subject, "Lembrete: a autorização de Ana Souza vence em 30 dias (23/12)");
}

#[test]
fn a_channel_with_a_clock_of_its_own_is_named() {
    let at = days(3);
    let mut kids = channel(ChannelKind::Instagram, "aurora.kids", Health::ExpiresSoon { at });
    kids.channel.facts.expires_at = Some(at);
    let mut kids = state("aurora.kids", None, Health::ExpiresSoon { at }, vec![kids]);
    kids.connection.provider = Provider::Instagram;
    let letter = letter("channel", &mail("pt-BR", vec![notice(NoticeKind::Expires { ends_at: at, days: 3 }, kids)]));
    assert_eq!(
        letter.subject,
        "Renove agora: as mensagens do Instagram @aurora.kids vão parar de chegar em 3 dias (26/11)"
    );
    assert!(letter.text.contains("entre no Instagram como aurora.kids."), "{}", letter.text);
    assert!(!letter.text.contains("podem parar de chegar"), "the sentence says it already");
}

/// Ana's grant, and the end of the data access of her Instagram account.
fn ana_with_data_access(left: i64, data_access: i64) -> ConnectionState {
    let mut ana = ana(left);
    let instagram = &mut ana.channels[2];
    instagram.channel.facts.data_access_expires_at = Some(days(data_access));
    if data_access <= 14 {
        instagram.health = Health::ExpiresSoon { at: days(data_access) };
    }
    ana
}

#[test]
fn a_letter_after_the_grants_end_says_when_the_account_will_stop() {
    let kind = NoticeKind::Expires { ends_at: days(14), days: 14 };
    for (locale, subject, besides) in [
        (
            "pt-BR",
            "Lembrete: as mensagens do Instagram @loja.aurora vão parar de chegar em 14 dias (07/12)",
            "A autorização de Ana Souza venceu em 07/11. Renove para não perder mensagens.",
        ),
        (
            "en",
            "Reminder: messages to Instagram @loja.aurora will stop arriving in 14 days (7 Dec)",
            "The authorization of Ana Souza ended on 7 Nov. Renew it so that no message is lost.",
        ),
        (
            "es",
            "Recordatorio: los mensajes de Instagram @loja.aurora dejarán de llegar en 14 días (07/12)",
            "La autorización de Ana Souza venció el 07/11. Renuévala para no perder mensajes.",
        ),
    ] {
        let letter = letter("data-access", &mail(locale, vec![notice(kind, ana_with_data_access(-16, 14))]));
        assert_eq!(letter.subject, subject);
        assert!(letter.text.contains(besides) && letter.html.contains(besides), "{}", letter.text);
    }
}

#[test]
fn of_two_ends_the_nearer_is_the_headline_whichever_is_told_of() {
    for left in [7, 14] {
        let told = notice(NoticeKind::Expires { ends_at: days(left), days: left }, ana_with_data_access(7, 14));
        let letter = letter("two-ends", &mail("pt-BR", vec![told]));
        assert_eq!(letter.subject, "Renove em breve: a autorização de Ana Souza vence em 7 dias (30/11)");
        let later = "As mensagens do Instagram @loja.aurora vão parar de chegar em 14 dias (07/12).\n";
        assert!(letter.text.contains(later), "{}", letter.text);
    }
}

#[test]
fn a_warning_is_one_even_where_an_account_has_stopped() {
    let mut ana = ana(5);
    let since = days(-1);
    ana.channels[1].health = Health::AccountLost { since };
    ana.channels[1].channel.facts.proof = TokenProof::RoleLost;
    ana.health = Health::AccountLost { since };
    let told = notice(NoticeKind::Expires { ends_at: days(5), days: 5 }, ana.clone());
    let letter = letter("partly", &mail("pt-BR", vec![told]));
    assert_eq!(letter.subject, "Renove em breve: a autorização de Ana Souza vence em 5 dias (28/11)");
    let stopped = "As mensagens do Messenger Aurora Outlet não chegam desde 22/11.\n";
    assert!(letter.text.contains(stopped) && letter.text.contains(UNSUBSCRIBE), "{}", letter.text);
    let told = render(&mail("pt-BR", vec![notice(NoticeKind::Stopped { since }, ana.clone())]), &Look::default());
    assert_eq!(told.subject, "Parou: as mensagens do Messenger Aurora Outlet não chegam desde 22/11");
    assert!(told.text.contains("\nA autorização de Ana Souza vence em 5 dias (28/11).\n"), "{}", told.text);
    for it in &mut ana.channels {
        it.channel.facts.proof = TokenProof::RoleLost;
        it.health = Health::AccountLost { since };
    }
    let late = notice(NoticeKind::Expires { ends_at: days(5), days: 5 }, ana);
    let late = render(&mail("pt-BR", vec![late]), &Look::default());
    assert!(late.subject.starts_with("Parou: "), "nothing is left that could stop: {}", late.subject);
}

#[test]
fn what_is_proved_has_stopped_and_cannot_be_switched_off() {
    let letter = letter("stopped", &mail("pt-BR", vec![stopped()]));
    assert_eq!(letter.subject, "Parou: as mensagens do Instagram @elisa.moda e de mais 1 conta não chegam desde 22/11");
    for part in [UNSUBSCRIBE, "Não receber mais"] {
        assert!(!letter.html.contains(part) && !letter.text.contains(part), "{part}");
    }
}

#[test]
fn a_recovery_says_which_messages_may_be_missing_and_asks_for_nothing() {
    let letter = letter("recovered", &mail("pt-BR", vec![recovered()]));
    assert_eq!(letter.subject, "Resolvido: a conexão de Ana Souza voltou a funcionar em 23/11");
    let gap = "@loja.aurora: mensagens de 22/11 14h a 23/11 9h podem não ter chegado.";
    assert!(letter.text.contains(gap) && letter.html.contains(gap), "{}", letter.text);
    assert!(!letter.text.contains("Alterar permissões") && !letter.html.contains("class=\"button\""));
    let late = notice(NoticeKind::Stopped { since: days(-2) }, ana(60));
    let late = render(&mail("pt-BR", vec![late]), &Look::default());
    assert_eq!(late.subject, "Resolvido: está tudo certo com a conexão de Ana Souza desde 23/11");
    assert!(late.text.contains("Não é preciso fazer nada."), "{}", late.text);
}

#[test]
fn a_request_names_who_asks() {
    let asked = letter("requested", &mail("pt-BR", vec![requested()]));
    assert_eq!(asked.subject, "Bruno Alves pede que você renove a conexão de Ana Souza");
    assert!(asked.text.contains("A autorização de Ana Souza vence em 5 dias (28/11).\nContas:"), "{}", asked.text);
    let nobody = MailNotice { asked_by: None, ..requested() };
    let nobody = render(&mail("pt-BR", vec![nobody]), &Look::default());
    assert_eq!(nobody.subject, "Uma pessoa da sua equipe pede que você renove a conexão de Ana Souza");
}

#[test]
fn several_are_one_list_with_one_button_at_the_most_urgent() {
    let digest = letter("digest", &mail("pt-BR", vec![stopped(), expires(5), recovered()]));
    assert_eq!(
        digest.subject,
        "3 avisos. Parou: as mensagens do Instagram @elisa.moda e de mais 1 conta não chegam desde 22/11"
    );
    let order = [
        "3 avisos sobre as conexões de Loja Aurora",
        "1. Parou: As mensagens do Instagram @elisa.moda",
        "Alterar permissões:\n",
        "2. Renove em breve: A autorização de Ana Souza vence em 5 dias (28/11).",
        "Renovar Ana Souza:\n",
        "3. Resolvido: A conexão de Ana Souza voltou a funcionar em 23/11.",
    ];
    let places: Vec<_> = order.iter().map(|part| digest.text.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {}", digest.text);
    assert_eq!((digest.html.matches("<h1").count(), digest.html.matches("<h2").count()), (1, 3));
}

#[test]
fn a_long_list_ends_with_how_many_more_there_are_and_where() {
    for (locale, more, all) in [
        ("pt-BR", "E mais 5.", "Ver todas as conexões"),
        ("en", "And 5 more.", "See all connections"),
        ("es", "Y 5 más.", "Ver todas las conexiones"),
    ] {
        let mut long = mail(locale, (0..25).map(|_| stopped()).collect());
        let Letter { subject, text, html } = letter("long", &long);
        assert!(subject.starts_with("25 "), "{subject}");
        assert!(text.contains("\n20. ") && !text.contains("\n21. "), "{text}");
        assert!(text.contains(&format!("\n\n{more}\n\n{all}:\nhttps://renova.example/\n\n-- \n")), "{text}");
        assert_eq!(html.matches("<h2").count(), 20);
        assert!(html.contains(more) && html.contains(&format!("href=\"https://renova.example/\">{all}</a>")), "{html}");
        long.overview_url = None;
        let elsewhere = render(&long, &Look::default());
        assert!(elsewhere.text.contains(more) && !elsewhere.text.contains(all) && !elsewhere.html.contains(all));
        long.notices.truncate(20);
        assert!(!render(&long, &Look::default()).text.contains(" 0"), "nothing is left out");
    }
}

/// An address that has no effect on what is sent is no way out.
#[test]
fn only_what_can_be_switched_off_says_how() {
    let all_is_well = notice(NoticeKind::Recovered { at: NOW }, ana(60));
    for (notices, can) in [
        (vec![expires(5)], true),
        (vec![expires(5), all_is_well], true),
        (vec![expires(5), stopped()], false),
        (vec![requested()], false),
        (vec![recovered()], false),
    ] {
        let mail = mail("pt-BR", notices);
        let letter = render(&mail, &Look::default());
        assert_eq!(mail.can_be_switched_off(), can, "{}", letter.subject);
        assert_eq!((letter.text.contains(UNSUBSCRIBE), letter.html.contains(UNSUBSCRIBE)), (can, can));
    }
}

#[test]
fn english_and_spanish_say_the_same() {
    let subject = |locale: &str, name: &str, notice: MailNotice| letter(name, &mail(locale, vec![notice])).subject;
    assert_eq!(
        subject("en", "expires", expires(5)),
        "Renew soon: the authorization of Ana Souza ends in 5 days (28 Nov)"
    );
    assert_eq!(
        subject("en", "stopped", stopped()),
        "Stopped: messages to Instagram @elisa.moda and 1 more account have not arrived since 22 Nov"
    );
    assert_eq!(
        subject("en", "recovered", recovered()),
        "Resolved: the connection of Ana Souza has worked again since 23 Nov"
    );
    assert_eq!(subject("en", "requested", requested()), "Bruno Alves asks you to renew the connection of Ana Souza");
    assert_eq!(
        subject("es", "expires", expires(5)),
        "Renueva pronto: la autorización de Ana Souza vence en 5 días (28/11)"
    );
    assert_eq!(
        subject("es", "stopped", stopped()),
        "Interrumpido: los mensajes de Instagram @elisa.moda y de 1 cuenta más no llegan desde el 22/11"
    );
    assert_eq!(
        subject("es", "recovered", recovered()),
        "Resuelto: la conexión de Ana Souza volvió a funcionar el 23/11"
    );
    assert_eq!(subject("es", "requested", requested()), "Bruno Alves te pide que renueves la conexión de Ana Souza");
    for (locale, button) in [("en", ">Change permissions</a>"), ("es", ">Cambiar permisos</a>")] {
        let digest = letter("digest", &mail(locale, vec![stopped(), expires(5), recovered()]));
        assert!(digest.html.contains(button), "{}", digest.html);
    }
}

#[test]
fn days_and_dates_are_those_of_the_readers_zone() {
    // 02:00 UTC on the 29th is still the 28th in São Paulo.
    let at = days(5).plus(11 * HOUR_MS);
    let late = state("Ana Souza", Some(at), Health::ExpiresSoon { at }, vec![]);
    let mut mail = mail("pt-BR", vec![notice(NoticeKind::Expires { ends_at: at, days: 5 }, late)]);
    assert!(render(&mail, &Look::default()).subject.ends_with("vence em 5 dias (28/11)"));
    mail.to.time_zone = "Europe/Lisbon".into();
    assert!(render(&mail, &Look::default()).subject.ends_with("vence em 6 dias (29/11)"));
}

#[test]
fn names_stay_text() {
    let mut wild = expires(5);
    wild.state.connection.grantee_name = "<b>Ana</b>\r\nBcc: x@x.example \"\u{202e}&".into();
    wild.renewal_url = "https://renova.example/?a=\"><script>".into();
    let mut mail = mail("pt-BR", vec![wild]);
    mail.organization = "<i>Loja</i>\nAurora".into();
    let letter = letter("wild", &mail);
    assert!(!letter.subject.contains(['\r', '\n', '\u{202e}']), "{}", letter.subject);
    assert!(!letter.text.contains("\nBcc"), "{}", letter.text);
    for part in ["<b>", "<i>", "<script>", "\u{202e}"] {
        assert!(!letter.html.contains(part), "{part}: {}", letter.html);
    }
    assert!(letter.html.contains("&lt;b&gt;Ana&lt;/b&gt;"), "{}", letter.html);
}

fn link(locale: &str, about: LinkAbout) -> Letter {
    let mail = LinkMail {
        id: "018f".into(),
        name: None,
        email: "gil@aurora.example".into(),
        locale: locale.into(),
        time_zone: "America/Sao_Paulo".into(),
        organization: "Loja\nAurora".into(),
        about,
        url: "https://renova.example/invitation?token=abc&x=\"".into(),
        now: NOW,
    };
    render_link(&mail, &Look::default())
}

#[test]
fn a_link_says_what_it_is_for_and_how_long() {
    let invitation = |locale| link(locale, LinkAbout::Invitation { by: "<b>Ana</b>\r\nBcc: x".into() });
    for locale in ["pt-BR", "en", "es"] {
        let letters = [invitation(locale), link(locale, LinkAbout::PasswordReset)];
        for Letter { subject, text, html } in letters {
            assert!(!subject.contains(['\n', '\r', '{']), "{subject}");
            assert!(text.contains("\nhttps://renova.example/invitation?token=abc&x=\"\n"), "{text}");
            assert!(html.contains("token=abc&amp;x=&quot;\"") && !html.contains("<b>Ana"), "{html}");
            assert!(!text.contains('{') && !text.contains("\nBcc"), "{text}");
            assert!(!text.contains("/mail/warnings/"), "it is no warning");
        }
    }
    assert_eq!(link("pt-BR", LinkAbout::PasswordReset).subject, "Escolha uma senha nova");
    assert!(link("pt-BR", LinkAbout::PasswordReset).text.contains("vale por uma hora"));
    assert!(invitation("pt-BR").text.contains("para a equipe de Loja Aurora."));
    assert!(invitation("pt-BR").text.contains("vale por sete dias"));
}

/// Everything that a mail says, with and without a brand, in each language.
fn with_every_look(brand: &Brand) -> Vec<(Letter, &'static str)> {
    let look = Look::of(brand, "https://renova.example");
    let abouts = [
        LinkAbout::PasswordReset,
        LinkAbout::Invitation { by: "Ana Souza".into() },
        LinkAbout::Renewal { by: "Ana Souza".into(), connection: Some("Elisa Prado".into()) },
        LinkAbout::Renewal { by: "Ana Souza".into(), connection: None },
    ];
    let mut letters = Vec::new();
    for locale in ["pt-BR", "en", "es"] {
        for about in &abouts {
            let mail = LinkMail {
                id: "1".into(),
                name: None,
                email: "ana@aurora.example".into(),
                locale: locale.into(),
                time_zone: "America/Sao_Paulo".into(),
                organization: "Loja Aurora".into(),
                about: about.clone(),
                url: "https://dash.example/r/1".to_owned().into(),
                now: NOW,
            };
            letters.push((render_link(&mail, &look), locale));
        }
        for notices in every_notice() {
            letters.push((render(&mail(locale, notices), &look), locale));
        }
    }
    letters
}

fn every_notice() -> [Vec<MailNotice>; 5] {
    let all = vec![stopped(), expires(3), requested(), recovered()];
    [vec![stopped()], vec![expires(5)], vec![requested()], vec![recovered()], all]
}

/// The word as a name; *Renovar* and *Renovação* are none.
fn names_renova(text: &str) -> bool {
    let without_addresses = text.replace("renova.example", "").replace("RENOVA_", "");
    without_addresses.split(|it: char| !it.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("renova"))
}

#[test]
fn without_a_brand_no_product_is_named() {
    for (letter, locale) in with_every_look(&Brand::default()) {
        for part in [&letter.subject, &letter.text, &letter.html] {
            assert!(!names_renova(part), "{locale}: {part}");
        }
        assert!(letter.html.contains("<strong>Loja Aurora</strong>"), "{locale}");
    }
}

#[test]
fn a_brand_stands_at_the_head_and_at_the_foot() {
    let brand = Brand {
        name: "Chat <Brasil>".into(),
        logo: Some("/brand/logo.png".into()),
        url: Some("https://chat.example/".into()),
    };
    for (letter, locale) in with_every_look(&brand) {
        assert!(!names_renova(&letter.html) && !names_renova(&letter.text), "{locale}");
        assert!(letter.text.contains("-- \nChat <Brasil> · Loja Aurora\n"), "{locale}: {}", letter.text);
        assert!(letter.text.contains("https://chat.example/"), "{locale}");
        for part in [
            "<strong>Chat &lt;Brasil&gt;</strong>",
            "src=\"https://renova.example/brand/logo.png\"",
            "href=\"https://chat.example/\"",
        ] {
            assert!(letter.html.contains(part), "{locale}: {part} in {}", letter.html);
        }
    }
    let svg = Brand { logo: Some("/brand/logo.svg".into()), ..brand };
    assert_eq!(Look::of(&svg, "https://renova.example").logo, None, "mail programs show none");
}
