//! wasm-bindgen as a library: its version is the one of `Cargo.lock`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::files;

/// What wasm-bindgen makes of a cargo build.
pub struct Bound {
    /// With the names of its functions, for the size report.
    pub wasm: Vec<u8>,
    pub js: String,
    /// JavaScript that crates bring along, by the path that `js` imports.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

/// Runs wasm-bindgen on `input`, leaving its files in `work`.
pub fn run(input: &[u8], work: &Path, keep_names: bool) -> Result<Bound> {
    if work.exists() {
        fs::remove_dir_all(work).with_context(|| format!("clearing {}", work.display()))?;
    }
    Bindgen::new()
        .input_bytes("app", input.to_vec())
        .web(true)?
        .out_name("app")
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(!keep_names)
        .remove_producers_section(true)
        .generate(work)
        .context("wasm-bindgen")?;

    let mut bound = Bound {
        wasm: files::read(&work.join("app_bg.wasm"))?,
        js: String::from_utf8(files::read(&work.join("app.js"))?)?,
        snippets: BTreeMap::new(),
    };
    for file in files::list(work)? {
        match file.as_str() {
            "app_bg.wasm" | "app.js" => {}
            snippet if snippet.starts_with("snippets/") => {
                let bytes = files::read(&work.join(snippet))?;
                bound.snippets.insert(format!("./{snippet}"), bytes);
            }
            other => bail!("wasm-bindgen also wrote {other}, which the site has no place for"),
        }
    }
    Ok(bound)
}
