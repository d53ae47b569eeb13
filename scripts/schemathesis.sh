#!/usr/bin/env bash
# The whole public API by its own description: installs schemathesis into a
# virtual environment of its own, starts the demo of RENOVA_BIN
# (target/debug/renova) and asks every operation for what the description allows
# and for what it forbids. No answer may break the description, and none but
# that of the token's own operation may hold a token (end2end/api/secrets.py).
# EXAMPLES (default 10) is how many of each.
set -euo pipefail
. "$(dirname "$0")/common.sh"

binary=${RENOVA_BIN:-$PWD/target/debug/renova}
packages=end2end/api/requirements.txt
venv=$PWD/target/schemathesis
[ -x "$binary" ] || fail "$binary is missing: cargo build --package server"
python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/setup.sh test

# The list that was installed last is kept beside what it installed.
if ! cmp -s "$packages" "$venv/.installed"; then
  say "installing schemathesis (pip install -r $packages)"
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

PORT=$(free_port)
SIM_PORT=$(free_port)
DATA_DIR=$work/data
export PORT SIM_PORT DATA_DIR
site=http://127.0.0.1:$PORT
"$binary" demo >"$work/demo.log" 2>&1 &
pid=$!
until curl -fsS -o /dev/null --max-time 2 "$site/healthz" 2>/dev/null; do
  if ! kill -0 "$pid" 2>/dev/null; then
    cat "$work/demo.log" >&2
    fail "the demo ended before it answered"
  fi
done

# What stands between the marks of the example, and the block of the page that shows it.
page=docs/api.md
example=end2end/api/first-token.sh
printed() {
  awk -v marker="<!-- shown from $example -->" '$0 == marker { found = 1; next }
    found && /^```[a-z]/ { inside = 1; next }
    inside && /^```/ { exit }
    inside { print }' "$page"
}
diff <(sed -n '/<docs>/,/<\/docs>/p' "$example" | sed '1d;$d') <(printed) || fail "$page shows another $example"

scopes=platform:write,connections:read,connections:write,channels:read,channels:write,tokens:read
scopes+=,reports:write,meta-events:write,webhooks:read,webhooks:write,events:read
scopes+=,embed-sessions:write,renewal-links:write
key=$(RENOVA_DATABASE_URL=sqlite://$DATA_DIR/renova.db RENOVA_ENCRYPTION_KEYS_FILE=$DATA_DIR/key \
  "$binary" apikey add --scope "$scopes" --name schemathesis)

RENOVA=$site RENOVA_KEY=$key "$example" >"$work/example.log" || fail "$example does not work"
grep -q '"token":"' "$work/example.log" || fail "$example shows no token"

# Channels that are there, so that what is allowed also finds something; and the
# tokens that no other answer may hold.
"$venv/bin/python" -B end2end/api/secrets.py prepare "$site" "$key" "$work/secrets" "$work/schemathesis.toml"
# A request may be well by the description and wrong by its meaning: a signature, a
# time zone, an address that is taken. That is no failure (positive_data_acceptance).
"$venv/bin/schemathesis" --config-file "$work/schemathesis.toml" run "$site/api/v1/openapi.json" \
  --header "Authorization: Bearer $key" --checks all --exclude-checks positive_data_acceptance,ensure_resource_availability \
  --max-examples "${EXAMPLES:-10}" --seed 1 --workers 1 --continue-on-failure --request-timeout 30 \
  --warnings off --report har --report-har-path "$work/calls.har" --output-sanitize false
"$venv/bin/python" -B end2end/api/secrets.py search "$work/calls.har" "$work/secrets"
