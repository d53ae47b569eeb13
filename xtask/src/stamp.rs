//! Remembers what a site was made from, so that an unchanged one is left alone.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;

/// Everything that decides the bytes of a site, in order.
pub struct Inputs(String);

impl Inputs {
    /// Starts with the tools: this program and those it runs.
    pub fn new(tools: &[String]) -> Result<Self> {
        let own = std::env::current_exe().context("the path of this program")?;
        let mut inputs = Self(String::new());
        inputs.add("xtask", &files::read(&own)?);
        for tool in tools {
            inputs.add("tool", tool.as_bytes());
        }
        Ok(inputs)
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.0 += &format!("{name} {}\n", files::sha256(bytes));
    }

    /// Only the tools of two builds are equal.
    pub fn same_tools(&self, former: &str) -> bool {
        let tools = |text: &str| {
            text.lines()
                .take_while(|line| line.starts_with("xtask ") || line.starts_with("tool "))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        tools(&self.0) == tools(former)
    }
}

/// The stamp of one site.
pub struct Stamp {
    path: PathBuf,
}

impl Stamp {
    pub fn of(work: &Path) -> Self {
        Self { path: work.join("stamp") }
    }

    /// What was remembered: the inputs, then the listing of the site.
    fn former(&self) -> (String, String) {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        match text.split_once("\n\n") {
            Some((inputs, listing)) => (format!("{inputs}\n"), listing.to_owned()),
            None => (String::new(), String::new()),
        }
    }

    pub fn inputs(&self) -> String {
        self.former().0
    }

    /// The site was made from these inputs and is still complete.
    pub fn matches(&self, inputs: &Inputs, site: &Path) -> bool {
        let (former, listed) = self.former();
        former == inputs.0 && listing(site).is_ok_and(|now| now == listed)
    }

    pub fn remember(&self, inputs: &Inputs, site: &Path) -> Result<()> {
        let text = format!("{}\n{}", inputs.0, listing(site)?);
        files::write(&self.path, text.as_bytes())
    }

    pub fn forget(&self) -> Result<()> {
        if self.path.exists() {
            fs::remove_file(&self.path).with_context(|| format!("removing {}", self.path.display()))?;
        }
        Ok(())
    }
}

/// Every file of the site with its length.
fn listing(site: &Path) -> Result<String> {
    let mut text = String::new();
    for name in files::list(site)? {
        let length = fs::metadata(site.join(&name))?.len();
        text += &format!("{name} {length}\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_input_or_a_lost_file_breaks_the_stamp() {
        let root = tempfile::tempdir().unwrap();
        let (work, site) = (root.path().join("work"), root.path().join("site"));
        files::write(&site.join("a.js"), b"1").unwrap();
        let stamp = Stamp::of(&work);
        let inputs = |content: &[u8]| {
            let mut inputs = Inputs::new(&["wasm-opt 132".into()]).unwrap();
            inputs.add("wasm", content);
            inputs
        };
        assert!(!stamp.matches(&inputs(b"x"), &site));
        stamp.remember(&inputs(b"x"), &site).unwrap();
        assert!(stamp.matches(&inputs(b"x"), &site));
        assert!(!stamp.matches(&inputs(b"y"), &site));
        assert!(inputs(b"y").same_tools(&stamp.inputs()));
        assert!(!Inputs::new(&[]).unwrap().same_tools(&stamp.inputs()));
        files::write(&site.join("a.js"), b"12").unwrap();
        assert!(!stamp.matches(&inputs(b"x"), &site));
    }
}
