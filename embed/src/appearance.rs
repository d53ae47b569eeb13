//! What a host may change of the look: light or dark, and the documented custom properties.

use js_sys::{Object, Reflect};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use wizard::Locale;

use crate::host::Update;

/// The custom properties of `docs/embedding.md`. Any other name changes nothing.
const PROPERTIES: [&str; 13] = [
    "--paper",
    "--surface",
    "--sunken",
    "--ink",
    "--ink-quiet",
    "--line",
    "--line-strong",
    "--action",
    "--action-strong",
    "--on-action",
    "--font",
    "--text",
    "--radius",
];
const THEMES: [&str; 3] = ["light", "dark", "auto"];

pub(crate) fn apply(update: &Update) {
    let Some(page) = page() else { return };
    if let Some(theme) = update.theme.as_deref().filter(|theme| THEMES.contains(theme)) {
        page.dataset().set("theme", theme).ok();
    }
    if let Some(appearance) = &update.appearance {
        set_properties(&page, appearance);
    }
}

/// What is no longer named goes back to Renova's own.
fn set_properties(page: &HtmlElement, appearance: &Object) {
    let style = page.style();
    for name in PROPERTIES {
        match Reflect::get(appearance, &JsValue::from_str(name)).ok().and_then(|value| value.as_string()) {
            // The value of a custom property: an address in it would be fetched by nobody, the policy forbids it.
            Some(value) => style.set_property(name, &value).ok(),
            None => style.remove_property(name).ok().map(drop),
        };
    }
}

/// The page's language, for screen readers.
pub(crate) fn set_language(locale: Locale) {
    if let Some(page) = page() {
        page.set_attribute("lang", locale.tag()).ok();
    }
}

fn page() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}
