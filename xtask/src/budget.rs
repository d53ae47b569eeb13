//! `cargo xtask budget`: what a browser loads first stays below a bound.

use anyhow::{Context, Result, bail};

use crate::args::BudgetOptions;
use crate::manifest::Manifest;
use crate::{compress, contributors, files, site};

/// The bound, in kB (1,000 bytes) of brotli. This is its only place: lower it
/// when the site gets smaller, and give a reason in the commit to raise it.
pub const MAX_KB: u64 = 165;

/// So many of the largest functions are named when the bound is broken.
const NAMED_FUNCTIONS: usize = 40;
const NAMED_CRATES: usize = 20;

pub fn check(options: &BudgetOptions) -> Result<()> {
    let manifest = Manifest::read(&options.site).context("build the site first: cargo xtask site")?;
    let names = match &options.file {
        Some(file) => vec![manifest.files.get(file).with_context(|| format!("no public file {file}"))?.as_str()],
        None => manifest.first_load(),
    };
    let mut total = 0;
    for name in names {
        let bytes = compress::sizes(&options.site, name)?.brotli;
        println!("{name:<40} {bytes:>9}");
        total += bytes;
    }
    println!("{:<40} {total:>9}  of {} allowed", "brotli, together", options.max_kb * 1000);
    if total <= options.max_kb * 1000 {
        return Ok(());
    }
    if let Some(file) = &options.file {
        bail!("{file} takes {total} bytes, {} more than its budget", total - options.max_kb * 1000);
    }
    let named = site::work_folder(&options.site)?.join(site::NAMED_WASM);
    let parts = contributors::read(&files::read(&named)?)?;
    println!("\nThe largest parts of the WebAssembly, before wasm-opt and compression:\n");
    println!("{:>9}  data", parts.data);
    println!("{:>9}  code, by crate:", parts.code());
    for (name, bytes) in parts.by_crate().into_iter().take(NAMED_CRATES) {
        println!("{bytes:>9}    {name}");
    }
    println!("\n{:>9}  function", "bytes");
    for (name, bytes) in parts.functions.iter().take(NAMED_FUNCTIONS) {
        println!("{bytes:>9}  {name}");
    }
    bail!(
        "the first page loads {total} bytes, {} more than the budget of {} kB",
        total - options.max_kb * 1000,
        options.max_kb
    );
}
