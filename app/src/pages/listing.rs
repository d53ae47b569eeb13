//! What the lists of connections have in common: counts, filters, pages. All of it stands in the address.

use leptos::prelude::*;
use wizard::{
    Level,
    parts::{self, FormButton},
    texts::fill,
};

use super::frame::Scene;
use crate::model::{ListRequest, Part};

/// Fewer connections need neither search nor filters.
const MANY: usize = 4;
/// Days that can be chosen.
const DAYS: [&str; 5] = ["7", "14", "30", "60", "90"];

/// How many there are of each state, each a link to them; the others are not troubled with zeros.
pub(super) fn counts(scene: &Scene, part: &Part) -> AnyView {
    let words = scene.words;
    let counts: Vec<_> = [
        (Level::Stopped, "stopped", part.tally.stopped, words.count_stopped),
        (Level::Soon, "soon", part.tally.soon, words.count_soon),
        (Level::Good, "healthy", part.tally.healthy, words.count_healthy),
    ]
    .into_iter()
    .filter(|(_, _, count, _)| *count > 0)
    .map(|(level, state, count, [one, many])| {
        let request = ListRequest { state: state.to_owned(), ..ListRequest::default() };
        let here = part.request.state == state;
        let class = ["state ", parts::level_class(level)].concat();
        let text = fill(if count == 1 { one } else { many }, &count.to_string());
        view! {
            <li>
                <a class=class href=address(&scene.path, &request) aria-current=here.then_some("true")>
                    {parts::level_icon(level)}<span>{text}</span>
                </a>
            </li>
        }
        .into_any()
    })
    .collect();
    view! { <ul class="counts" aria-label=words.counts>{counts}</ul> }.into_any()
}

/// Search and filters: a GET form, so that the address says what is shown.
pub(super) fn filters(scene: &Scene, part: &Part) -> Option<AnyView> {
    let words = scene.words;
    if part.tally.total() < MANY && !part.is_filtered() {
        return None;
    }
    let request = &part.request;
    let states = [
        ("", words.any_state.to_owned()),
        ("stopped", words.state_stopped.to_owned()),
        ("soon", words.state_soon.to_owned()),
        ("healthy", words.state_healthy.to_owned()),
    ];
    let any_time = std::iter::once(("", words.any_time.to_owned()));
    let days: Vec<_> = any_time.chain(DAYS.map(|days| (days, fill(words.within_days, days)))).collect();
    let all = part.is_filtered().then(|| FormButton::get(&scene.path, words.show_all).quiet().view());
    Some(
        view! {
            <search class="filters">
                <form method="get" action=scene.path.clone()>
                    <label class="field is-wide">
                        <span>{words.search}</span>
                        <input type="search" name="q" value=request.text.clone() autocomplete="off" />
                    </label>
                    {choice("state", words.state, states.to_vec(), &request.state)}
                    {choice("days", words.ends, days, &request.days)}
                    <button type="submit" class="button">{words.filter}</button>
                </form>
                {all}
            </search>
        }
        .into_any(),
    )
}

fn choice(name: &'static str, label: &'static str, options: Vec<(&'static str, String)>, chosen: &str) -> AnyView {
    let mut options = options;
    // An address may ask for any number of days.
    let own = (!options.iter().any(|(value, _)| *value == chosen)).then(|| chosen.to_owned());
    let own = own.map(|value| view! { <option value=value.clone() selected=true>{value.clone()}</option> });
    let options: Vec<_> = options
        .drain(..)
        .map(|(value, text)| view! { <option value=value selected=value == chosen>{text}</option> }.into_any())
        .collect();
    view! {
        <label class="field">
            <span>{label}</span>
            <select name=name>{own}{options}</select>
        </label>
    }
    .into_any()
}

/// How many were found, where not all are asked for.
pub(super) fn found(scene: &Scene, part: &Part) -> Option<AnyView> {
    let words = scene.words;
    part.is_filtered().then(|| {
        let text = match part.found {
            0 => words.found_none.to_owned(),
            1 => words.found_one.to_owned(),
            count => fill(words.found_many, &count.to_string()),
        };
        view! { <p class="quiet" role="status">{text}</p> }.into_any()
    })
}

/// The pages before and after this one.
pub(super) fn pager(scene: &Scene, part: &Part) -> Option<AnyView> {
    let words = scene.words;
    let link = |page: usize, label: &'static str, rel: &'static str| {
        let request = ListRequest { page: page.to_string(), ..part.request.clone() };
        view! { <a class="button" rel=rel href=address(&scene.path, &request)>{label}</a> }.into_any()
    };
    (part.pages > 1).then(|| {
        let before = (part.page > 1).then(|| link(part.page - 1, words.page_before, "prev"));
        let after = (part.page < part.pages).then(|| link(part.page + 1, words.page_after, "next"));
        let here = [part.page.to_string(), part.pages.to_string()].join(" / ");
        view! {
            <nav class="pager" aria-label=words.pages>
                {before}
                <span class="quiet">{fill(words.page_of, &here)}</span>
                {after}
            </nav>
        }
        .into_any()
    })
}

/// The address of a part; what is not asked for is not in it.
pub(super) fn address(path: &str, request: &ListRequest) -> String {
    let fields = [("q", &request.text), ("state", &request.state), ("days", &request.days), ("page", &request.page)];
    let asked = fields.into_iter().filter(|(name, value)| !(value.is_empty() || (*name == "page" && *value == "1")));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
    if query.is_empty() { path.to_owned() } else { [path, "?", &query].concat() }
}
