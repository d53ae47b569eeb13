//! The ticks of step 5, kept by this tab: a session that ends and a reload take nothing from them.

use leptos::{prelude::*, web_sys::HtmlElement};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::html::Place;

#[wasm_bindgen(module = "/src/renewal/ticks.js")]
extern "C" {
    #[wasm_bindgen(js_name = keep)]
    fn keep_in_tab(form: &HtmlElement, key: &str);
    #[wasm_bindgen(js_name = forget)]
    fn forget_in_tab(key: &str);
}

/// Which ticks of the form at `form` differ from the server's is noted with every change, and done again
/// where the form is shown anew.
pub(super) fn keep(form: Place, renewal: &str) {
    let key = key(renewal);
    Effect::new(move || {
        if let Some(form) = form.get() {
            keep_in_tab(&form, &key);
        }
    });
}

/// The choice has been made: the server knows it.
pub(super) fn forget(renewal: &str) {
    forget_in_tab(&key(renewal));
}

fn key(renewal: &str) -> String {
    ["renova-ticks-", renewal].concat()
}
