//! Who and what there is: people, businesses, Pages, Instagram accounts, with
//! what each has granted.

use super::parts::{bad, button, card, cards, good, time};
use crate::html::escape;
use crate::state::Meta;
use crate::tokens::TokenKind;
use crate::world::Page;

pub(super) fn people(meta: &Meta<'_>) -> String {
    cards(meta.state.world.people.iter().map(|person| {
        let name = person.name.as_str();
        let mut foot = String::new();
        if meta.state.grants.contains_key(&person.id) {
            let fields = [("person", name)];
            foot.push_str(&button("password", &fields, "Change password", &format!("of {name}"), ""));
            foot.push_str(&button("deletion", &fields, "Ask for deletion", &format!("of {name}’s data"), ""));
            foot.push_str(&button("deauthorize", &fields, "Remove app", &format!("for {name}"), "grave"));
        }
        let facts = [
            ("Id", format!("<code>{}</code>", escape(&person.id))),
            ("Granted", granted(meta, &person.id)),
            ("Declined", declined(meta, &person.id)),
            ("Tokens", tokens(meta, &person.id)),
        ];
        card(name, &facts, &foot)
    }))
}

pub(super) fn businesses(meta: &Meta<'_>) -> String {
    cards(meta.state.world.businesses.iter().map(|business| {
        let people = business.people.iter().filter_map(|id| meta.state.world.person(id));
        let foot = if meta.state.grants.contains_key(&business.system_user) {
            let about = format!("for {}", business.name);
            button("deauthorize", &[("person", &business.name)], "Remove app", &about, "grave")
        } else {
            String::new()
        };
        let facts = [
            ("Id", format!("<code>{}</code>", escape(&business.id))),
            ("People", escape(&people.map(|person| person.name.as_str()).collect::<Vec<_>>().join(", "))),
            ("Owns", page_names(meta, business.owned_pages.iter())),
            ("Works for", page_names(meta, business.client_pages.iter())),
            ("Granted", granted(meta, &business.system_user)),
            ("Tokens", tokens(meta, &business.system_user)),
        ];
        card(&business.name, &facts, &foot)
    }))
}

pub(super) fn pages(meta: &Meta<'_>) -> String {
    cards(meta.state.world.pages.iter().map(|page| {
        let mut foot = String::new();
        for person in page.roles.iter().filter_map(|role| meta.state.world.person(&role.person)) {
            let fields = [("page", page.id.as_str()), ("person", person.id.as_str())];
            let about = format!("of {} on {}", person.name, page.name);
            foot.push_str(&button("role", &fields, "Take role", &about, "grave"));
        }
        let linked = page.instagram.as_ref().map(|account| format!("@{}", account.username)).unwrap_or_default();
        let facts = [
            ("Id", format!("<code>{}</code>", escape(&page.id))),
            ("People", roles(meta, page)),
            ("Instagram", escape(&linked)),
            ("Subscribed", fields(meta.state.subscriptions.get(&page.id))),
        ];
        card(&page.name, &facts, &foot)
    }))
}

pub(super) fn accounts(meta: &Meta<'_>) -> String {
    cards(meta.instagram_accounts().map(|account| {
        let handle = format!("@{}", account.username);
        let page = meta.state.world.page_of_instagram(&account.id).map(|(page, _)| page.name.clone());
        let grant = meta.state.instagram.grants.get(&account.id);
        let mut foot = String::new();
        if grant.is_some() {
            let fields = [("instagram", account.username.as_str())];
            foot.push_str(&button("password", &fields, "Change password", &format!("of {handle}"), ""));
            foot.push_str(&button("deauthorize", &fields, "Remove app", &format!("for {handle}"), "grave"));
        }
        let log_in = grant.map_or_else(
            || "<span class=\"soft\">nothing</span>".to_owned(),
            |grant| escape(&grant.granted.iter().cloned().collect::<Vec<_>>().join(", ")),
        );
        let facts = [
            ("Id", format!("<code>{}</code>", escape(&account.id))),
            ("Page", escape(page.as_deref().unwrap_or("none: Instagram Login only"))),
            ("Instagram Login", log_in),
            ("Tokens", instagram_tokens(meta, &account.id)),
            ("Subscribed", fields(meta.state.instagram.subscriptions.get(&account.id))),
        ];
        card(&handle, &facts, &foot)
    }))
}

fn granted(meta: &Meta<'_>, holder: &str) -> String {
    let Some(grant) = meta.state.grants.get(holder) else {
        return "<span class=\"soft\">nothing</span>".to_owned();
    };
    let accounts = meta.instagram_accounts().filter(|account| grant.instagrams.contains(&account.id));
    let accounts: Vec<String> = accounts.map(|account| format!("@{}", account.username)).collect();
    let names = [page_names(meta, grant.pages.iter()), escape(&accounts.join(", "))];
    let names: Vec<String> = names.into_iter().filter(|text| !text.is_empty()).collect();
    if names.is_empty() { "permissions without Pages".to_owned() } else { names.join(", ") }
}

fn declined(meta: &Meta<'_>, holder: &str) -> String {
    let grant = meta.state.grants.get(holder);
    grant.map_or_else(String::new, |grant| escape(&grant.declined.iter().cloned().collect::<Vec<_>>().join(", ")))
}

fn tokens(meta: &Meta<'_>, holder: &str) -> String {
    let own = meta.state.tokens.iter().filter(|(_, token)| token.person == holder && token.kind != TokenKind::Page);
    lines(own.map(|(text, token)| match meta.live_token(text) {
        Ok(_) if token.expires_at == 0 => good("without end"),
        Ok(_) => good(&format!("until {}", time(token.expires_at * 1000))),
        Err(error) => bad(&format!("dead ({}/{})", error.code, error.subcode.unwrap_or_default())),
    }))
}

fn instagram_tokens(meta: &Meta<'_>, account: &str) -> String {
    let own = meta.state.instagram.tokens.iter().filter(|(_, token)| token.account == account);
    lines(own.map(|(text, token)| match meta.live_instagram_token(text) {
        Ok(_) => good(&format!("until {}", time(token.expires_at * 1000))),
        Err(error) => bad(&format!("dead ({})", error.code)),
    }))
}

/// The dead ones pile up; a few tell enough.
fn lines(all: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 4;
    let all: Vec<String> = all.collect();
    let mut shown: Vec<String> = all.iter().take(SHOWN).cloned().collect();
    if all.len() > SHOWN {
        shown.push(format!("and {} more", all.len() - SHOWN));
    }
    shown.join("<br>")
}

fn roles(meta: &Meta<'_>, page: &Page) -> String {
    if page.business_only {
        return "held by a business alone".to_owned();
    }
    let people = page.roles.iter().filter_map(|role| meta.state.world.person(&role.person));
    let names: Vec<&str> = people.map(|person| person.name.as_str()).collect();
    if names.is_empty() { bad("nobody") } else { escape(&names.join(", ")) }
}

fn page_names<'a>(meta: &Meta<'_>, ids: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<&str> = ids.map(|id| meta.state.world.page(id).map_or(id.as_str(), |page| &page.name)).collect();
    escape(&names.join(", "))
}

fn fields(subscribed: Option<&Vec<String>>) -> String {
    match subscribed {
        None => "<span class=\"soft\">no</span>".to_owned(),
        Some(fields) => escape(&fields.join(", ")),
    }
}
