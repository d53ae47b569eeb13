//! Where the organization's screens may be embedded, and the code that does it.

use leptos::prelude::*;

use super::{
    copying::{self, copy_button},
    frame::Scene,
    settings::{SettingsPage, settings_nav},
};
use crate::model::{Embedding, Snippet, SnippetKind};

pub(super) fn view(scene: &Scene, data: Embedding) -> AnyView {
    let words = scene.words.developers;
    let snippets: Vec<_> = data.snippets.into_iter().map(|it| snippet(scene, it)).collect();
    view! {
        <div class="page is-narrow">
            <h1>{words.embedding}</h1>
            {settings_nav(scene, SettingsPage::Embedding)}
            <p class="quiet">{words.embedding_intro}</p>
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
