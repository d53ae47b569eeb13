#!/usr/bin/env bash
# The demo with a binary of the dev profile: run it again after a change.
set -euo pipefail
. "$(dirname "$0")/common.sh"

scripts/setup.sh build
cargo xtask site
embed_site
cargo build --package server
exec target/debug/renova demo
