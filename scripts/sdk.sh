#!/usr/bin/env bash
# Meta's own Python SDK against `renova sim`: installs it into a virtual
# environment of its own, starts the simulator of RENOVA_BIN
# (target/debug/renova) on a free port and runs end2end/sdk/check.py.
set -euo pipefail
. "$(dirname "$0")/common.sh"

binary=${RENOVA_BIN:-$PWD/target/debug/renova}
packages=end2end/sdk/requirements.txt
venv=$PWD/target/sdk
[ -x "$binary" ] || fail "$binary is missing: cargo build --package server"
python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/setup.sh test

# The list that was installed last is kept beside what it installed.
if ! cmp -s "$packages" "$venv/.installed"; then
  say "installing Meta's SDK (pip install -r $packages)"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$packages"
  cp "$packages" "$venv/.installed"
fi

work=$(mktemp -d)
pid=
stop() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT

port=$(free_port)
site=http://127.0.0.1:$port
"$binary" sim --sim-port "$port" >"$work/sim.log" 2>&1 &
pid=$!
until curl -fsS -o /dev/null --max-time 2 "$site/_sim/clock" 2>/dev/null; do
  if ! kill -0 "$pid" 2>/dev/null; then
    cat "$work/sim.log" >&2
    fail "the simulator ended before it answered"
  fi
done
"$venv/bin/python" -B end2end/sdk/check.py "$site"
