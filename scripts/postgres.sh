#!/usr/bin/env bash
# A throw-away PostgreSQL for tests:
#   postgres.sh start [STATE]   starts one and prints its URL
#   postgres.sh stop [STATE]    stops it and removes its files
# STATE is a file that remembers the folder (default target/postgres). A server
# that already runs for it is used again. Works as root, who may not run
# PostgreSQL and therefore becomes the user postgres, and as anybody else.
set -euo pipefail
. "$(dirname "$0")/common.sh"

action=${1:-}
state=${2:-target/postgres}

bin=
if has pg_ctl; then
  bin=$(dirname "$(command -v pg_ctl)")
else
  for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/pg_ctl" ]; then bin=$folder; fi
  done
fi
[ -n "$bin" ] || fail "no PostgreSQL server found: scripts/setup.sh test installs one"

# The server's user may not enter our folder: every call starts from /.
pg() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$bin/$1" "${@:2}")
  else
    (cd / && "$bin/$1" "${@:2}")
  fi
}

running() { pg pg_ctl status -D "$1/data" >/dev/null 2>&1; }

stop() {
  local folder
  [ -f "$state" ] || return 0
  folder=$(head -n 1 "$state")
  case $folder in
    /var/tmp/renova-postgres.*)
      if running "$folder"; then
        pg pg_ctl stop -D "$folder/data" -m immediate -s || true
      fi
      rm -rf "$folder"
      ;;
  esac
  rm -f "$state"
}

start() {
  local folder port try
  if [ -f "$state" ]; then
    if running "$(head -n 1 "$state")"; then
      tail -n 1 "$state"
      return
    fi
    stop
  fi
  folder=$(mktemp -d /var/tmp/renova-postgres.XXXXXX)
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  mkdir -p "$(dirname "$state")"
  printf '%s\n' "$folder" >"$state"
  pg initdb -D "$folder/data" -U postgres --auth=trust --no-locale -E UTF8 --no-sync >/dev/null
  for try in 1 2 3 4 5; do
    port=$(free_port)
    # Nothing here outlives the tests: no need to wait for the disk.
    if pg pg_ctl start -D "$folder/data" -w -s -l "$folder/log" -o "-p $port -k $folder \
      -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off \
      -c synchronous_commit=off -c full_page_writes=off"; then
      printf 'postgres://postgres@127.0.0.1:%s/postgres\n' "$port" | tee -a "$state"
      return
    fi
  done
  cat "$folder/log" >&2 || true
  stop
  fail "PostgreSQL did not start after $try tries"
}

case $action in
  start) start ;;
  stop) stop ;;
  *) fail "postgres.sh start|stop [STATE]" ;;
esac
