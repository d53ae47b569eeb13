#!/usr/bin/env bash
# The full sizes of what `make test` runs small: every property test with
# PROPTEST_CASES cases (default 20,000), on SQLite and PostgreSQL; a year of
# RENOVA_YEAR_CONNECTIONS connections (default 10,000: hours) with faults drawn by
# RENOVA_YEAR_SEED; RENOVA_FLEET_CONNECTIONS (5,000) checked by RENOVA_FLEET_WORKERS
# (8) processes, some of which die or stand still.
set -euo pipefail
. "$(dirname "$0")/common.sh"

export PROPTEST_CASES=${PROPTEST_CASES:-20000}
export RENOVA_YEAR_CONNECTIONS=${RENOVA_YEAR_CONNECTIONS:-10000} RENOVA_YEAR_SEED=${RENOVA_YEAR_SEED:-4}
export RENOVA_FLEET_CONNECTIONS=${RENOVA_FLEET_CONNECTIONS:-5000} RENOVA_FLEET_WORKERS=${RENOVA_FLEET_WORKERS:-8}
scripts/setup.sh test
cargo xtask site
state=target/postgres-soak.$$
trap 'scripts/postgres.sh stop "$state"' EXIT
RENOVA_TEST_POSTGRES_URL=$(scripts/postgres.sh start "$state")
export RENOVA_TEST_POSTGRES_URL
say "property tests with $PROPTEST_CASES cases each"
cargo test "${native[@]}" --no-fail-fast
