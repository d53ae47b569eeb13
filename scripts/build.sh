#!/usr/bin/env bash
# Builds the release binary with the site embedded: target/release/renova.
set -euo pipefail
. "$(dirname "$0")/common.sh"

scripts/setup.sh build
cargo xtask site
embed_site
cargo build --release --package server
