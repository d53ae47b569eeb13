//! What the linker keeps although no browser ever runs it, taken out before wasm-bindgen looks.
//!
//! What only the removed parts used is dropped by wasm-bindgen and wasm-opt themselves.

mod exports;
mod panics;

use std::path::Path;

use anyhow::{Context, Result};
use walrus::ModuleConfig;

use crate::files;

/// The WebAssembly that cargo built, without it.
pub fn trimmed(input: &Path) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new()
        .strict_validate(false)
        .generate_producers_section(false)
        .parse(&files::read(input)?)
        .with_context(|| format!("reading {}", input.display()))?;
    exports::drop_unused(&mut module);
    panics::silence(&mut module)?;
    Ok(module.emit_wasm())
}
