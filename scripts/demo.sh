#!/usr/bin/env bash
# Builds what is needed, then starts Renova with the simulated Meta and demo
# data. PORT, SIM_PORT and DATA_DIR are read by `renova demo` itself.
set -euo pipefail
. "$(dirname "$0")/common.sh"

scripts/build.sh
exec target/release/renova demo
