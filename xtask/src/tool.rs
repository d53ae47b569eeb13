//! Tools of Node's world that make the site smaller where they are installed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;

/// Looks in `end2end/node_modules/.bin`, then on the PATH.
pub fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let search = env::var_os("PATH").unwrap_or_default();
    std::iter::once(root.join("end2end/node_modules/.bin"))
        .chain(env::split_paths(&search))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// What tells one installation of a tool from another.
pub fn version(tool: &Path) -> String {
    let answer = Command::new(tool).arg("--version").output();
    answer.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs `tool INPUT ARGUMENTS -o OUTPUT` in the folder `work`.
pub fn run(tool: &Path, arguments: &[&str], work: &Path, input: &[u8]) -> Result<Vec<u8>> {
    let (from, to) = (work.join("tool-input"), work.join("tool-output"));
    files::write(&from, input)?;
    let output = Command::new(tool)
        .arg(&from)
        .args(arguments)
        .arg("-o")
        .arg(&to)
        .output()
        .with_context(|| format!("{} does not start", tool.display()))?;
    if !output.status.success() {
        bail!("{} failed:\n{}", tool.display(), String::from_utf8_lossy(&output.stderr).trim_end());
    }
    files::read(&to)
}
