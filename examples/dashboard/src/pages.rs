//! The dashboard's pages, with Renova's banner on top; one of them is the wizard.

use app::api::{self, ServerFnTransport};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use wizard::{
    Alert, Alerts, FormCall, Locale, RenewalBanner, RenewalWizard, SharedTransport, UiError,
    parts::{self, FormButton},
    texts::texts,
};

use crate::hrefs;

/// How Renova's components reach the server that they are mounted in.
fn transport() -> SharedTransport {
    ServerFnTransport::with_hrefs(hrefs())
}

/// The bar that all pages have.
fn frame(title: &'static str, here: &'static str, content: AnyView) -> AnyView {
    let link = |href: &'static str, label: &'static str| {
        view! { <a href=href aria-current=(href == here).then_some("page")>{label}</a> }.into_any()
    };
    let links = [link("/", "Painel"), link("/inbox", "Caixa de entrada"), link("/channels", "Canais")];
    view! {
        <Title text=["Atlas", title].join(" · ") />
        <header class="atlas-bar">
            <a class="atlas-name" href="/">"Atlas"</a>
            <nav aria-label="Principal">{links.into_iter().collect_view()}</nav>
            {FormButton::post("/leave", [], "Sair da conta").view()}
        </header>
        {content}
    }
    .into_any()
}

/// What most pages are: Renova's banner, a heading, something below it.
fn page(title: &'static str, here: &'static str, content: AnyView) -> AnyView {
    let content = view! {
        <RenewalBanner transport=transport() />
        <main class="atlas-main">
            <h1>{title}</h1>
            {content}
        </main>
    };
    frame(title, here, content.into_any())
}

/// `/`
pub fn home() -> AnyView {
    let content = view! {
        <div class="atlas-tiles">
            <p><strong>"128"</strong>" conversas hoje"</p>
            <p><strong>"2 min"</strong>" até a primeira resposta"</p>
        </div>
    };
    page("Painel", "/", content.into_any())
}

/// `/inbox`
pub fn inbox() -> AnyView {
    let content = view! {
        <ul class="atlas-inbox">
            <li><strong>"Marina"</strong>" Vocês entregam no sábado?"</li>
            <li><strong>"João"</strong>" Obrigado, chegou tudo certo!"</li>
        </ul>
    };
    page("Caixa de entrada", "/inbox", content.into_any())
}

/// `/channels`, with `?connection=ID`: what needs a renewal, and the button that begins it.
pub fn channels() -> AnyView {
    let query = use_query_map();
    let alerts = Resource::new_blocking(|| (), |()| api::alerts());
    let content = view! {
        <Suspense>
            {move || {
                let (wanted, error) = query.with(|query| (query.get("connection"), query.get("error")));
                Suspend::new(async move {
                    match alerts.await {
                        Ok(alerts) => channel_list(alerts, wanted, error),
                        Err(error) => parts::alert(texts(Locale::PtBr), error.0),
                    }
                })
            }}
        </Suspense>
    };
    page("Canais", "/channels", content.into_any())
}

/// The one that was asked for, or the most urgent, can be begun here; the others have links.
fn channel_list(alerts: Alerts, wanted: Option<String>, error: Option<String>) -> AnyView {
    let Alerts { locale, may_renew, items, .. } = alerts;
    let chosen = items.iter().position(|it| Some(&it.connection_id) == wanted.as_ref()).unwrap_or(0);
    if items.is_empty() {
        return view! { <p>"Todos os canais estão recebendo mensagens."</p> }.into_any();
    }
    let error = error.map(|code| {
        let message = texts(locale).error(&code).to_owned();
        parts::alert(texts(locale), UiError { code, message, request_id: String::new() })
    });
    let row = |(index, alert)| channel(alert, index == chosen, may_renew);
    let rows = items.into_iter().enumerate().map(row).collect_view();
    view! { {error}<ul class="atlas-channels">{rows}</ul> }.into_any()
}

fn channel(alert: Alert, chosen: bool, may_renew: bool) -> AnyView {
    let transport = transport();
    let action = match (may_renew, chosen) {
        (false, _) => None,
        (true, true) => {
            let fields = [("connection_id", alert.connection_id)];
            let form = FormButton::post(transport.form_action(FormCall::StartRenewal), fields, "Iniciar");
            Some(form.primary().view())
        }
        (true, false) => {
            let href = transport.integration_href(Some(&alert.connection_id));
            let label = ["Renovar ", alert.account.as_str()].concat();
            Some(FormButton::get(&href, label).view())
        }
    };
    view! {
        <li>
            <strong>{alert.account}</strong>
            {parts::sentence(alert.sentence)}
            {action}
        </li>
    }
    .into_any()
}

/// `/channels/renew/:id`
pub fn renew() -> AnyView {
    let params = use_params_map();
    let query = use_query_map();
    let content = move || {
        let renewal_id = params.with(|params| params.get("id")).unwrap_or_default();
        let error_code = query.with_untracked(|query| query.get("error"));
        let on_failure = Callback::new(|error: UiError| set_status(&error.code));
        view! { <RenewalWizard transport=transport() renewal_id error_code on_failure /> }.into_any()
    };
    frame("Renovar", "/channels", view! { <main class="atlas-main">{content}</main> }.into_any())
}

/// `/enter`: two people to choose from.
pub fn enter() -> AnyView {
    let query = use_query_map();
    let form = move |person: &'static str, label: &'static str| {
        let next = query.with_untracked(|query| query.get("next")).unwrap_or_default();
        FormButton::post("/enter", [("person", person.to_owned()), ("next", next)], label).primary().view()
    };
    view! {
        <Title text="Atlas · Entrar" />
        <main class="atlas-main">
            <h1>"Quem é você?"</h1>
            <div class="atlas-doors">
                {form("ana", "Ana, administradora")}
                {form("bruno", "Bruno, atendente")}
            </div>
        </main>
    }
    .into_any()
}

/// Every other address.
pub fn missing() -> AnyView {
    set_status("not_found");
    view! {
        <Title text="Atlas · Não encontrado" />
        <main class="atlas-main">
            <h1>"Não encontramos esta página"</h1>
            <p><a href="/">"Voltar ao painel"</a></p>
        </main>
    }
    .into_any()
}

/// The answer's status; the browser has none.
fn set_status(code: &str) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        use axum::http::StatusCode;
        response.set_status(match code {
            "not_found" => StatusCode::NOT_FOUND,
            "forbidden" => StatusCode::FORBIDDEN,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        });
    }
    #[cfg(not(feature = "ssr"))]
    let _ = code;
}
