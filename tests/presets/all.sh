#!/usr/bin/env bash
# Every case of tests/presets, or those of these presets, and what must hold of presets by their form. `make test` has the first
# (cases_test.cpp); the second wants Python with PyYAML and duckdb.
#
#   tests/presets/all.sh [NAME…]
set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"
"$HERE/lint.py"
export VIGIE_PRESETS="$*"
if [ $# -eq 0 ]; then unset VIGIE_PRESETS; fi
exec "$HERE/../../build/bin/presets_cases_test"
