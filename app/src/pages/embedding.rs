//! Where the organization's screens may be embedded, and the code that does it.

use leptos::prelude::*;
use wizard::{parts::hidden, texts::fill};

use super::{
    api_keys::wrong,
    copying::{self, copy_button},
    frame::Scene,
    settings::{SettingsPage, settings_nav},
};
use crate::model::{Embedding, OriginLine, RefusedForm, Snippet, SnippetKind};

pub(super) fn view(scene: &Scene, data: Embedding) -> AnyView {
    let words = scene.words.developers;
    let Embedding { origins, snippets, refused } = data;
    let error = refused.is_none().then(|| scene.error()).flatten();
    let list = if origins.is_empty() {
        view! { <section class="card empty"><p>{words.origins_none}</p></section> }.into_any()
    } else {
        let lines: Vec<_> = origins.into_iter().enumerate().map(|(number, it)| origin(scene, number, it)).collect();
        view! { <ul class="people card">{lines}</ul> }.into_any()
    };
    let snippets: Vec<_> = snippets.into_iter().map(|it| snippet(scene, it)).collect();
    view! {
        <div class="page is-narrow">
            <h1>{words.embedding}</h1>
            {settings_nav(scene, SettingsPage::Embedding)}
            <p class="quiet">{words.embedding_intro}</p>
            {error}
            <section class="snippets" aria-labelledby="origins">
                <h2 id="origins">{words.origins}</h2>
                <p class="quiet">{words.origins_intro}</p>
                {list}
                {new_origin(scene, refused.unwrap_or_default())}
            </section>
            <section class="snippets" aria-labelledby="snippets">
                <h2 id="snippets">{words.snippets}</h2>
                <p class="quiet">{words.snippets_intro}</p>
                {snippets}
            </section>
            {copying::script()}
        </div>
    }
    .into_any()
}

fn origin(scene: &Scene, number: usize, line: OriginLine) -> AnyView {
    let words = scene.words.developers;
    let heading_id = ["origin-", &number.to_string()].concat();
    let change = if line.is_platforms {
        view! { <p class="quiet">{words.of_platform}</p> }.into_any()
    } else {
        remove(scene, &line.origin, &heading_id)
    };
    view! {
        <li class="person">
            <div class="person-text"><h3 class="person-name" id=heading_id>{line.origin}</h3></div>
            {change}
        </li>
    }
    .into_any()
}

/// Asks once more, without a script.
fn remove(scene: &Scene, origin: &str, described_by: &str) -> AnyView {
    let words = scene.words.developers;
    let described_by = described_by.to_owned();
    view! {
        <div class="person-changes">
            <details>
                <summary>{fill(words.remove_origin_title, origin)}</summary>
                <p>{words.remove_origin_body}</p>
                <form method="post" action="/api/ui/remove_embed_origin">
                    {hidden("origin".to_owned(), origin.to_owned())}
                    <button type="submit" class="button is-small is-danger" aria-describedby=described_by>
                        {words.remove_origin}
                    </button>
                </form>
            </details>
        </div>
    }
    .into_any()
}

fn new_origin(scene: &Scene, refused: RefusedForm) -> AnyView {
    let words = scene.words.developers;
    let error = wrong(scene, "origin-error", &refused.field);
    let is_wrong = error.is_some().then_some("true");
    let described_by = if error.is_some() { "origin-error" } else { "origin-hint" };
    view! {
        <section class="card" aria-labelledby="new-origin">
            <h3 id="new-origin">{words.add_origin}</h3>
            {error}
            <form method="post" action="/api/ui/add_embed_origin" class="fields">
                <label class="field">
                    <span>{words.origin}</span>
                    <input
                        type="url"
                        name="origin"
                        value=refused.url
                        maxlength="300"
                        autocomplete="off"
                        spellcheck="false"
                        required=true
                        aria-describedby=described_by
                        aria-invalid=is_wrong
                    />
                </label>
                <p class="hint" id="origin-hint">{words.origin_hint}</p>
                <div class="actions"><button type="submit" class="button is-primary">{words.add_origin}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn snippet(scene: &Scene, snippet: Snippet) -> AnyView {
    let words = scene.words.developers;
    let title = match snippet.kind {
        SnippetKind::Html => words.snippet_html,
        SnippetKind::Node => words.snippet_node,
        SnippetKind::Leptos => words.snippet_leptos,
        SnippetKind::Curl => words.snippet_curl,
    };
    let id = ["snippet-", snippet.kind.as_str()].concat();
    let heading_id = [&id, "-title"].concat();
    let labelled_by = heading_id.clone();
    let copy = copy_button(scene, &id, &heading_id);
    view! {
        <section class="snippet" aria-labelledby=labelled_by>
            <div class="section-head"><h3 id=heading_id>{title}</h3><span>{copy}</span></div>
            <pre tabindex="0"><code id=id>{snippet.code}</code></pre>
        </section>
    }
    .into_any()
}
