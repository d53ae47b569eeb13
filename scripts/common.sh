# Sourced by the other scripts: goes to the repository's root and gives a few
# words that all of them use.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
export CARGO_TARGET_DIR=$PWD/target

# What is compiled for this machine. One selection of packages and features for
# build, tests and lints: another one would compile the dependencies again.
# shellcheck disable=SC2034
native=(--workspace --exclude frontend --exclude embed --exclude xtask --features dashboard/ssr)

# The embedded wizard's first load, in kB of brotli.
# shellcheck disable=SC2034
embed_kb=110

say() { printf '%s\n' "renova: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# A port of 127.0.0.1 that nothing listens on.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 20000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
}

# What stands in a host's frame, and the module that a host loads. Pages embed it: it comes before the server.
embed_site() {
  cargo xtask site --package embed --style style/embed.css --public public/embed --out target/site/embed
}

# What a browser loads first: our own pages, the embedded wizard, the host's module. Joined, because
# whoever asks for the outcome switches `set -e` off in here.
budgets() {
  cargo xtask budget &&
    cargo xtask budget --site target/site/embed --max-kb "$embed_kb" &&
    cargo xtask budget --site target/site/embed --file renova.js --max-kb 4
}

# The site of somebody else's dashboard, which has its own styles and files.
dashboard_site() {
  cargo xtask site --package dashboard --features hydrate \
    --style examples/dashboard/style/main.css --public examples/dashboard/public \
    --out target/site/dashboard
}
