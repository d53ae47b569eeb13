//! Reading folders, hashed names, and the swap of a finished folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// `icons/app.svg` with its content's hash: `icons/app.0a1b2c3d4e5f6071.svg`.
pub fn hashed_name(path: &str, bytes: &[u8]) -> String {
    let hash = &sha256(bytes)[..16];
    let file_start = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[file_start..].rfind('.') {
        Some(dot) if dot > 0 => {
            let (stem, extension) = path.split_at(file_start + dot);
            format!("{stem}.{hash}{extension}")
        }
        _ => format!("{path}.{hash}"),
    }
}

/// Every file below `folder`, as sorted relative paths with `/`.
pub fn list(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let here = folder.join(&relative);
        for entry in fs::read_dir(&here).with_context(|| format!("reading {}", here.display()))? {
            let entry = entry?;
            let path = relative.join(entry.file_name());
            // Follows links: a linked file is served like any other.
            if fs::metadata(entry.path())?.is_dir() {
                open.push(path);
            } else {
                match path.to_str() {
                    Some(name) => found.push(name.replace('\\', "/")),
                    None => bail!("{}: the name is not UTF-8", entry.path().display()),
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The path with a suffix after its last part: `site` → `site.new`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Puts the finished folder `new` in the place of `old`.
pub fn swap_in(new: &Path, old: &Path) -> Result<()> {
    let aside = beside(old, ".old");
    clear(&aside)?;
    if old.exists() {
        fs::rename(old, &aside).with_context(|| format!("moving {} aside", old.display()))?;
    }
    fs::rename(new, old).with_context(|| format!("moving {} into place", new.display()))?;
    clear(&aside)
}

pub fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_the_hash_before_the_extension() {
        let hash = &sha256(b"x")[..16];
        assert_eq!(hashed_name("app.js", b"x"), format!("app.{hash}.js"));
        assert_eq!(hashed_name("v1.2/a.b.svg", b"x"), format!("v1.2/a.b.{hash}.svg"));
        assert_eq!(hashed_name("v1.2/plain", b"x"), format!("v1.2/plain.{hash}"));
        assert_eq!(hashed_name(".well-known", b"x"), format!(".well-known.{hash}"));
    }

    #[test]
    fn a_folder_is_swapped_with_its_content() {
        let root = tempfile::tempdir().unwrap();
        let (old, new) = (root.path().join("site"), root.path().join("site.new"));
        write(&old.join("a"), b"1").unwrap();
        write(&new.join("deep/b"), b"2").unwrap();
        swap_in(&new, &old).unwrap();
        assert_eq!(list(&old).unwrap(), ["deep/b"]);
        assert_eq!(list(root.path()).unwrap(), ["site/deep/b"]);
    }
}
