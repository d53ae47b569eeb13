#!/usr/bin/env bash
# Measures what people feel and operators pay, and prints one table: bytes of
# the site, time from a click to the banner in a cold browser, requests per
# second and p99 of the overview and of the alert call, memory, size of the
# binary, start time. wrk runs on one half of the processors, the server on the
# other. A bare axum route, measured in the same run, is the limit. Then what a
# worker's tick costs with up to a million connections (TICK_SIZES), and how many
# connections 1, 2 and 4 workers check in a second (CHECKS), on both databases, and what overview,
# review and banner cost an organization with 3 and one with 1,000 connections, what a worker needs in
# memory (MEMORY_SIZES), what Lighthouse says of three pages (RENOVA_LIGHTHOUSE_RUNS), what the embedded wizard costs
# a host's page, and how many tokens
# the API answers in a second with 50,000 channels, beside a bare route that answers the same bytes.
# SECONDS_EACH (default 10) and CONNECTIONS (default 32) change the load.
set -euo pipefail
. "$(dirname "$0")/common.sh"

seconds=${SECONDS_EACH:-10}
connections=${CONNECTIONS:-32}
scripts/setup.sh bench
scripts/build.sh
cargo build --release --package server --example bare

work=$(mktemp -d)
pid=
stop() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
  fi
}
trap 'stop; rm -rf "$work"' EXIT

cores=$(nproc)
if [ "$cores" -gt 1 ]; then
  half=$((cores / 2))
  server_cores=0-$((half - 1))
  client_cores=$half-$((cores - 1))
else
  server_cores=0
  client_cores=0
fi

table=()
row() { table+=("$(printf '%-44s %12s  %s' "$1" "$2" "$3")"); }

