#!/usr/bin/env bash
# Runs the commands by which README.md deploys Renova, in an empty folder, with
# the binary named by RENOVA_BIN (target/debug/renova): they must end in a
# server that says that it is ready.
set -euo pipefail
. "$(dirname "$0")/common.sh"

binary=${RENOVA_BIN:-$PWD/target/debug/renova}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/empty"
cp "$binary" "$work/bin/renova"
port=$(free_port)

# The block after the marker, up to the end of its fence.
block=$(awk '/<!-- tested by scripts\/readme.sh -->/ { found = 1; next }
  found && /^```sh/ { inside = 1; next }
  inside && /^```/ { exit }
  inside { print }' README.md)
[ "$(tail -n 1 <<<"$block")" = "renova serve" ] || fail "README.md's deployment does not end in: renova serve"

{
  echo 'set -euo pipefail'
  echo "export RENOVA_LISTEN=127.0.0.1:$port"
  sed '$d' <<<"$block"
  cat <<'END'
renova serve >serve.log 2>&1 & pid=$!
trap 'kill "$pid" 2>/dev/null || true' EXIT
until curl -fsS -o ready.json "http://$RENOVA_LISTEN/readyz" 2>/dev/null; do
  kill -0 "$pid" || { cat serve.log; exit 1; }
done
cat ready.json
renova config >/dev/null
renova user reset-password --email ana@example.com
kill "$pid"
wait "$pid"
END
} >"$work/run.sh"
cd "$work/empty"
PATH="$work/bin:$PATH" bash "$work/run.sh"
echo
echo "README.md's deployment works"
