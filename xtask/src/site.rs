//! `cargo xtask site`: from crates, styles and files to one folder to serve.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args::{SiteOptions, workspace_root};
use crate::compress::Sizes;
use crate::manifest::{self, Manifest};
use crate::stamp::{Inputs, Stamp};
use crate::{bindgen, cargo, compress, files, script, style, tool, trim, wasm_opt};

/// The WebAssembly as wasm-bindgen wrote it, names and all: read by the budget.
pub const NAMED_WASM: &str = "named.wasm";

/// The public file that other sites' pages load, an ES module.
const LOADER: &str = "renova.js";

/// Intermediate files of one site: `target/site-work/NAME`, beside `target/site`.
pub fn work_folder(site: &Path) -> Result<PathBuf> {
    let name = site.file_name().context("the site needs a folder name")?;
    let root = site.parent().context("the site needs a folder")?;
    Ok(files::beside(root, "-work").join(name))
}

pub fn build(options: &SiteOptions) -> Result<()> {
    let root = workspace_root()?;
    let site = &options.out;
    let work = work_folder(site)?;
    let cargo_wasm = cargo::build(&root, &options.package, options.features.as_deref())?;

    let tools = Tools::find(&root);
    let public = minified(&tools, &work, public_files(&options.public)?)?;
    let names = hashed_names(&public);
    let css = style::bundle(&options.style, &names)?;

    let mut inputs = Inputs::new(&tools.versions())?;
    inputs.add("wasm", &files::read(&cargo_wasm)?);
    inputs.add("css", css.as_bytes());
    for (path, bytes) in &public {
        inputs.add(path, bytes);
    }
    let stamp = Stamp::of(&work);
    if stamp.matches(&inputs, site) {
        println!("site: nothing has changed in {}", site.display());
        return Ok(());
    }

    // Compressing is the slow part: files of the same hashed name are kept
    // when the same tools made them.
    let former = (inputs.same_tools(&stamp.inputs()) && site.is_dir()).then_some(site.as_path());
    let fresh = files::beside(site, ".new");
    files::clear(&fresh)?;
    let mut folder = Folder { path: &fresh, former, table: Vec::new() };

    let trimmed = trim::trimmed(&cargo_wasm)?;
    let bound = bindgen::run(&trimmed, &work.join("bindgen"), true)?;
    let wasm = match &tools.wasm_opt {
        Some(program) => optimized(program, &work, &bound.wasm, &tools.versions())?,
        None => bindgen::run(&trimmed, &work.join("bindgen-plain"), false)?.wasm,
    };
    let wasm_name = folder.put("app.wasm", &wasm)?;

    let mut js = bound.js;
    let mut snippets = Vec::new();
    for (path, bytes) in &bound.snippets {
        if String::from_utf8_lossy(bytes).contains("from './") {
            bail!("{path} imports a neighbour, which the hashed names would break");
        }
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = folder.put(file, bytes)?;
        js = script::point_at(&js, path, &name)?;
        snippets.push(name);
    }
    if let Some(program) = &tools.terser {
        let small = tool::run(program, script::ARGUMENTS, &work, js.as_bytes())?;
        js = String::from_utf8(small).context("terser's answer")?;
    }
    let js_name = folder.put("app.js", js.as_bytes())?;
    let boot = script::boot(&js_name, &wasm_name);
    let manifest = Manifest {
        boot: folder.put("boot.js", boot.as_bytes())?,
        css: folder.put("app.css", css.as_bytes())?,
        js: js_name,
        wasm: wasm_name,
        snippets,
        files: names,
    };
    for (path, bytes) in &public {
        folder.put(path, bytes)?;
    }
    files::write(&fresh.join(manifest::FILE), &manifest.to_json()?)?;
    let table = folder.table;

    // From here on the old stamp no longer describes what is there.
    stamp.forget()?;
    files::write(&work.join(NAMED_WASM), &bound.wasm)?;
    files::swap_in(&fresh, site)?;
    stamp.remember(&inputs, site)?;
    print_table(site, &table);
    Ok(())
}

/// The two optional tools; what is missing is said.
struct Tools {
    wasm_opt: Option<PathBuf>,
    terser: Option<PathBuf>,
}

impl Tools {
    fn find(root: &Path) -> Self {
        let find = |name| {
            let found = tool::find(root, name);
            if found.is_none() {
                println!(
                    "site: {name} not found (npm ci in end2end installs it): \
                     going on without, the files stay larger"
                );
            }
            found
        };
        Self { wasm_opt: find("wasm-opt"), terser: find("terser") }
    }

    fn versions(&self) -> Vec<String> {
        let line = |tool: &Option<PathBuf>, arguments: &[&str]| match tool {
            Some(path) => format!("{} {}", tool::version(path), arguments.join(" ")),
            None => "none".into(),
        };
        vec![line(&self.wasm_opt, wasm_opt::ARGUMENTS), line(&self.terser, script::ARGUMENTS)]
    }
}

/// wasm-opt, unless the last run had the same input.
fn optimized(program: &Path, work: &Path, wasm: &[u8], versions: &[String]) -> Result<Vec<u8>> {
    let key = files::sha256(format!("{versions:?} {}", files::sha256(wasm)).as_bytes());
    let (key_file, kept) = (work.join("optimized.key"), work.join("optimized.wasm"));
    if fs::read_to_string(&key_file).is_ok_and(|former| former == key) && kept.is_file() {
        return files::read(&kept);
    }
    println!("site: wasm-opt on {} kB", wasm.len() / 1000);
    let small = tool::run(program, wasm_opt::ARGUMENTS, work, wasm)?;
    files::write(&kept, &small)?;
    files::write(&key_file, key.as_bytes())?;
    Ok(small)
}

fn public_files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    if !folder.is_dir() {
        println!("site: no folder {}: no public files", folder.display());
        return Ok(BTreeMap::new());
    }
    files::list(folder)?
        .into_iter()
        .map(|path| {
            let bytes = files::read(&folder.join(&path))?;
            Ok((path, bytes))
        })
        .collect()
}

/// The module for others' pages loses what only readers of the source need.
fn minified(tools: &Tools, work: &Path, mut public: BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, Vec<u8>>> {
    let Some(program) = &tools.terser else { return Ok(public) };
    for (path, bytes) in &mut public {
        if path.rsplit('/').next() == Some(LOADER) {
            *bytes = tool::run(program, script::ARGUMENTS, work, bytes)?;
        }
    }
    Ok(public)
}

fn hashed_names(public: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    public.iter().map(|(path, bytes)| (path.clone(), files::hashed_name(path, bytes))).collect()
}

/// The site while it is put together.
struct Folder<'a> {
    path: &'a Path,
    former: Option<&'a Path>,
    table: Vec<(String, Sizes)>,
}

impl Folder<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<String> {
        let name = files::hashed_name(path, bytes);
        let sizes = compress::write(self.path, self.former, &name, bytes)?;
        self.table.push((name.clone(), sizes));
        Ok(name)
    }
}

fn print_table(site: &Path, table: &[(String, Sizes)]) {
    println!("site: {}", site.display());
    println!("{:<40} {:>9} {:>9} {:>9}", "file", "raw", "gzip", "brotli");
    for (name, sizes) in table {
        println!("{name:<40} {:>9} {:>9} {:>9}", sizes.raw, sizes.gzip, sizes.brotli);
    }
}
