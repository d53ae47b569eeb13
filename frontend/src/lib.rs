//! The WebAssembly entry: hydrates, nothing else.

// Linked for the islands that it exports; the boot script calls them where they stand on the page.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the boot script once the module is there, before the islands.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
