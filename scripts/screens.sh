#!/usr/bin/env bash
# Pictures of every screen, in light and dark, wide and at 320 px, into FOLDER
# (target/screens). The two that README.md and docs/ show are copied to
# docs/screenshots.
set -euo pipefail
. "$(dirname "$0")/common.sh"

folder=$(realpath -m "${1:-target/screens}")
scripts/setup.sh test
cargo xtask site
cargo build --package server
npm --prefix end2end run --silent screens -- "$folder"
mkdir -p docs/screenshots
cp "$folder/overview.png" "$folder/wizard.png" docs/screenshots/
