//! Who takes the room in a WebAssembly file: sizes by function and by crate.

use std::collections::HashMap;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

pub struct Parts {
    /// Name and bytes of each function, the largest first.
    pub functions: Vec<(String, usize)>,
    /// Bytes of the data section.
    pub data: usize,
}

impl Parts {
    pub fn code(&self) -> usize {
        self.functions.iter().map(|(_, bytes)| bytes).sum()
    }

    /// Bytes of code by the crate that a function's name begins with, the
    /// largest first. Generic code counts for the crate that wrote it.
    pub fn by_crate(&self) -> Vec<(String, usize)> {
        let mut sums = HashMap::<&str, usize>::new();
        for (name, bytes) in &self.functions {
            *sums.entry(crate_of(name)).or_default() += bytes;
        }
        let mut sums: Vec<_> = sums.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
        sort(&mut sums);
        sums
    }
}

pub fn read(wasm: &[u8]) -> Result<Parts> {
    let mut names = HashMap::new();
    let mut bodies = Vec::new();
    let mut imported = 0_u32;
    let mut data = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("reading the WebAssembly")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) {
                        imported += 1;
                    }
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(section) => data = section.range().len(),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for subsection in section {
                        if let Name::Function(map) = subsection? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, readable(naming.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut functions: Vec<_> = (imported..)
        .zip(bodies)
        .map(|(index, bytes)| {
            let name = names.remove(&index);
            (name.unwrap_or_else(|| format!("function {index}")), bytes)
        })
        .collect();
    sort(&mut functions);
    Ok(Parts { functions, data })
}

fn sort(sizes: &mut [(String, usize)]) {
    sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}

/// `core[0123456789abcdef]::fmt` → `core::fmt`.
fn readable(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('[') {
        let is_hash = rest.as_bytes().get(open + 17) == Some(&b']')
            && rest.as_bytes()[open + 1..open + 17].iter().all(u8::is_ascii_hexdigit);
        let (kept, skipped) = if is_hash { (open, 18) } else { (open + 1, 1) };
        text += &rest[..kept];
        rest = &rest[open + skipped..];
    }
    text + rest
}

/// `<a::B<c::D> as e::F>::g` → `a`.
fn crate_of(name: &str) -> &str {
    let start = name.trim_start_matches(['<', '&', '*', '(', '[', ' ']);
    let start = start.strip_prefix("mut ").unwrap_or(start);
    let start = start.strip_prefix("dyn ").unwrap_or(start);
    let end = start.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(start.len());
    if start[end..].starts_with("::") { &start[..end] } else { "(other)" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one import, one function `ours::work` and 3 bytes of data.
    fn module() -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id: u8, body: &[u8]| {
            wasm.push(id);
            wasm.push(u8::try_from(body.len()).unwrap());
            wasm.extend_from_slice(body);
        };
        section(1, &[1, 0x60, 0, 0]);
        section(2, &[1, 1, b'e', 1, b'f', 0, 0]);
        section(3, &[1, 0]);
        section(5, &[1, 0, 1]);
        section(10, &[1, 2, 0, 0x0b]);
        section(11, &[1, 0, 0x41, 0, 0x0b, 3, 1, 2, 3]);
        let mut names = vec![4];
        names.extend_from_slice(b"name");
        names.extend_from_slice(&[1, 13, 1, 1, 10]);
        names.extend_from_slice(b"ours::work");
        section(0, &names);
        wasm
    }

    #[test]
    fn functions_are_named_past_the_imports() {
        let parts = read(&module()).unwrap();
        assert_eq!(parts.functions, [("ours::work".to_owned(), 2)]);
        assert_eq!(parts.by_crate(), [("ours".to_owned(), 2)]);
        assert_eq!((parts.code(), parts.data), (2, 9));
        assert!(read(b"nonsense").is_err());
    }

    #[test]
    fn names_lose_their_hashes_and_nothing_else() {
        assert_eq!(
            readable("<core[c5930c85a12de822]::a as b[c5930c85a12de822]::C<[u8]>>::d"),
            "<core::a as b::C<[u8]>>::d"
        );
        assert_eq!(readable("a[0"), "a[0");
    }

    #[test]
    fn crates_are_read_from_names() {
        assert_eq!(crate_of("core::fmt::write"), "core");
        assert_eq!(crate_of("<&mut tachys::Rndr as x::Y>::z"), "tachys");
        assert_eq!(crate_of("<(a::B,) as x::Y>::z"), "a");
        assert_eq!(crate_of("memcpy"), "(other)");
    }
}
