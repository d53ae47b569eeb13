use lifecycle::{
    ChannelKind, Provider, RenewalState,
    proof::{ProofItem, Verdict},
    reconcile::Change,
};

use super::*;
use crate::{
    model::{Account, ProofRow},
    test_transport::NoServer,
};

fn view(state: RenewalState) -> RenewalView {
    RenewalView {
        locale: Locale::PtBr,
        id: "r1".to_owned(),
        connection_id: Some("c1".to_owned()),
        version: 1,
        state,
        step: state.step(),
        purpose: Purpose::Renew { connection: "Ana Souza".to_owned() },
        provider: Provider::Facebook,
        other_owner: None,
        problem: None,
        person: Some("Ana Souza".to_owned()),
        may_hand_over: false,
        accounts: vec![account(Change::Kept)],
        proof: ProofItem::ALL.map(|item| ProofRow { item, verdict: Verdict::Good, note: String::new() }).to_vec(),
        may_finish: state == RenewalState::Proved,
        has_open_points: false,
        new_dates: None,
        gaps: Vec::new(),
        next_id: None,
        next_name: None,
        next_sentence: None,
    }
}

fn account(change: Change) -> Account {
    Account {
        value: "messenger:1".to_owned(),
        kind: ChannelKind::Messenger,
        name: "Loja Aurora".to_owned(),
        handle: None,
        initials: "LA".to_owned(),
        picture: None,
        change,
        selected: change == Change::Kept,
        reason: None,
    }
}

fn html_of(view: RenewalView, error_code: Option<&str>) -> String {
    let owner = Owner::new();
    owner.with(|| wizard(Live::new(NoServer::shared(), view, error_code)).to_html())
}

fn html(view: RenewalView) -> String {
    html_of(view, None)
}

/// The labels of the buttons that lead on, in their order.
fn buttons(html: &str) -> Vec<String> {
    let after = html.split("<button").skip(1);
    after
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</button>"))
        .map(|(label, _)| label.replace("<!>", "").trim().to_owned())
        .collect()
}

#[test]
fn every_state_has_a_way_on_without_script() {
    for state in RenewalState::ALL {
        let html = html(view(state));
        let first = match state {
            RenewalState::Started => "Entrar com o Facebook",
            RenewalState::AwaitingLogin => "Abrir de novo",
            RenewalState::LoggedIn | RenewalState::Exchanged => "Continuar",
            RenewalState::Chosen | RenewalState::Proving => "Verificar agora",
            RenewalState::Proved => "Finalizar",
            RenewalState::Finished => "Concluir",
            RenewalState::Denied | RenewalState::Mismatched | RenewalState::Failed => "Tentar de novo",
            RenewalState::Expired | RenewalState::Abandoned | RenewalState::Superseded => "Voltar à integração",
        };
        assert_eq!(buttons(&html).first().map(String::as_str), Some(first), "{state:?}: {html}");
        assert_eq!(html.contains("Cancelar"), !state.is_over(), "{state:?}");
        assert_eq!(html.matches("aria-current=\"step\"").count(), usize::from(!state.is_over()), "{state:?}");
        assert!(!html.contains("style="), "{html}");
    }
}

#[test]
fn somebody_else_may_take_the_connection_over_where_an_account_is_shared() {
    let mismatched = |may_hand_over| {
        let other = Some("Davi Rocha".to_owned());
        html(RenewalView { person: other, may_hand_over, ..view(RenewalState::Mismatched) })
    };
    assert_eq!(buttons(&mismatched(false)), ["Tentar de novo", "Cancelar"]);
    let html = mismatched(true);
    assert_eq!(buttons(&html), ["Tentar de novo", "Passar a conexão para Davi Rocha", "Cancelar"]);
    assert!(html.contains("action=\"/call/HandOver\""), "{html}");
}

#[test]
fn instagram_has_a_log_in_of_its_own() {
    let html = html(RenewalView { provider: Provider::Instagram, ..view(RenewalState::Started) });
    assert_eq!(buttons(&html), ["Entrar com o Instagram", "Cancelar"]);
    assert!(html.contains("Permitir") && !html.contains("Facebook"), "{html}");
}

#[test]
fn what_the_log_in_cannot_show_is_listed_without_a_tick() {
    let html = html(RenewalView {
        accounts: vec![account(Change::Kept), account(Change::Untouched)],
        ..view(RenewalState::Exchanged)
    });
    assert_eq!(html.matches("name=\"accounts[]\"").count(), 1, "{html}");
    assert!(html.contains("Fica como está"), "{html}");
}

#[test]
fn an_account_shows_its_picture_over_its_initials() {
    let with = |picture: Option<&str>| {
        let accounts = vec![Account { picture: picture.map(str::to_owned), ..account(Change::Kept) }];
        html(RenewalView { accounts, ..view(RenewalState::Exchanged) })
    };
    let (picture, initials) = (with(Some("/pictures/abc")), with(None));
    let image = "<img loading=\"lazy\" alt=\"\" width=\"40\" height=\"40\" src=\"/pictures/abc\">";
    assert!(picture.contains(image) && picture.contains("LA"), "{picture}");
    assert!(!picture.contains("</img>"), "{picture}");
    assert!(!initials.contains("<img") && initials.contains("LA"), "{initials}");
}

