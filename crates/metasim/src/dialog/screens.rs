//! The dialog's screens as HTML. Each is one form, its buttons named `sim_do`.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;

use super::request::{DialogRequest, Step};
use crate::grants::{ALWAYS_GRANTED, Grant};
use crate::html::{self, escape};
use crate::state::Meta;
use crate::texts::Texts;
use crate::world::{Business, Page, Person};

/// What all screens of one dialog share.
pub(super) struct Screen<'a> {
    pub texts: &'static Texts,
    pub path: &'a str,
    pub request: &'a DialogRequest,
}

impl Screen<'_> {
    pub fn log_in(&self, people: &[Person]) -> Response {
        let mut content = format!("<p>{}</p>", escape(self.texts.log_in_hint));
        for person in people {
            content.push_str(&format!(
                "<button name=\"sim_person\" value=\"{}\">{}</button>",
                escape(&person.id),
                escape(&person.name)
            ));
        }
        content.push_str(&button("cancel", self.texts.cancel, false));
        self.form(self.texts.log_in, &content)
    }

    /// For somebody who has granted before, or for whose business they have.
    pub fn card(&self, person: &Person, names: &[String]) -> Response {
        let mut content = self.signed_in(person);
        content.push_str(&format!("<p>{}</p>", escape(self.texts.reconnect_hint)));
        if !names.is_empty() {
            content.push_str("<ul>");
            for name in names {
                content.push_str(&format!("<li>{}</li>", escape(name)));
            }
            content.push_str("</ul>");
        }
        content.push_str(&button("reconnect", self.texts.reconnect, true));
        content.push_str(&button("edit", self.texts.edit, false));
        content.push_str(&self.leave());
        self.form(self.texts.reconnect_title, &content)
    }

    /// Pages and Instagram accounts.
    pub fn choice(&self, meta: &Meta<'_>, person: &Person) -> Response {
        let former = meta.state.grants.get(&person.id);
        let pages: Vec<&Page> = meta.state.world.grantable_pages(&person.id).collect();
        let mut content = self.signed_in(person);
        content.push_str(&format!("<p>{}</p>", escape(self.texts.choose_hint)));
        // What only a business holds is not taken along unasked.
        content.push_str(&self.accounts(former, &pages, |page| !page.business_only));
        content.push_str(&button("continue", self.texts.go_on, true));
        content.push_str(&self.leave());
        self.form(self.texts.choose_title, &content)
    }

    /// One of the person's businesses, and its Pages.
    pub fn business_choice(&self, meta: &Meta<'_>, person: &Person) -> Response {
        let businesses: Vec<&Business> = meta.state.world.businesses_of(&person.id).collect();
        let mut content = self.signed_in(person);
        if businesses.is_empty() {
            content.push_str(&format!("<p>{}</p>", escape(self.texts.no_business)));
        } else {
            content.push_str(&format!("<p>{}</p>", escape(self.texts.business_hint)));
        }
        let chosen = businesses.iter().position(|business| meta.state.grants.contains_key(&business.system_user));
        for (index, business) in businesses.iter().enumerate() {
            let label = if businesses.len() > 1 {
                let ticked = if index == chosen.unwrap_or(0) { " checked" } else { "" };
                format!(
                    "<label><input type=\"radio\" name=\"sim_business\" value=\"{}\"{ticked}>{}</label>",
                    escape(&business.id),
                    escape(&business.name)
                )
            } else {
                let label =
                    format!("<p>{} <strong>{}</strong></p>", escape(self.texts.business), escape(&business.name));
                label + &hidden("sim_business", &business.id)
            };
            content.push_str(&label);
            let pages: Vec<&Page> = meta.state.world.grantable_pages(&business.system_user).collect();
            content.push_str(&self.accounts(meta.state.grants.get(&business.system_user), &pages, |_| true));
        }
        if !businesses.is_empty() {
            content.push_str(&button("continue", self.texts.go_on, true));
        }
        content.push_str(&self.leave());
        self.form(self.texts.choose_title, &content)
    }

    /// Ticked as formerly granted, or as `at_first` says where nothing was.
    fn accounts(&self, former: Option<&Grant>, pages: &[&Page], at_first: impl Fn(&Page) -> bool) -> String {
        let mut content = fieldset(
            self.texts.pages,
            self.texts.no_pages,
            pages.iter().map(|page| {
                let ticked = former.map_or_else(|| at_first(page), |grant| grant.pages.contains(&page.id));
                checkbox("sim_page", &page.id, &page.name, ticked)
            }),
        );
        if self.request.asks("instagram_basic") {
            let linked = pages.iter().filter_map(|page| Some((*page, page.instagram.as_ref()?)));
            content.push_str(&fieldset(
                self.texts.instagram,
                self.texts.no_instagram,
                linked.map(|(page, account)| {
                    let ticked = former.map_or_else(|| at_first(page), |grant| grant.instagrams.contains(&account.id));
                    let label = format!("@{}", account.username);
                    checkbox("sim_account", &account.id, &label, ticked)
                }),
            ));
        }
        content
    }

    pub fn permissions(&self, person: &Person, step: &Step) -> Response {
        let mut content = self.signed_in(person);
        content.push_str(&format!("<p>{}</p>", escape(self.texts.permissions_hint)));
        content.push_str(&hidden("sim_business", &step.business));
        content.push_str(&hidden("sim_pages", &step.pages.join(",")));
        content.push_str(&hidden("sim_ig", &step.instagrams.join(",")));
        content.push_str(&fieldset(
            self.texts.permissions,
            "",
            self.request.permissions.iter().map(|permission| {
                let label = self.texts.of_permission(permission);
                if *permission == ALWAYS_GRANTED || self.request.config.is_some() {
                    format!(
                        "<label><input type=\"checkbox\" role=\"switch\" checked disabled>{} ({})</label>",
                        escape(label),
                        escape(self.texts.always)
                    )
                } else {
                    format!(
                        "<label><input type=\"checkbox\" role=\"switch\" name=\"sim_perm\" value=\"{permission}\" checked>{}</label>",
                        escape(label)
                    )
                }
            }),
        ));
        content.push_str(&button("finish", self.texts.finish, true));
        content.push_str(&self.leave());
        self.form(self.texts.permissions_title, &content)
    }

    fn signed_in(&self, person: &Person) -> String {
        format!("<p>{} <strong>{}</strong></p>", escape(self.texts.signed_in_as), escape(&person.name))
    }

    fn leave(&self) -> String {
        button("switch", self.texts.use_another, false) + &button("cancel", self.texts.cancel, false)
    }

    fn form(&self, title: &str, content: &str) -> Response {
        let content = format!(
            "<form method=\"post\" action=\"{}\">{}{content}</form>",
            escape(self.path),
            hidden("sim_query", &self.request.raw)
        );
        html::page(StatusCode::OK, self.texts.lang, self.texts.simulated_meta, title, &content)
    }
}

