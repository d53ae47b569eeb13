//! The sites are embedded from `target/site`: a new site means a new binary, and a missing one means
//! a binary without its scripts and styles, not a failed build.

use std::{env, fs, path::Path};

/// Of pages, and of pages in frames.
const SITES: [&str; 2] = ["frontend", "embed"];

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned());
    for name in SITES {
        let site = Path::new(&here).join("../target/site").join(name);
        if let Err(error) = fs::create_dir_all(&site) {
            println!("cargo:warning={}: {error}", site.display());
        }
        println!("cargo:rerun-if-changed={}", site.join("manifest.json").display());
    }
    println!("cargo:rerun-if-changed=build.rs");
}
