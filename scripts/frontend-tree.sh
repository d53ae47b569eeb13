#!/usr/bin/env bash
# What the browser gets must not contain parts of the server: fails when one of
# them is in the dependency tree of a WebAssembly entry.
set -euo pipefail
. "$(dirname "$0")/common.sh"

banned='sqlx(-[a-z]+)*|tokio(-[a-z]+)*|axum(-[a-z]+)*|leptos_axum|hyper(-[a-z]+)*|argon2|chacha20poly1305|rustls(-[a-z]+)*|reqwest|rand|meta|metasim|renewal|server|store|vault'

check() {
  local tree found
  tree=$(cargo tree "$@" --target wasm32-unknown-unknown --edges normal --prefix none --format '{p}')
  found=$(grep -E "^($banned) v" <<<"$tree" | cut -d' ' -f1 | sort -u | tr '\n' ' ' || true)
  [ -z "$found" ] || fail "the browser's side ($*) contains: $found"
}

check --package frontend
check --package embed
check --package dashboard --features hydrate
echo "frontend, embed and dashboard contain nothing of the server"
