//! Brotli and gzip beside every file that gets smaller by them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use crate::files;

/// Bytes of one file as they are and as they travel.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// Writes `name` into `site` with its compressed companions. A file of the
/// same hashed name in `former` was compressed before: its companions are
/// taken over.
pub fn write(site: &Path, former: Option<&Path>, name: &str, bytes: &[u8]) -> Result<Sizes> {
    let path = site.join(name);
    files::write(&path, bytes)?;
    match former.filter(|folder| folder.join(name).is_file()) {
        Some(former) => {
            for suffix in [".br", ".gz"] {
                let (from, to) = (files::beside(&former.join(name), suffix), files::beside(&path, suffix));
                if from.is_file() {
                    fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
                }
            }
        }
        None => {
            keep_if_smaller(&files::beside(&path, ".br"), bytes, &brotli(bytes)?)?;
            keep_if_smaller(&files::beside(&path, ".gz"), bytes, &gzip(bytes)?)?;
        }
    }
    sizes(site, name)
}

/// What is on the disk; a missing companion travels as the file itself.
pub fn sizes(site: &Path, name: &str) -> Result<Sizes> {
    let path = site.join(name);
    let raw = fs::metadata(&path).with_context(|| format!("reading {}", path.display()))?.len();
    let of = |suffix| fs::metadata(files::beside(&path, suffix)).map_or(raw, |file| file.len());
    Ok(Sizes { raw, gzip: of(".gz"), brotli: of(".br") })
}

fn keep_if_smaller(path: &Path, raw: &[u8], packed: &[u8]) -> Result<()> {
    if packed.len() < raw.len() {
        files::write(path, packed)?;
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        // The largest window that `Content-Encoding: br` allows.
        lgwin: 24,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters).context("brotli")?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // No name and no time inside: the same bytes give the same file.
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("gzip")?;
    encoder.finish().context("gzip")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn companions_unpack_to_the_file_and_only_where_smaller() {
        let site = tempfile::tempdir().unwrap();
        let text = "renova ".repeat(500).into_bytes();
        let sizes = write(site.path(), None, "a.css", &text).unwrap();
        assert!(sizes.brotli < sizes.raw && sizes.gzip < sizes.raw);

        let mut unpacked = Vec::new();
        let packed = files::read(&site.path().join("a.css.br")).unwrap();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        let packed = files::read(&site.path().join("a.css.gz")).unwrap();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);

        let tiny = write(site.path(), None, "b.txt", b"x").unwrap();
        assert_eq!((tiny.raw, tiny.gzip, tiny.brotli), (1, 1, 1));
        assert!(!site.path().join("b.txt.br").exists());
    }

    #[test]
    fn companions_of_a_former_build_are_taken_over() {
        let (former, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        files::write(&former.path().join("a.js"), b"abc").unwrap();
        files::write(&former.path().join("a.js.br"), b"z").unwrap();
        let sizes = write(site.path(), Some(former.path()), "a.js", b"abc").unwrap();
        assert_eq!((sizes.raw, sizes.gzip, sizes.brotli), (3, 3, 1));
    }
}
