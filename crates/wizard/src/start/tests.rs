use super::*;
use crate::{
    model::{Moment, PrerequisiteKind},
    test_transport::NoServer,
};

fn view() -> StartView {
    let prerequisite = |kind, state| Prerequisite { kind, state };
    StartView {
        locale: Locale::PtBr,
        purpose: Purpose::Renew { connection: "Ana Souza".to_owned() },
        connection_id: Some("c1".to_owned()),
        state: None,
        prerequisites: vec![
            prerequisite(
                PrerequisiteKind::AdministratorRole,
                PrerequisiteState::Confirmed(Moment { iso: "2026-11-12".to_owned(), text: "12/11".to_owned() }),
            ),
            prerequisite(PrerequisiteKind::MessageAccess, PrerequisiteState::CheckedAfterLogin),
            prerequisite(
                PrerequisiteKind::MessengerActive,
                PrerequisiteState::Problem { how_to_fix: "Ative-o.".to_owned() },
            ),
        ],
        open_renewal: None,
        resume: None,
        others: vec![other("c2", "Elisa Prado", None), other("c3", "Fábio Reis", Some("Bruno"))],
        instagram_login: true,
    }
}

fn other(id: &str, name: &str, renewed_by: Option<&str>) -> OtherConnection {
    OtherConnection {
        connection_id: id.to_owned(),
        name: name.to_owned(),
        level: Level::Soon,
        summary: crate::Sentence::default(),
        open_renewal: renewed_by.map(open),
    }
}

fn open(owner: &str) -> OpenRenewal {
    OpenRenewal { id: "r1".to_owned(), other_owner: Some(owner.to_owned()), only_finish_missing: false }
}

fn html(view: StartView) -> String {
    let owner = Owner::new();
    owner.with(|| screen(&Beginning::new(NoServer::shared(), None, None), view).to_html())
}

/// The labels of the buttons, in their order.
fn buttons(html: &str) -> Vec<String> {
    let after = html.split("<button").skip(1);
    after
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</button>"))
        .map(|(label, _)| label.replace("<!>", "").trim().to_owned())
        .collect()
}

#[test]
fn one_button_begins_and_every_other_connection_has_its_own() {
    let html = html(view());
    assert_eq!(buttons(&html), ["Iniciar", "Renovar Elisa Prado", "Assumir a renovação", "Conectar outra conta"]);
    assert!(html.contains("Renovar Ana Souza") && html.contains("Bruno está fazendo"), "{html}");
    assert!(html.contains("name=\"connection_id\" value=\"c1\""), "{html}");
    assert!(html.contains("action=\"/integration\""), "{html}");
}

#[test]
fn prerequisites_have_three_states() {
    let html = html(view());
    assert!(html.contains("Confirmado em") && html.contains("12/11"), "{html}");
    assert!(html.contains("Vamos verificar depois do login"), "{html}");
    assert!(html.contains("Problema:") && html.contains("Ative-o."), "{html}");
}

#[test]
fn what_another_administrator_has_open_is_taken_over() {
    let html = html(StartView { open_renewal: Some(open("Bruno")), others: Vec::new(), ..view() });
    assert_eq!(buttons(&html), ["Assumir a renovação", "Conectar outra conta"]);
    assert!(html.contains("name=\"take_over\" value=\"true\""), "{html}");
}

#[test]
fn a_first_connection_may_go_another_way() {
    let first = StartView { purpose: Purpose::Connect, connection_id: None, state: None, others: Vec::new(), ..view() };
    let html = html(first);
    assert_eq!(buttons(&html), ["Iniciar", "Conectar com o Instagram"]);
    assert!(html.contains("Conectar Instagram e Messenger"), "{html}");
    assert!(html.contains("name=\"provider\" value=\"instagram\""), "{html}");
}
