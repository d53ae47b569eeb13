#!/usr/bin/env bash
# Everything that must hold, one stage after the other. Logs of the stages are
# in target/test. A stage that fails does not stop the others, except where
# nothing can be tested without it (setup, format, builds). Ends with a table of
# the stages, what failed by name, and the line `N passed, N failed`: the tests of
# each suite, and one for every other check.
set -euo pipefail
. "$(dirname "$0")/common.sh"

logs=target/test
postgres_state=target/postgres-test.$$
passed=0
failed=0
table=()
names=()
rm -rf "$logs"
mkdir -p "$logs"
trap 'scripts/postgres.sh stop "$postgres_state"' EXIT

# Sums a field over cargo's lines `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
sum_results() {
  awk -v field="$2" '/^test result: / {
    for (i = 2; i <= NF; i++) if ($i ~ "^" field) sum += $(i - 1)
  } END { print sum + 0 }' "$1"
}

# Good, bad and skipped tests in a report of Playwright.
read_playwright() {
  node --print '
    const { stats } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    [stats.expected, stats.unexpected + stats.flaky, stats.skipped].join(" ")' "$1"
}

# Why a stage failed, in lines: its failed tests, or the end of its log.
reasons() {
  local lines=
  case $1 in
    cargo) lines=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$2") ;;
    playwright) lines=$(node scripts/failed-tests.mjs "$PLAYWRIGHT_JSON_OUTPUT_FILE") || lines= ;;
  esac
  printf '%s\n' "${lines:-$(tail -n 3 "$2")}"
}

# stage NAME KIND COMMAND...; KIND says what counts: check (one), cargo or
# playwright (their tests), needed (like check, and the end when it fails).
stage() {
  local name=$1 kind=$2 log="$logs/$1.log" begin=$SECONDS ok=1
  local good=0 bad=0 skipped=0 line
  shift 2
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$log" || ok=0
  case $kind in
    cargo)
      good=$(sum_results "$log" passed)
      bad=$(sum_results "$log" failed)
      skipped=$(sum_results "$log" ignored)
      ;;
    playwright)
      if [ -s "$PLAYWRIGHT_JSON_OUTPUT_FILE" ]; then
        read -r good bad skipped < <(read_playwright "$PLAYWRIGHT_JSON_OUTPUT_FILE")
      fi
      ;;
    *) good=$ok ;;
  esac
  # Failed without a failed test (it did not compile, it crashed), or nothing ran.
  if [ "$bad" = 0 ] && { [ "$ok" = 0 ] || [ "$good" = 0 ]; }; then bad=1; fi
  passed=$((passed + good))
  failed=$((failed + bad))
  table+=("$(printf '%-20s %7d %7d %8d %6ds' "$name" "$good" "$bad" "$skipped" $((SECONDS - begin)))")
  if [ "$bad" != 0 ]; then
    names+=("$name")
    while read -r line; do names+=("  $line"); done < <(reasons "$kind" "$log")
    if [ "$kind" = needed ]; then finish; fi
  fi
}

finish() {
  local line
  printf '\n%-20s %7s %7s %8s %7s\n' stage passed failed skipped time
  for line in "${table[@]}"; do
    printf '%s\n' "$line"
  done
  printf '%-20s %7s %7s %8s %6ds\n\n' together "$passed" "$failed" '' "$SECONDS"
  if [ "${#names[@]}" != 0 ]; then
    printf 'What failed (logs in %s):\n' "$logs"
    printf '%s\n' "${names[@]}"
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ] || exit 1
  exit 0
}

# Recorded answers, where somebody has put them beside the checkout.
if [ -d ../shared/fixtures ]; then
  RENOVA_FIXTURES=$(cd ../shared/fixtures && pwd)
  export RENOVA_FIXTURES
fi

stage setup needed scripts/setup.sh test
stage format needed scripts/lint.sh format
stage documented-commands check scripts/lint.sh words
stage browser-side check scripts/lint.sh tree

# The server and the dashboard embed their sites: these come first.
stage site needed cargo xtask site
stage embed-site needed embed_site
stage dashboard-site needed dashboard_site
stage size-budget check budgets
stage build needed cargo build "${native[@]}" --all-targets

stage postgres check scripts/postgres.sh start "$postgres_state"
if [ -f "$postgres_state" ]; then
  RENOVA_TEST_POSTGRES_URL=$(tail -n 1 "$postgres_state")
  export RENOVA_TEST_POSTGRES_URL
fi
stage rust-tests cargo cargo test "${native[@]}" --no-fail-fast
stage xtask-tests cargo cargo test --package xtask --profile xtask

# Everything that a browser test starts writes below RENOVA_E2E_DIR; the secrets
# it used go to RENOVA_CANARIES, one per line.
export RENOVA_BIN=$PWD/target/debug/renova
export DASHBOARD_BIN=$PWD/target/debug/dashboard
export RENOVA_E2E_DIR=$PWD/target/e2e
export RENOVA_CANARIES=$PWD/target/e2e-canaries.txt
export PLAYWRIGHT_JSON_OUTPUT_FILE=$PWD/$logs/playwright.json
rm -rf "$RENOVA_E2E_DIR" "$RENOVA_CANARIES"
mkdir -p "$RENOVA_E2E_DIR"
stage readme check scripts/readme.sh
stage meta-sdk check scripts/sdk.sh
stage snippets check scripts/snippets.sh
stage webhooks check scripts/webhooks.sh
stage schemathesis check scripts/schemathesis.sh
stage browser-types check npm --prefix end2end run --silent check
stage browser-tests playwright env -C end2end npx --no-install playwright test --reporter=line,json
stage canaries check scripts/canary.sh "$RENOVA_CANARIES" \
  "$RENOVA_E2E_DIR" target/site/frontend target/site/embed target/site/dashboard

stage clippy check scripts/lint.sh native
stage clippy-browser check scripts/lint.sh browser
stage docs check scripts/lint.sh docs
finish
