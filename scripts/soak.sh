#!/usr/bin/env bash
# The full sizes of what `make test` runs small: every property test with
# PROPTEST_CASES cases (default 20,000), on SQLite and PostgreSQL.
set -euo pipefail
. "$(dirname "$0")/common.sh"

export PROPTEST_CASES=${PROPTEST_CASES:-20000}
scripts/setup.sh test
cargo xtask site
state=target/postgres-soak.$$
trap 'scripts/postgres.sh stop "$state"' EXIT
RENOVA_TEST_POSTGRES_URL=$(scripts/postgres.sh start "$state")
export RENOVA_TEST_POSTGRES_URL
say "property tests with $PROPTEST_CASES cases each"
cargo test "${native[@]}" --no-fail-fast
