//! Asks cargo for the WebAssembly of one package.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// Builds the library of `package` and returns where cargo put it.
pub fn build(root: &Path, package: &str, features: Option<&str>) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--package", package, "--lib"]).args([
        "--target",
        TARGET,
        "--profile",
        PROFILE,
    ]);
    if let Some(features) = features {
        command.args(["--features", features]);
    }
    if let Some(flags) = remapped_paths() {
        command.args(["--config", &flags]);
    }
    let status = command.status().context("cargo does not start")?;
    if !status.success() {
        bail!("cargo could not build {package} for the browser");
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(root.join(target).join(TARGET).join(PROFILE).join(package.replace('-', "_")).with_extension("wasm"))
}

/// Messages of panics name their source file. Without this they would carry
/// the builder's home folder into every browser, and the bytes (and with them
/// the hashed names) would differ from one machine to the next.
fn remapped_paths() -> Option<String> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))?;
    let sources = home.join("registry/src");
    Some(format!("target.{TARGET}.rustflags=[{:?}]", format!("--remap-path-prefix={}=", sources.to_str()?)))
}
