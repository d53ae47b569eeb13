//! The two commands' options, read by hand: five words do not need a parser.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow, bail};

/// Options of `cargo xtask site`. Paths are relative to the workspace.
pub struct SiteOptions {
    pub package: String,
    pub features: Option<String>,
    pub style: PathBuf,
    pub public: PathBuf,
    pub out: PathBuf,
}

/// Options of `cargo xtask budget`.
pub struct BudgetOptions {
    pub site: PathBuf,
    /// One public file instead of what a page loads first.
    pub file: Option<String>,
    pub max_kb: u64,
}

pub fn site(words: impl Iterator<Item = String>) -> Result<SiteOptions> {
    let root = workspace_root()?;
    let mut options = SiteOptions {
        package: "frontend".into(),
        features: None,
        style: root.join("style/main.css"),
        public: root.join("public"),
        out: root.join("target/site/frontend"),
    };
    each_pair(words, |name, value| {
        match name {
            "--package" => options.package = value,
            "--features" => options.features = Some(value),
            "--style" => options.style = root.join(value),
            "--public" => options.public = root.join(value),
            "--out" => options.out = root.join(value),
            _ => return false,
        }
        true
    })?;
    Ok(options)
}

pub fn budget(words: impl Iterator<Item = String>) -> Result<BudgetOptions> {
    let root = workspace_root()?;
    let mut site = root.join("target/site/frontend");
    let mut max_kb = None;
    let mut file = None;
    each_pair(words, |name, value| {
        match name {
            "--site" => site = root.join(value),
            "--max-kb" => max_kb = Some(value),
            "--file" => file = Some(value),
            _ => return false,
        }
        true
    })?;
    let max_kb = match max_kb {
        Some(text) => text.parse().map_err(|_| anyhow!("--max-kb {text}: not a whole number"))?,
        None => crate::budget::MAX_KB,
    };
    Ok(BudgetOptions { site, file, max_kb })
}

/// The folder of the workspace, whatever the current one is. `cargo run` says
/// where it is now; the folder at compile time may have been moved since.
pub fn workspace_root() -> Result<PathBuf> {
    let own = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    own.parent().map(Path::to_path_buf).ok_or_else(|| anyhow!("xtask stands outside a workspace"))
}

fn each_pair(mut words: impl Iterator<Item = String>, mut take: impl FnMut(&str, String) -> bool) -> Result<()> {
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            None => {
                let value = words.next().ok_or_else(|| anyhow!("{word} needs a value"))?;
                (word, value)
            }
        };
        if !take(&name, value) {
            bail!("unknown option {name}\n{}", crate::USAGE);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> impl Iterator<Item = String> {
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn defaults_and_overrides() {
        let plain = site(words("")).unwrap();
        assert_eq!(plain.package, "frontend");
        assert!(plain.out.ends_with("target/site/frontend"));
        let other = site(words("--package dashboard --features=hydrate --style a.css")).unwrap();
        assert_eq!(other.package, "dashboard");
        assert_eq!(other.features.as_deref(), Some("hydrate"));
        assert!(other.style.ends_with("a.css"));
    }

    #[test]
    fn wrong_options_are_named() {
        assert!(site(words("--package")).is_err());
        assert!(site(words("--colour red")).is_err());
        assert!(budget(words("--max-kb many")).is_err());
        assert_eq!(budget(words("--max-kb 5")).unwrap().max_kb, 5);
    }
}
