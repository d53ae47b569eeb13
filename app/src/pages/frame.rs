//! What all pages have in common: data, title, header, banner, main.

use leptos::prelude::*;
use leptos_meta::{Html, Title};
use leptos_router::hooks::{use_location, use_query_map};
use wizard::{Locale, parts::FormButton, texts::start_texts};

use super::{
    account, api_keys, audit, brand, connection, embedding, explanations, gallery, integration, invitation, overview,
    password, people, renewal_link, review, settings, webhooks,
};
use crate::{
    api::{self, ApiError},
    islands::{BannerIsland, WizardIsland},
    model::{Page, PageData, PageRequest, Reader},
    texts::{Texts, texts},
};

/// What the parts of a page need to know.
pub(super) struct Scene {
    pub locale: Locale,
    pub reader: Reader,
    pub words: &'static Texts,
    /// The words of banner and wizard.
    pub shared: &'static wizard::texts::Texts,
    /// The words of the first screen.
    pub first: &'static wizard::texts::StartTexts,
    /// `?error=` of a form that was refused.
    pub error: Option<String>,
    /// `?done=` of a form that has done its work.
    pub done: Option<String>,
    /// `?channel=` that a form was about.
    pub channel: Option<String>,
    pub path: String,
}

impl Scene {
    /// What a refused form says, for the place beside the form.
    pub fn error(&self) -> Option<AnyView> {
        password::refused(self.words, self.error.clone())
    }
}

/// One page: its data in one resource, read in one place.
pub(super) fn page(request: Memo<PageRequest>, renewal_id: Memo<Option<String>>) -> AnyView {
    let data = Resource::new_blocking(move || request.get(), api::page);
    let query = use_query_map();
    let location = use_location();
    view! {
        <Suspense fallback=|| view! { <div class="skeleton" aria-hidden="true"></div> }>
            {move || {
                let renewal_id = renewal_id.get();
                let told = query.with_untracked(|it| ["error", "done", "channel"].map(|name| it.get(name)));
                let path = location.pathname.get_untracked();
                Suspend::new(async move { compose(data.await, renewal_id, told, path) })
            }}
        </Suspense>
    }
    .into_any()
}

fn compose(
    answer: Result<PageData, ApiError>,
    renewal_id: Option<String>,
    [error, done, channel]: [Option<String>; 3],
    path: String,
) -> AnyView {
    let PageData { reader, page } = match answer {
        Ok(data) => data,
        Err(ApiError(error)) if error.code == "session_over" => PageData { reader: None, page: Page::SignedOut },
        Err(ApiError(error)) => PageData { reader: None, page: Page::Failed(error) },
    };
    if let Page::Invitation(data) = page {
        return invitation::view(super::locale_of_document(), data, error);
    }
    if let Page::RenewalLink(data) = page {
        return renewal_link::view(super::locale_of_document(), data, error);
    }
    let Some(reader) = reader else {
        return explanations::without_reader(super::locale_of_document(), page, &path);
    };
    let locale = reader.locale;
    let (words, shared) = (texts(locale), wizard::texts::texts(locale));
    let scene = Scene { locale, reader, words, shared, first: start_texts(locale), error, done, channel, path };
    let with_banner = matches!(page, Page::Overview(_) | Page::Review(_) | Page::Account(_) | Page::Connection(_));
    let (title, content) = content(&scene, page, renewal_id);
    let banner = with_banner.then(|| view! { <BannerIsland /> });
    let done = scene.done.as_deref().and_then(|code| scene.words.done(code));
    let done = done.map(|text| view! { <p class="notice is-good" role="status">{text}</p> });
    view! {
        {document_head(locale, title)}
        <a class="skip-link" href="#main" rel="external">{scene.words.skip}</a>
        {header(&scene)}
        {banner}
        <main id="main" tabindex="-1">{done}{content}</main>
    }
    .into_any()
}

/// Language and title of the document.
pub(super) fn document_head(locale: Locale, title: String) -> AnyView {
    let title = [title, brand::product()].join(" · ");
    view! {
        <Html {..} lang=locale.tag() />
        <Title text=title />
    }
    .into_any()
}

