#!/usr/bin/env bash
# Pictures of every screen in every state, light and dark, on a desktop and at
# 320 px, into FOLDER (target/screens), by the tests that look at them. From
# these docs/gallery.md and the two pictures in docs/screenshots.
set -euo pipefail
. "$(dirname "$0")/common.sh"

folder=$(realpath -m "${1:-target/screens}")
scripts/setup.sh test
cargo xtask site
cargo build --package server
rm -rf "$folder"
export RENOVA_GALLERY=$folder RENOVA_CELLS=all
(cd end2end && npx --no-install playwright test tests/screens --reporter=line)
npm --prefix end2end run --silent gallery -- "$folder"