# start NAME PORT PATH COMMAND...: until PATH answers; leaves milliseconds in $took.
start() {
  local name=$1 url=http://127.0.0.1:$2$3 begin=${EPOCHREALTIME//[.,]/}
  shift 3
  taskset -c "$server_cores" "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  until curl -fsS -o /dev/null --max-time 2 "$url" 2>/dev/null; do
    if ! kill -0 "$pid" 2>/dev/null; then
      cat "$work/$name.log" >&2
      fail "$name ended before it answered"
    fi
  done
  took=$(((${EPOCHREALTIME//[.,]/} - begin) / 1000))
}

# load NAME URL [wrk's options]: one row with requests per second and p99.
load() {
  local name=$1 url=$2 out="$work/wrk.txt" errors
  shift 2
  taskset -c "$client_cores" wrk -t1 -c"$connections" -d"${seconds}s" --latency "$@" "$url" >"$out"
  row "$name" "$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' "$out")" \
    "requests/s, p99 $(awk '$1 == "99%" { print $2 }' "$out")"
  errors=$(grep -E 'Non-2xx|Socket errors' "$out" || true)
  [ -z "$errors" ] || row '' '!' "${errors#"${errors%%[! ]*}"}"
}

memory() { awk -v key="$1:" '$1 == key { printf "%.1f", $2 / 1024 }' "/proc/$pid/status"; }

# What a browser loads first.
while read -r name bytes _; do
  row "$name" "$bytes" 'bytes, brotli'
done < <(cargo xtask budget | sed 's/^brotli, together/site-together/; s/\.[0-9a-f]\{16\}//')
row 'target/release/renova' "$(stat -c %s target/release/renova)" bytes

# The limit of this machine.
PORT=$(free_port)
export PORT
start bare "$PORT" / target/release/examples/bare
load 'bare axum route' "http://127.0.0.1:$PORT/"
stop

PORT=$(free_port)
SIM_PORT=$(free_port)
DATA_DIR=$work/data
export PORT SIM_PORT DATA_DIR
site=http://127.0.0.1:$PORT
start first "$PORT" /healthz target/release/renova demo
row 'first start of the demo, to 200 of /healthz' "$took" 'ms (fills the database)'
stop
start renova "$PORT" /healthz target/release/renova demo
row 'start of the demo, to 200 of /healthz' "$took" ms
row 'memory at rest' "$(memory VmRSS)" 'MB, server and simulated Meta'

jar=$work/cookies
curl -fsS -o /dev/null -c "$jar" -H "Origin: $site" \
  --data-urlencode email=clara@boreal.example --data-urlencode password=renova-demo \
  "$site/api/ui/login"
cookie=$(awk 'NF == 7 { sub(/^#HttpOnly_/, ""); print $6 "=" $7 }' "$jar" | paste -sd ';')
[ -n "$cookie" ] || fail "the log-in set no cookie"
curl -fsS -H "Cookie: $cookie" "$site/" | grep -q 'Renovação necessária' ||
  fail "the overview shows no banner: the log-in failed"

cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = ""
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
LUA
load 'healthz' "$site/healthz"
load 'overview page' "$site/" -H "Cookie: $cookie"
load 'alert call' "$site/api/ui/alerts" -s "$work/post.lua" -H "Cookie: $cookie" -H "Origin: $site" \
  -H 'Accept: application/json'
row 'memory after load' "$(memory VmRSS)" "MB (at most $(memory VmHWM))"

# Prints the milliseconds from the click on Entrar to the visible banner.
if [ -f end2end/bench/banner.mjs ]; then
  row 'click to banner, cold browser' "$(node end2end/bench/banner.mjs "$site")" 'ms, median'
else
  row 'click to banner, cold browser' '-' 'not measured: end2end/bench/banner.mjs is missing'
fi

# Medians by Lighthouse, in its own simulation of a phone and of a desktop.
while read -r page device performance accessibility practices paint; do
  row "Lighthouse, $page, $device" "$performance" \
    "performance; accessibility $accessibility, best practices $practices, LCP $paint ms"
done < <(RENOVA_LIGHTHOUSE_PORT=$(free_port) node end2end/bench/lighthouse.mjs "$site")
stop

# The embedded wizard in somebody else's page.
host_port=$(free_port)
export RENOVA_PORT=$PORT RENOVA_BIN=$PWD/target/release/renova
PORT=$host_port DATA_DIR=$work/embedded start dashboard "$host_port" /enter scripts/dashboard-html.sh
read -r ready bytes < <(node end2end/bench/embed.mjs "http://host.localhost:$host_port")
row 'embedded wizard, cold, to its first screen' "$ready" "ms, median; Renova sends $bytes bytes"
stop

# Work in the background: a tick at three sizes, and checks against the simulated Meta.
if [ -z "${RENOVA_TEST_POSTGRES_URL:-}" ]; then
  RENOVA_TEST_POSTGRES_URL=$(scripts/postgres.sh start "$work/postgres")
  export RENOVA_TEST_POSTGRES_URL
  trap 'stop; scripts/postgres.sh stop "$work/postgres"; rm -rf "$work"' EXIT
fi
ticks=$(cargo run --quiet --release --package store --example tick)
checks=$(cargo run --quiet --release --package server --example checks)
pages=$(cargo run --quiet --release --package server --example pages)
tokens=$(cargo run --quiet --release --package server --example token)
memory=$(RENOVA_BIN=$PWD/target/release/renova cargo run --quiet --release --package server --example memory)

printf '\n%s processors, %s connections, %s s each\n\n' "$cores" "$connections" "$seconds"
printf '%s\n' "${table[@]}"
printf '\nA tick with 500 connections due, median of 20:\n%s\n' "$ticks"
printf '\nChecks against the simulated Meta (the best open peer: 177/s, one after another):\n%s\n' "$checks"
printf '\nTokens by the API, each noted durably before the answer (the best open peer: 281/s, p99 297 ms):\n%s\n' "$tokens"
printf '\nPages and the banner of one organization, in this process, milliseconds:\n%s\n' "$pages"
printf '\nMemory of a worker that has looked at the clocks of 500 connections:\n%s\n' "$memory"
