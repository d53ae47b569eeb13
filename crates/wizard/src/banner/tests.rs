use super::*;
use crate::{Alert, Locale, Sentence};

fn alert(name: &str, level: Level) -> Alert {
    Alert {
        connection_id: name.to_owned(),
        level,
        sentence: Sentence {
            before: format!("A autorização de {name} vence em 5 dias (28/11)."),
            ..Sentence::default()
        },
        account: name.to_owned(),
        deadline_ms: (level == Level::Soon).then_some(1_000_000),
        unfinished_renewal: None,
        may_wait: level == Level::Soon,
    }
}

fn alerts(may_renew: bool, items: Vec<Alert>) -> Alerts {
    let locale = Locale::PtBr;
    Alerts { locale, may_renew, now_ms: 0, items, has_put_off: false, asked_for: None, asks_by_mail: false }
}

#[test]
fn news_is_quiet_for_soon_urgent_for_stopped_and_says_when_all_is_well() {
    let (quiet, urgent) = news(&alerts(true, vec![alert("Ana", Level::Soon)]));
    assert!(quiet.contains("Ana") && urgent.is_empty());
    let (quiet, urgent) = news(&alerts(true, vec![alert("Ana", Level::Stopped), alert("Elisa", Level::Soon)]));
    assert!(quiet.is_empty() && urgent.starts_with("2 conexões precisam de você. A autorização de Ana"));
    assert!(news(&alerts(true, Vec::new())).0.starts_with("Tudo em dia"));
    let put_off = Alerts { has_put_off: true, ..alerts(true, Vec::new()) };
    assert_eq!(news(&put_off).0, "Lembraremos você amanhã.", "not all is well");
}

#[cfg(feature = "ssr")]
mod rendered {
    use super::*;
    use crate::test_transport::NoServer;

    fn html(alerts: Alerts) -> String {
        let owner = Owner::new();
        owner.with(|| live_banner(&Banner::new(Ok(alerts), NoServer::shared(), Told::default()), None).to_html())
    }

    #[test]
    fn nothing_due_shows_no_region() {
        let html = html(alerts(true, Vec::new()));
        assert!(!html.contains("role=\"region\""), "{html}");
        assert!(html.contains("role=\"status\"") && html.contains("role=\"alert\""), "{html}");
    }

    #[test]
    fn an_administrator_has_one_action_for_all_accounts() {
        let html = html(alerts(true, vec![alert("Ana", Level::Stopped), alert("Elisa", Level::Soon)]));
        assert_eq!(html.matches("Alterar permissões").count(), 1, "{html}");
        for part in
            ["data-severity=\"stopped\"", "data-count=\"2\"", "aria-label=\"Renovação necessária\"", "value=\"Ana\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        let effect = html.find("A autorização de Ana");
        assert!(effect < html.find("Alterar permissões"), "{html}");
    }

    #[test]
    fn an_agent_asks_and_cannot_renew() {
        let html = html(alerts(false, vec![alert("Ana", Level::Soon)]));
        assert!(!html.contains("Alterar permissões"), "{html}");
        assert!(html.contains("Avisar um administrador") && html.contains("data-severity=\"soon\""), "{html}");
    }

    #[test]
    fn what_was_asked_for_is_told_instead_of_the_button() {
        let html = html(Alerts { asked_for: Some("Ana".to_owned()), ..alerts(false, vec![alert("Ana", Level::Soon)]) });
        assert!(!html.contains("Avisar um administrador"), "{html}");
        assert!(html.contains("Pedido registrado") && html.contains("Lembrar amanhã"), "{html}");
    }

    #[test]
    fn the_last_missing_click_is_offered() {
        let mut item = alert("Ana", Level::Soon);
        item.unfinished_renewal = Some("r1".to_owned());
        let html = html(alerts(true, vec![item]));
        assert!(html.contains("Falta só finalizar") && html.contains("action=\"/renewals/r1\""), "{html}");
    }

    #[test]
    fn many_accounts_are_folded_after_the_first() {
        let items = ["A", "B", "C", "D", "E"].map(|name| alert(name, Level::Soon)).to_vec();
        let html = html(alerts(true, items));
        assert!(html.contains("Ver as outras 2"), "{html}");
    }

    #[test]
    fn the_clock_is_not_in_the_first_html() {
        let html = html(alerts(true, vec![alert("Ana", Level::Soon)]));
        assert!(html.contains("role=\"timer\"") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_warning_can_be_put_off_without_script_and_beside_its_action() {
        for may_renew in [true, false] {
            let html = html(alerts(may_renew, vec![alert("Ana", Level::Soon)]));
            assert_eq!(html.matches("Lembrar amanhã").count(), 1, "{html}");
            assert!(html.contains("method=\"post\" action=\"/call/Snooze\""), "{html}");
            let actions = html.find("banner-action");
            assert!(actions.is_some() && actions < html.find("Lembrar amanhã"), "{html}");
        }
    }

    #[test]
    fn of_several_each_warning_is_put_off_by_itself_and_what_has_stopped_is_not() {
        let items = [("Ana", Level::Stopped), ("Elisa", Level::Soon), ("Davi", Level::Soon)];
        let html = html(alerts(true, items.map(|(name, level)| alert(name, level)).to_vec()));
        assert_eq!(html.matches("Lembrar amanhã").count(), 2, "{html}");
        for part in ["aria-describedby=\"renova-banner-account-Elisa\"", "id=\"renova-banner-account-Davi\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("renova-banner-account-Ana"), "{html}");
        assert!(html.find("Alterar permissões") > html.rfind("Lembrar amanhã"), "{html}");
    }
}
