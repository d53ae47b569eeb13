//! The site is embedded from `target/site/frontend`: a new site means a new binary, and a missing
//! one means a binary without scripts and styles, not a failed build.

use std::{env, fs, path::Path};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned());
    let site = Path::new(&here).join("../target/site/frontend");
    if let Err(error) = fs::create_dir_all(&site) {
        println!("cargo:warning={}: {error}", site.display());
    }
    println!("cargo:rerun-if-changed={}", site.join("manifest.json").display());
    println!("cargo:rerun-if-changed=build.rs");
}