fn content(scene: &Scene, page: Page, renewal_id: Option<String>) -> (String, AnyView) {
    let words = scene.words;
    match page {
        Page::Renewal => (scene.shared.wizard_region.to_owned(), renewal(scene, renewal_id.unwrap_or_default())),
        Page::ApiKeys(data) => (words.developers.api_keys.to_owned(), api_keys::view(scene, data)),
        Page::Webhooks(data) => (words.developers.webhooks.to_owned(), webhooks::list(scene, data)),
        Page::Webhook(data) => (words.developers.endpoint.to_owned(), webhooks::one(scene, data)),
        Page::Embedding(data) => (words.developers.embedding.to_owned(), embedding::view(scene, data)),
        Page::Overview(data) => (words.overview.to_owned(), overview::view(scene, data)),
        Page::Review(data) => (words.review.to_owned(), review::view(scene, data)),
        Page::Integration(data) => (words.integration.to_owned(), integration::view(scene, data)),
        Page::Connection(data) => (data.card.name.clone(), connection::view(scene, data)),
        Page::Account(data) => (words.account.to_owned(), account::view(scene, data)),
        Page::People(data) => (words.people.to_owned(), people::view(scene, data)),
        Page::Settings(data) => (words.settings.title.to_owned(), settings::view(scene, data)),
        Page::Audit(data) => (words.settings.audit.to_owned(), audit::view(scene, data)),
        Page::Gallery => (gallery::TITLE.to_owned(), gallery::view(scene)),
        Page::Forbidden { admins } => (words.forbidden_title.to_owned(), explanations::forbidden(scene, &admins)),
        // Shown without a frame.
        Page::Invitation(_) | Page::RenewalLink(_) | Page::NotFound => {
            (words.not_found_title.to_owned(), explanations::not_found(words))
        }
        Page::SignedOut => (words.signed_out_title.to_owned(), explanations::signed_out(words, &scene.path)),
        Page::Failed(error) => {
            (words.failed_title.to_owned(), explanations::failed(words, scene.shared, error, &scene.path))
        }
    }
}

/// The wizard; a renewal that cannot be read also decides the answer's status.
fn renewal(scene: &Scene, id: String) -> AnyView {
    let error_code = scene.error.clone();
    view! {
        <div class="page is-narrow">
            <WizardIsland renewal_id=id error_code locale=scene.locale />
        </div>
    }
    .into_any()
}

fn header(scene: &Scene) -> AnyView {
    let words = scene.words;
    let link = |href: &'static str, label: &'static str| {
        view! { <a href=href aria-current=place(&scene.path, href)>{label}</a> }.into_any()
    };
    let for_admins = scene.reader.is_admin.then(|| {
        view! {
            {link("/integrations/meta", words.integration)}
            {link("/review", words.review)}
            {link("/settings", words.settings.title)}
        }
    });
    let name = scene.reader.name.clone();
    let (pages, name) = if scene.reader.is_guest {
        (None, view! { <span>{name}</span> }.into_any())
    } else {
        let pages = view! { <nav aria-label=words.navigation>{link("/", words.overview)}{for_admins}</nav> };
        (Some(pages), view! { <a href="/account">{name}</a> }.into_any())
    };
    let log_out = FormButton::post("/api/ui/logout", [], words.log_out).class("button is-small is-quiet").view();
    view! {
        <header class="site-header">
            <div class="site-header-row">
                {brand::home_link()}
                <span class="site-organization">{scene.reader.organization.clone()}</span>
                {pages}
                <div class="site-reader">{name}{log_out}</div>
            </div>
        </header>
    }
    .into_any()
}

/// Whether a link leads to this page, or to the one that it is a part of.
fn place(path: &str, href: &str) -> Option<&'static str> {
    let below = path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    if path == href { Some("page") } else { below.then_some("true") }
}

/// Renova's mark: a ring that closes again.
pub(super) fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path class="mark-ring" d="M19.5 8.2A8.5 8.5 0 1 0 20.5 12"></path>
            <path class="mark-tick" d="M8 12.2l3 3 9-10"></path>
        </svg>
    }
    .into_any()
}