pub(super) fn refusal(texts: &Texts, text: &str) -> Response {
    html::page(
        StatusCode::BAD_REQUEST,
        texts.lang,
        texts.simulated_meta,
        texts.error_title,
        &format!("<p>{}</p>", escape(text)),
    )
}

/// What a former grant covers, by name.
pub(super) fn granted_names(meta: &Meta<'_>, holder: &str) -> Vec<String> {
    let empty = BTreeSet::new();
    let grant = meta.state.grants.get(holder);
    let pages = grant.map_or(&empty, |grant| &grant.pages);
    let instagrams = grant.map_or(&empty, |grant| &grant.instagrams);
    let mut names = Vec::new();
    if let Some(business) = meta.state.world.business_of_system_user(holder) {
        names.push(business.name.clone());
    }
    for page in meta.state.world.grantable_pages(holder) {
        if pages.contains(&page.id) {
            names.push(page.name.clone());
        }
        if let Some(account) = &page.instagram
            && instagrams.contains(&account.id)
        {
            names.push(format!("@{}", account.username));
        }
    }
    names
}

fn button(action: &str, label: &str, main: bool) -> String {
    let class = if main { " class=\"main\"" } else { "" };
    format!("<button name=\"sim_do\" value=\"{action}\"{class}>{}</button>", escape(label))
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

fn checkbox(name: &str, value: &str, label: &str, ticked: bool) -> String {
    let ticked = if ticked { " checked" } else { "" };
    format!(
        "<label><input type=\"checkbox\" name=\"{name}\" value=\"{}\"{ticked}>{}</label>",
        escape(value),
        escape(label)
    )
}

fn fieldset(legend: &str, none: &str, items: impl Iterator<Item = String>) -> String {
    let mut inner: String = items.collect();
    if inner.is_empty() {
        inner = format!("<p>{}</p>", escape(none));
    }
    format!("<fieldset><legend>{}</legend>{inner}</fieldset>", escape(legend))
}
