#!/usr/bin/env bash
# Renova's webhooks against the libraries of Standard Webhooks: installs the one
# for Python into a virtual environment of its own, starts the demo of RENOVA_BIN
# (target/debug/renova) with a receiver in JavaScript and one in Python, and runs
# end2end/webhooks/check.mjs. Before that, compares what docs/webhooks.md shows of
# the receivers with the receivers.
set -euo pipefail
. "$(dirname "$0")/common.sh"

binary=${RENOVA_BIN:-$PWD/target/debug/renova}
packages=end2end/webhooks/requirements.txt
venv=$PWD/target/webhooks
page=docs/webhooks.md
[ -x "$binary" ] || fail "$binary is missing: cargo build --package server"
[ -d end2end/node_modules/standardwebhooks ] || scripts/setup.sh test
python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/setup.sh test

# The list that was installed last is kept beside what it installed.
if ! cmp -s "$packages" "$venv/.installed"; then
  say "installing Standard Webhooks for Python (pip install -r $packages)"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r "$packages"
  cp "$packages" "$venv/.installed"
fi

# What stands between the marks of a receiver.
shown() { sed -n '/<docs>/,/<\/docs>/p' "end2end/webhooks/$1" | sed '1d;$d'; }

# The block after the marker, up to the end of its fence.
printed() {
  awk -v marker="<!-- shown from end2end/webhooks/$1 -->" '$0 == marker { found = 1; next }
    found && /^```[a-z]/ { inside = 1; next }
    inside && /^```/ { exit }
    inside { print }' "$page"
}

for receiver in receiver.mjs receiver.py; do
  diff <(shown "$receiver") <(printed "$receiver") || fail "$page shows another end2end/webhooks/$receiver"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ports=()
while [ ${#ports[@]} -lt 5 ]; do
  port=$(free_port)
  [[ " ${ports[*]} " == *" $port "* ]] || ports+=("$port")
done
node end2end/webhooks/check.mjs "$binary" "$venv/bin/python" "$work" "${ports[@]}"
