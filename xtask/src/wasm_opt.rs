//! binaryen's optimizer.

/// What rustc and wasm-bindgen may use, said aloud because what is stripped
/// from the file cannot say it itself; then the passes. What travels is the
/// file in brotli, and that is smallest when repetition is left alone: hardly
/// any inlining, and no pass that names common expressions. On a small Leptos
/// app this way took 116 kB where a plain `-Oz` took 121.
pub const ARGUMENTS: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--one-caller-inline-max-function-size=20",
    "--skip-pass=local-cse",
    "-Os",
    "--strip-producers",
    "--strip-target-features",
];
