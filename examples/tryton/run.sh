#!/usr/bin/env bash
# A real CRM from an empty machine: PostgreSQL and Tryton, started for this and gone at the end, a sales team at work in Tryton through
# its own client, and `vigie sync` between their days.
#
#   examples/tryton/run.sh WORKSPACE
. "$(dirname "$0")/../steps.sh"
if [ $# -ne 1 ] || [ -e "$1" ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE, a folder that is not there yet"; fi
WORKSPACE="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
find_program
status=0
/usr/bin/python3 "$ROOT/tests/tryton/run.py" "$VIGIE" "$WORKSPACE" || status=$?
if [ "$status" -eq 77 ]; then stop 4 "scripts/setup.sh --for test installs what is missing."; fi
if [ "$status" -ne 0 ]; then exit "$status"; fi
ask kpi sales_cycle:time_in_stage --from 2025-01-01 --to 2026-01-01 --grain total
ask kpi revenue --from 2025-01-01 --to 2025-04-01 --grain month --by owner
