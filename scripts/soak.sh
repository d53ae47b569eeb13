#!/usr/bin/env bash
# The full sizes of what `make test` runs small: every property test with
# PROPTEST_CASES cases (default 20,000), on SQLite and PostgreSQL; a year of
# RENOVA_YEAR_CONNECTIONS connections (default 10,000: hours, in a release build) with faults
# drawn by RENOVA_YEAR_SEED; RENOVA_FLEET_CONNECTIONS (5,000) checked by RENOVA_FLEET_WORKERS
# (8) processes, some of which die or stand still. Then, in the browser: every
# screen in every theme at every width, every cell of the embeds, a walk of RENOVA_WALK_MOVES (150) moves
# through the wizard and one of RENOVA_WALK_CALLS (2,000) calls, both drawn by
# RENOVA_WALK_SEED (a new one each time, printed).
set -euo pipefail
. "$(dirname "$0")/common.sh"

export PROPTEST_CASES=${PROPTEST_CASES:-20000}
year=${RENOVA_YEAR_CONNECTIONS:-10000}
unset RENOVA_YEAR_CONNECTIONS
export RENOVA_FLEET_CONNECTIONS=${RENOVA_FLEET_CONNECTIONS:-5000} RENOVA_FLEET_WORKERS=${RENOVA_FLEET_WORKERS:-8}
scripts/setup.sh test
cargo xtask site
embed_site
dashboard_site
state=target/postgres-soak.$$
trap 'scripts/postgres.sh stop "$state"' EXIT
RENOVA_TEST_POSTGRES_URL=$(scripts/postgres.sh start "$state")
export RENOVA_TEST_POSTGRES_URL
say "property tests with $PROPTEST_CASES cases each"
cargo test "${native[@]}" --no-fail-fast
say "a year of $year connections on both databases"
RENOVA_YEAR_CONNECTIONS=$year cargo test --release "${native[@]}" --test usecases year:: -- --nocapture

export RENOVA_CELLS=all
export RENOVA_WALK_MOVES=${RENOVA_WALK_MOVES:-150} RENOVA_WALK_CALLS=${RENOVA_WALK_CALLS:-2000}
export RENOVA_WALK_SEED=${RENOVA_WALK_SEED:-new}
say "every cell of the screens and of the embeds, walks of $RENOVA_WALK_MOVES moves and $RENOVA_WALK_CALLS calls"
cargo build "${native[@]}" --bins
export RENOVA_BIN=$PWD/target/debug/renova DASHBOARD_BIN=$PWD/target/debug/dashboard
export RENOVA_E2E_DIR=$PWD/target/e2e-soak
rm -rf "$RENOVA_E2E_DIR"
cd end2end
npx --no-install playwright test tests/screens tests/embed-matrix.spec.ts tests/walk.spec.ts tests/walk-http.spec.ts --reporter=line
