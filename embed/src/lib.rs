//! What runs in the frame that a host's page embeds: the banner or the wizard, and the messages
//! between frame and host ([`host`]). Contract: `docs/embedding.md`.

mod appearance;
mod guard;
mod height;
mod host;
mod places;
mod screens;
mod settings;

use std::sync::Arc;

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::HtmlElement;
use wizard::{
    RemoteTransport, UiError,
    remote::{OpenedSession, RemoteOptions},
};

use host::{Host, Said};
use settings::{Kind, Settings};

/// The element that everything is mounted into.
const ROOT_ID: &str = "renova-embed";

/// Called by the boot script once the module is there. Without a host that the organization has
/// registered nothing is shown and nothing is asked.
#[wasm_bindgen]
pub fn hydrate() {
    let Some(settings) = Settings::read() else { return };
    let Some(root) = document().get_element_by_id(ROOT_ID).and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    height::report(&settings.host, &root);
    mount_to(root, move || frame(settings)).forget();
}

/// One screen at a time. Another language draws it anew.
fn frame(settings: Settings) -> impl IntoView {
    let Settings { kind, host, locale, connection } = settings;
    let transport = transport(&host);
    let locale = RwSignal::new(locale);
    let follow = transport.clone();
    follow.set_locale(locale.get_untracked());
    host.on_update(move |update| {
        appearance::apply(&update);
        if let Some(wanted) = update.locale
            && locale.get_untracked() != Some(wanted)
        {
            follow.set_locale(Some(wanted));
            appearance::set_language(wanted);
            locale.set(Some(wanted));
        }
    });
    match kind {
        Kind::Banner => screens::banner(&host, &transport, locale),
        Kind::Wizard => screens::wizard(&host, &transport, locale, connection),
    }
}

/// Speaks with the frame's own server; session tokens come from the host.
fn transport(host: &Host) -> RemoteTransport {
    let (asked, told) = (host.clone(), host.clone());
    let ready = StoredValue::new(false);
    RemoteTransport::new(RemoteOptions {
        renova: String::new(),
        origin: host.origin().to_owned(),
        hrefs: places::hrefs(),
        fetch_session: Arc::new(move || asked.session()),
        on_session: Some(Arc::new(move |outcome: Result<&OpenedSession, &UiError>| match outcome {
            Ok(_) => {
                told.is_well();
                if ready.try_get_value() == Some(false) {
                    ready.set_value(true);
                    told.say(Said::Ready);
                }
            }
            Err(error) => told.say(Said::Failed { code: &error.code }),
        })),
    })
}
