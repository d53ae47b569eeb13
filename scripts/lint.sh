#!/usr/bin/env bash
# Format, clippy for the server and for the browser, documentation and what the
# browser's side may contain. With a name, only that check:
#   lint.sh [format|native|browser|docs|tree|words]
set -euo pipefail
. "$(dirname "$0")/common.sh"

format() { cargo fmt --all --check; }

native() {
  cargo clippy "${native[@]}" --all-targets -- -D warnings
  cargo clippy --package xtask --profile xtask --all-targets -- -D warnings
}

browser() {
  cargo clippy --package frontend --package dashboard --lib --features dashboard/hydrate \
    --target wasm32-unknown-unknown -- -D warnings
  # Rendered in the browser alone: another Leptos than the others'.
  cargo clippy --package embed --lib --target wasm32-unknown-unknown -- -D warnings
}

# Written for those who read the code: links to private items are meant.
docs() { RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' cargo doc "${native[@]}" --no-deps --document-private-items; }

tree() { scripts/frontend-tree.sh; }

words() { scripts/check-docs.sh; }

case ${1:-all} in
  format | native | browser | docs | tree | words) "$1" ;;
  all)
    format
    native
    browser
    docs
    tree
    words
    ;;
  *) fail "lint.sh [format|native|browser|docs|tree|words]" ;;
esac
