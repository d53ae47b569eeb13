//! The inputs of the fuzz targets, replayed: seeds, and what was found once.
//! How to find more: `docs/fuzzing.md`.

use std::path::Path;

use crate::checks;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut inputs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    inputs.sort();
    assert!(inputs.len() >= 20, "{target} has lost its corpus");
    for input in inputs {
        let bytes = std::fs::read(&input).unwrap();
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "see above: {}", input.display());
    }
}

#[test]
fn webhook() {
    replay("webhook", checks::webhook);
}

#[test]
fn signed_request() {
    replay("signed_request", checks::signed_request);
}

#[test]
fn graph() {
    replay("graph", checks::graph);
}