#[test]
fn somebody_else_s_renewal_can_only_be_taken_over() {
    for state in RenewalState::ALL.into_iter().filter(|state| !state.is_over()) {
        let html = html(RenewalView { other_owner: Some("Bruno".to_owned()), ..view(state) });
        assert_eq!(buttons(&html), ["Assumir a renovação", "Voltar à integração"], "{state:?}");
        assert!(html.contains("Bruno está fazendo") && html.contains("name=\"take_over\""), "{html}");
    }
}

#[test]
fn a_loss_is_confirmed_where_there_were_accounts_before() {
    let with = |change| html(RenewalView { accounts: vec![account(change)], ..view(RenewalState::Exchanged) });
    assert!(!with(Change::New).contains("loss_confirmed"));
    assert!(with(Change::Kept).contains("loss_confirmed"));
    let lost = with(Change::Lost);
    assert!(lost.contains("loss_confirmed") && lost.contains("data-lost"), "{lost}");
}

#[test]
fn nothing_usable_leads_back_to_meta() {
    let html = html(RenewalView { accounts: vec![account(Change::Unusable)], ..view(RenewalState::Exchanged) });
    assert_eq!(buttons(&html), ["Escolher de novo", "Cancelar"], "{html}");
}

#[test]
fn a_blocking_proof_explains_why_it_cannot_be_finished() {
    let html = html(RenewalView { may_finish: false, ..view(RenewalState::Proved) });
    assert_eq!(buttons(&html), ["Tentar de novo", "Finalizar", "Cancelar"], "{html}");
    assert!(html.contains("disabled") && html.contains("aria-describedby=\"renova-proof-reason\""), "{html}");
}

#[test]
fn open_points_are_told_before_finishing() {
    let html = html(RenewalView { has_open_points: true, ..view(RenewalState::Proved) });
    assert!(html.contains("Ainda há pontos em aberto"), "{html}");
    assert_eq!(buttons(&html), ["Finalizar", "Verificar de novo", "Cancelar"]);
}

#[test]
fn a_refused_form_says_why() {
    let html = html_of(view(RenewalState::Exchanged), Some("loss_not_confirmed"));
    assert!(html.contains("role=\"alert\"") && html.contains("Marque a confirmação"), "{html}");
    assert!(html_of(view(RenewalState::Started), Some("???")).contains("Algo deu errado"));
}

#[test]
fn the_way_to_meta_is_a_form_for_this_tab() {
    let html = html(view(RenewalState::Started));
    assert!(html.contains("method=\"get\"") && html.contains("action=\"/connect/r1\""), "{html}");
    assert!(html.contains("name=\"in\"") && html.contains("value=\"tab\""), "{html}");
}

#[test]
fn after_a_renewal_the_next_one_is_offered() {
    let html = html(RenewalView {
        next_id: Some("c2".to_owned()),
        next_name: Some("Elisa Prado".to_owned()),
        next_sentence: Some("Ainda falta renovar: conexão 2 de 3.".to_owned()),
        ..view(RenewalState::Finished)
    });
    assert_eq!(buttons(&html), ["Renovar Elisa Prado", "Concluir"]);
    assert!(html.contains("Ainda falta renovar") && html.contains("value=\"c2\""), "{html}");
}

#[test]
fn a_failure_stands_above_the_buttons() {
    let html = html_of(view(RenewalState::Proved), Some("conflict"));
    assert!(html.find("role=\"alert\"") < html.find("class=\"actions"), "{html}");
}

#[test]
fn while_meta_is_asked_once_more_there_is_a_way_back_to_what_is_there() {
    let waiting = |state| {
        let owner = Owner::new();
        owner.with(|| {
            let live = Live::new(NoServer::shared(), view(state), None);
            live.login.set(Login::Opened);
            buttons(&wizard(live).to_html())
        })
    };
    for state in [RenewalState::Exchanged, RenewalState::Proved] {
        assert_eq!(waiting(state), ["Abrir de novo", "Abrir nesta aba", "Voltar"], "{state:?}");
    }
    assert_eq!(waiting(RenewalState::AwaitingLogin), ["Abrir de novo", "Abrir nesta aba", "Cancelar"]);
}

#[test]
fn a_renewal_that_is_not_there_leads_to_the_integration() {
    let way_on = |code| {
        let html = Owner::new()
            .with(|| unreadable(texts(Locale::PtBr), &NoServer::shared(), "r1", UiError::of(code)).to_html());
        buttons(&html)
    };
    assert_eq!(way_on("not_found"), ["Voltar à integração"]);
    assert_eq!(way_on("forbidden"), ["Voltar à integração"]);
    assert_eq!(way_on("internal"), ["Carregar de novo"]);
}
