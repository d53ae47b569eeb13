//! The pages: one resource each, read once, shown in one frame.
//!
//! A page is a function of this module (its route's view), which names its request; `frame`
//! reads it and chooses the content by what came back.

mod account;
mod api_keys;
mod audit;
mod brand;
mod cards;
mod connection;
mod copying;
mod embedding;
mod explanations;
mod frame;
mod gallery;
mod integration;
mod invitation;
mod listing;
mod overview;
mod password;
mod people;
mod renewal_link;
mod review;
mod settings;
mod timeline;
mod webhooks;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use wizard::Locale;

use crate::{
    islands::set_status,
    model::{ListRequest, PageRequest, RefusedForm, RefusedSettings},
};

pub use password::{forgot, login, reset};

/// `/`, like `/review` with `?q=`, `?state=`, `?days=` and `?page=`
pub fn overview() -> AnyView {
    let list = list_in_query();
    frame::page(Memo::new(move |_| PageRequest::Overview(list.get())), Memo::new(|_| None))
}

/// `/review`
pub fn review() -> AnyView {
    let list = list_in_query();
    frame::page(Memo::new(move |_| PageRequest::Review(list.get())), Memo::new(|_| None))
}

/// `/account`
pub fn account() -> AnyView {
    frame::page(Memo::new(|_| PageRequest::Account), Memo::new(|_| None))
}

/// `/settings/people`
pub fn people() -> AnyView {
    frame::page(Memo::new(|_| PageRequest::People), Memo::new(|_| None))
}

/// `/invitation?token=`
pub fn invitation() -> AnyView {
    let query = use_query_map();
    let token = move || query.with(|it| it.get("token")).unwrap_or_default();
    frame::page(Memo::new(move |_| PageRequest::Invitation { token: token() }), Memo::new(|_| None))
}

/// `/connections/:id`
pub fn connection() -> AnyView {
    let id = id_in_path();
    let request = Memo::new(move |_| PageRequest::Connection { connection_id: id.get().unwrap_or_default() });
    frame::page(request, Memo::new(|_| None))
}

/// `/integrations/meta`, with `?connection=ID` or `?connection=new`
pub fn integration() -> AnyView {
    let query = use_query_map();
    let request = Memo::new(move |_| PageRequest::Integration { connection_id: query.with(|it| it.get("connection")) });
    frame::page(request, Memo::new(|_| None))
}

/// `/integrations/meta/renewals/:id`
pub fn renewal() -> AnyView {
    let id = id_in_path();
    let request = Memo::new(move |_| PageRequest::Renewal { renewal_id: id.get().unwrap_or_default() });
    frame::page(request, id)
}

/// `/r/:token`
pub fn renewal_link() -> AnyView {
    let params = use_params_map();
    let token = move || params.with(|it| it.get("token")).unwrap_or_default();
    frame::page(Memo::new(move |_| PageRequest::RenewalLink { token: token() }), Memo::new(|_| None))
}

/// `/settings/api-keys`, with what a refused form carried, as the two that follow
pub fn api_keys() -> AnyView {
    let refused = refused_form();
    frame::page(Memo::new(move |_| PageRequest::ApiKeys { refused: refused.get() }), Memo::new(|_| None))
}

/// `/settings/webhooks`
pub fn webhooks() -> AnyView {
    let refused = refused_form();
    frame::page(Memo::new(move |_| PageRequest::Webhooks { refused: refused.get() }), Memo::new(|_| None))
}

/// `/settings/webhooks/:id`
pub fn webhook() -> AnyView {
    let id = id_in_path();
    let request = Memo::new(move |_| PageRequest::Webhook { endpoint_id: id.get().unwrap_or_default() });
    frame::page(request, Memo::new(|_| None))
}

/// `/settings/embed`
pub fn embedding() -> AnyView {
    let refused = refused_form();
    frame::page(Memo::new(move |_| PageRequest::Embedding { refused: refused.get() }), Memo::new(|_| None))
}

/// `/settings`, with what a refused form carried
pub fn settings() -> AnyView {
    let query = use_query_map();
    let refused = move || {
        query.with(|it| {
            let get = |name| it.get(name);
            get("field").map(|field| RefusedSettings {
                field,
                days: get("days"),
                from_hour: get("from_hour"),
                to_hour: get("to_hour"),
                time_zone: get("time_zone"),
                locale: get("locale"),
            })
        })
    };
    frame::page(Memo::new(move |_| PageRequest::Settings { refused: refused() }), Memo::new(|_| None))
}

/// `/settings/audit`, with `?who=ID`, `?what=KIND` and `?before=CURSOR`
pub fn audit() -> AnyView {
    let query = use_query_map();
    let request = Memo::new(move |_| {
        query.with(|it| PageRequest::Audit { who: it.get("who"), what: it.get("what"), before: it.get("before") })
    });
    frame::page(request, Memo::new(|_| None))
}

/// `/dev/components`
pub fn gallery() -> AnyView {
    frame::page(Memo::new(|_| PageRequest::Gallery), Memo::new(|_| None))
}

/// Every other address.
pub fn missing() -> AnyView {
    explanations::missing(locale_of_document())
}

fn id_in_path() -> Memo<Option<String>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|it| it.get("id")))
}

fn list_in_query() -> Memo<ListRequest> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|it| {
            let get = |name| it.get(name).unwrap_or_default();
            ListRequest { text: get("q"), state: get("state"), days: get("days"), page: get("page") }
        })
    })
}

fn refused_form() -> Memo<Option<RefusedForm>> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|it| {
            let get = |name| it.get(name).unwrap_or_default();
            let form = |field| RefusedForm { field, name: get("name"), url: get("url"), scopes: get("scopes") };
            it.get("field").map(form)
        })
    })
}

/// The language where no data names one.
fn locale_of_document() -> Locale {
    crate::context::current().locale
}
