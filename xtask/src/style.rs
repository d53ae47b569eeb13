//! One style sheet out of many: imports bundled, minified, addresses hashed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};

/// Bundles `entry`. Nothing is lowered for old browsers: layers, nesting,
/// `light-dark()` and `oklch()` arrive as written. `files` are the public
/// files by path; `url(/favicon.svg)` becomes the hashed name beside the sheet.
pub fn bundle(entry: &Path, files: &BTreeMap<String, String>) -> Result<String> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler.bundle(entry).map_err(|error| anyhow!("{}: {error}", entry.display()))?;
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("{}: {error}", entry.display()))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("{}: {error}", entry.display()))?;

    let mut css = printed.code;
    for dependency in printed.dependencies.into_iter().flatten() {
        match dependency {
            Dependency::Url(url) => {
                let address = address(&url.url, files).map_err(|error| anyhow!("{}: {error}", url.loc.file_path))?;
                css = css.replace(&url.placeholder, &address);
            }
            Dependency::Import(import) => {
                bail!("{}: @import of another site: {}", entry.display(), import.url)
            }
        }
    }
    Ok(css)
}

fn address(url: &str, files: &BTreeMap<String, String>) -> Result<String> {
    if url.starts_with("data:") || url.starts_with('#') {
        return Ok(url.to_owned());
    }
    url.strip_prefix('/')
        .and_then(|path| files.get(path))
        .cloned()
        .ok_or_else(|| anyhow!("url({url}): write /NAME, with NAME a file of the public folder"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::write;

    fn built(sheets: &[(&str, &str)]) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in sheets {
            write(&folder.path().join(name), text.as_bytes()).unwrap();
        }
        let files = [("mark.svg".to_owned(), "mark.1.svg".to_owned())].into();
        bundle(&folder.path().join("main.css"), &files)
    }

    #[test]
    fn modern_css_survives_and_imports_are_bundled_into_their_layers() {
        let css = built(&[
            ("main.css", "@layer base, parts;\n@import \"parts/card.css\" layer(parts);"),
            ("parts/card.css", ".card { color: light-dark(oklch(0.4 0.1 250), #fff); & > a { margin: 0 } }"),
        ])
        .unwrap();
        assert!(!css.contains("@import"), "{css}");
        assert!(!css.contains('\n'), "{css}");
        for kept in ["@layer base;", "@layer parts{", "light-dark(oklch(", "&>a"] {
            assert!(css.contains(kept), "{kept} in {css}");
        }
    }

    #[test]
    fn addresses_become_hashed_names() {
        let css = built(&[("main.css", "a { background: url(/mark.svg), url(data:image/png;base64,AA) }")]).unwrap();
        assert!(css.contains("url(\"mark.1.svg\")"), "{css}");
        assert!(css.contains("url(\"data:image/png;base64,AA\")"), "{css}");
    }

    #[test]
    fn unknown_addresses_and_wrong_css_fail() {
        let error = built(&[("main.css", "a { background: url(/none.svg) }")]).unwrap_err();
        assert!(error.to_string().contains("/none.svg"), "{error}");
        assert!(built(&[("main.css", "a { color: red")]).is_ok());
        assert!(built(&[("main.css", "@import \"none.css\";")]).is_err());
        assert!(built(&[("main.css", "a { color: red; } }}")]).is_err());
    }
}
