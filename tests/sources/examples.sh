#!/usr/bin/env bash
# The examples of databases run as they are, and say what their README works out: 200 and 200 at first, then 200 and 220.
#
#   tests/sources/examples.sh VIGIE
set -euo pipefail
ROOT="$(cd "$(dirname "$0")/../.." && pwd)"
export VIGIE="$1" LC_ALL=C.UTF-8
FOLDER="$(mktemp -d "${TMPDIR:-/tmp}/vigie-examples.XXXXXX")"
trap 'rm -rf "$FOLDER"' EXIT
run=0
for kind in sqlite postgres; do
  status=0
  "$ROOT/examples/$kind/run.sh" "$FOLDER/$kind" >"$FOLDER/$kind.log" 2>&1 || status=$?
  if [ "$status" -eq 4 ]; then printf '%s: left out: %s\n' "$kind" "$(tail -1 "$FOLDER/$kind.log")"; continue; fi
  if [ "$status" -ne 0 ]; then cat "$FOLDER/$kind.log"; exit 1; fi
  found="$("$VIGIE" kpi revenue -w "$FOLDER/$kind" --from 2025-01-01 --to 2025-03-01 --grain month --format csv | cut -d, -f3,7 | tr '\n' ' ')"
  first="$(grep -c '^2025-0[12]-01 *€200 ' "$FOLDER/$kind.log")"
  case "$found" in *"2025-01-01,200 2025-02-01,220 "*) ;; *) printf '%s: revenue is %s\n' "$kind" "$found"; exit 1 ;; esac
  if [ "$first" -ne 2 ]; then printf '%s: revenue was not 200 and 200 at first\n' "$kind"; cat "$FOLDER/$kind.log"; exit 1; fi
  if ! grep -q 'read 3 = loaded 1 + updated 1 + unchanged 1' "$FOLDER/$kind.log"; then printf '%s: the third sync brought something else\n' "$kind"; exit 1; fi
  run=$((run + 1))
done
if [ "$run" -eq 0 ]; then exit 77; fi
