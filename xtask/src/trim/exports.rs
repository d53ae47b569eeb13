//! Classes that a crate offers to JavaScript, and that no script of ours makes.
//!
//! `server_fn` brings `wasm-streams`, which exports three classes for streams that Rust feeds. An
//! export is kept with all that it calls, and its class stands in the script.

use walrus::{Module, RawCustomSection};

/// How their names begin, in any case.
const UNUSED: &str = "intounderlying";

/// Where each `#[wasm_bindgen]` leaves its version and its description: for both a length in four bytes,
/// then so many bytes.
const DESCRIPTIONS: &str = "__wasm_bindgen_unstable";

pub fn drop_unused(module: &mut Module) {
    let unused: Vec<_> =
        module.exports.iter().filter(|export| export.name.contains(UNUSED)).map(|export| export.id()).collect();
    for export in unused {
        module.exports.delete(export);
    }
    if let Some(section) = module.customs.remove_raw(DESCRIPTIONS) {
        module.customs.add(RawCustomSection { data: without_unused(&section.data), name: section.name });
    }
}

fn without_unused(mut section: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    while let Some((version, description)) = next(&mut section).zip(next(&mut section)) {
        if !String::from_utf8_lossy(description).to_lowercase().contains(UNUSED) {
            kept.extend_from_slice(version);
            kept.extend_from_slice(description);
        }
    }
    kept
}

/// The next piece, with its length before it.
fn next<'a>(section: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(*section.first_chunk()?) as usize;
    let (piece, rest) = section.split_at_checked(4 + length)?;
    *section = rest;
    Some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Vec<u8> {
        let length = u32::try_from(text.len()).unwrap();
        [&length.to_le_bytes(), text.as_bytes()].concat()
    }

    #[test]
    fn only_what_describes_an_unused_class_goes() {
        let used = [piece("{version}"), piece("hydrate")].concat();
        let unused = [piece("{version}"), piece("class IntoUnderlyingSource")].concat();
        assert_eq!(without_unused(&[used.clone(), unused, used.clone()].concat()), used.repeat(2));
    }
}
