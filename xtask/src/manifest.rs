//! `manifest.json`: which hashed file plays which part.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::files;

pub const FILE: &str = "manifest.json";

#[derive(Debug, PartialEq)]
pub struct Manifest {
    pub js: String,
    pub wasm: String,
    pub css: String,
    pub boot: String,
    /// JavaScript that `js` imports.
    pub snippets: Vec<String>,
    /// Public files: path in the folder → hashed path.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let value = json!({
            "js": self.js,
            "wasm": self.wasm,
            "css": self.css,
            "boot": self.boot,
            "snippets": self.snippets,
            "files": self.files,
        });
        let mut text = serde_json::to_vec_pretty(&value)?;
        text.push(b'\n');
        Ok(text)
    }

    pub fn read(site: &Path) -> Result<Self> {
        let path = site.join(FILE);
        let value: Value =
            serde_json::from_slice(&files::read(&path)?).with_context(|| format!("{} is not JSON", path.display()))?;
        let text = |value: &Value, key: &str| {
            value.as_str().map(str::to_owned).with_context(|| format!("{}: no {key}", path.display()))
        };
        Ok(Self {
            js: text(&value["js"], "js")?,
            wasm: text(&value["wasm"], "wasm")?,
            css: text(&value["css"], "css")?,
            boot: text(&value["boot"], "boot")?,
            snippets: value["snippets"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|name| text(name, "snippets"))
                .collect::<Result<_>>()?,
            files: value["files"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(path, name)| Ok((path.clone(), text(name, path)?)))
                .collect::<Result<_>>()?,
        })
    }

    /// What a browser loads for a first page, by part.
    pub fn first_load(&self) -> Vec<&str> {
        [&self.js, &self.wasm, &self.css, &self.boot].into_iter().chain(&self.snippets).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Manifest {
            js: "app.1.js".into(),
            wasm: "app.2.wasm".into(),
            css: "app.3.css".into(),
            boot: "boot.4.js".into(),
            snippets: vec!["inline0.5.js".into()],
            files: [("favicon.svg".into(), "favicon.6.svg".into())].into(),
        };
        files::write(&folder.path().join(FILE), &manifest.to_json().unwrap()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
    }
}
