#!/usr/bin/env bash
# Installs what is missing and says so:
#   setup.sh build   what the site and the binary need
#   setup.sh test    also Chromium, Firefox, a PostgreSQL server and Python
#   setup.sh bench   also wrk
# Uses rustup, npm and apt-get, the latter as root or through sudo.
set -euo pipefail
. "$(dirname "$0")/common.sh"

what=${1:-build}
apt_updated=

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# install COMMAND-OR-NAME PACKAGE...: by apt-get, or one line that says what to do.
install() {
  local name=$1
  shift
  if ! has apt-get; then
    fail "$name is missing and there is no apt-get: install $name with your system's package manager, then run this again"
  fi
  if [ "$(id -u)" != 0 ] && ! has sudo; then
    fail "$name is missing and there is no sudo: as root, run  apt-get install $*"
  fi
  say "installing $name (apt-get install $*)"
  if [ -z "$apt_updated" ]; then
    as_root apt-get -qq -o DPkg::Lock::Timeout=600 update ||
      say "apt-get update failed: trying with the lists that are there"
    apt_updated=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    -o DPkg::Lock::Timeout=600 --no-install-recommends install "$@" >&2 ||
    fail "$name could not be installed: apt-get install $*"
}

rust() {
  has cargo || fail "Rust is missing: install it from https://rustup.rs, then open a new shell"
  has cc || has gcc || has clang || fail "a C compiler is missing: install gcc (Debian: apt-get install build-essential)"
  if ! rustc --version >/dev/null 2>&1; then
    say "installing the Rust toolchain of rust-toolchain.toml"
    rustup toolchain install stable --profile minimal --component rustfmt,clippy \
      --target wasm32-unknown-unknown >&2
  fi
  if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
    has rustup || fail "Rust's target wasm32-unknown-unknown is missing: install it with your system's package manager, or use rustup"
    say "installing Rust's target wasm32-unknown-unknown"
    rustup target add wasm32-unknown-unknown >&2
  fi
}

rust_lints() {
  if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    has rustup || fail "rustfmt and clippy are missing: install them with your system's package manager"
    say "installing rustfmt and clippy"
    rustup component add rustfmt clippy >&2
  fi
}

node_packages() {
  local tool version
  for tool in node npm; do
    has "$tool" || fail "$tool is missing: install Node.js 20 or newer, with npm"
  done
  version=$(node --print 'process.versions.node')
  [ "${version%%.*}" -ge 20 ] || fail "Node.js $version is too old: install version 20 or newer"
  # The lock file that was installed last is kept beside what it installed.
  if ! cmp -s end2end/package-lock.json end2end/node_modules/.installed-lock; then
    say "installing npm packages (npm ci in end2end)"
    (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error >&2)
    cp end2end/package-lock.json end2end/node_modules/.installed-lock
  fi
}

chromium() {
  if [ -n "${RENOVA_CHROMIUM:-}" ]; then
    [ -x "$RENOVA_CHROMIUM" ] || fail "RENOVA_CHROMIUM=$RENOVA_CHROMIUM is not a program"
  elif [ ! -x /usr/bin/chromium ]; then
    install Chromium chromium
  fi
}

firefox() {
  if [ -n "${RENOVA_FIREFOX:-}" ]; then
    [ -x "$RENOVA_FIREFOX" ] || fail "RENOVA_FIREFOX=$RENOVA_FIREFOX is not a program"
  elif [ ! -x /usr/bin/firefox-esr ]; then
    install Firefox firefox-esr
  fi
}

postgres() {
  if has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    return
  fi
  # Debian would start a server of its own on port 5432: not wanted here.
  local config=/etc/postgresql-common/createcluster.conf
  [ -e "$config" ] || install "PostgreSQL's common files" postgresql-common
  if [ -e "$config" ] && ! grep -q '^create_main_cluster' "$config"; then
    printf 'create_main_cluster = false\n' | as_root tee -a "$config" >/dev/null
  fi
  install 'a PostgreSQL server' postgresql
}

# Debian keeps what makes virtual environments in a package of its own.
python() {
  if ! has python3 || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    install "Python's virtual environments" python3-venv
  fi
}

rust
node_packages
case $what in
  build) ;;
  test)
    rust_lints
    chromium
    firefox
    postgres
    python
    has curl || install curl curl
    ;;
  bench)
    chromium
    has curl || install curl curl
    has wrk || install wrk wrk
    ;;
  *) fail "setup.sh build|test|bench" ;;
esac
