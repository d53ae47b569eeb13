#!/usr/bin/env bash
# Starts somebody else's dashboard in plain HTML with Renova's elements in it, and a demo Renova beside
# it. PORT (3200), RENOVA_PORT (3000), SIM_PORT (3001), DATA_DIR (a temporary folder). RENOVA_BIN names
# a binary that is built already. Ctrl-C stops both.
set -euo pipefail
. "$(dirname "$0")/common.sh"

port=${PORT:-3200}
renova_port=${RENOVA_PORT:-3000}
if [ -z "${RENOVA_BIN:-}" ]; then
  scripts/build.sh
  RENOVA_BIN=$PWD/target/release/renova
fi
work=$(mktemp -d)
data=${DATA_DIR:-$work/data}
# Only what this script has started is ended by it.
end() {
  kill "${renova:-}" "${dashboard:-}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
trap 'exit 0' INT TERM

PORT=$renova_port SIM_PORT=${SIM_PORT:-3001} DATA_DIR=$data \
  RENOVA_EMBED_ORIGINS="http://host.localhost:$port" "$RENOVA_BIN" demo >"$work/renova.log" 2>&1 &
renova=$!
until grep -q '^Renova is ready' "$work/renova.log"; do
  kill -0 "$renova" 2>/dev/null || fail "Renova did not start: $(tail -n 5 "$work/renova.log")"
  read -rt 0.2 <> <(:) || true
done

# The key of the dashboard's back end: shown once, kept by whoever asked for it.
RENOVA_API_KEY=$(RENOVA_DATABASE_URL="sqlite://$data/renova.db" RENOVA_ENCRYPTION_KEYS=$(cat "$data/key") \
  "$RENOVA_BIN" apikey add --name dashboard --scope embed-sessions:write)
PORT=$port RENOVA_URL="http://127.0.0.1:$renova_port" RENOVA_API_KEY=$RENOVA_API_KEY \
  node examples/dashboard-html/server.mjs &
dashboard=$!
wait "$dashboard"
