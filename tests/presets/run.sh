#!/usr/bin/env bash
# Gives the files of a folder to a preset and imports all its maps in their order: what `vigie import --preset` does, with Python
# for the part that the program does not do yet (bind.py; it wants PyYAML).
#
#   tests/presets/run.sh WORKSPACE PRESET FOLDER [OBJECT=FILE…]
#
# A workspace that is not there is made (euros, Paris, or INIT="--currency USD --time-zone UTC"). VIGIE names the program.
set -euo pipefail
ROOT="$(cd "$(dirname "$0")/../.." && pwd)"
if [ $# -lt 3 ]; then sed -n 5,7p "$0" >&2; exit 2; fi
WORKSPACE="$1" PRESET="$2" FOLDER="$3"
shift 3
VIGIE="${VIGIE:-$ROOT/build/bin/vigie}"
HERE="$ROOT/presets/$PRESET"
OUT="$(mktemp -d "${TMPDIR:-/tmp}/presets-bound.XXXXXX")"
trap 'rm -rf "$OUT"' EXIT
if [ ! -e "$WORKSPACE/vigie.yaml" ]; then
  # shellcheck disable=SC2086
  "$VIGIE" init "$WORKSPACE" ${INIT:---currency EUR --time-zone Europe/Paris}
fi
FILES=()
while IFS= read -r file; do FILES+=("$file"); done < <(find "$FOLDER" -maxdepth 1 -type f \( -name '*.csv' -o -name '*.tsv' -o -name '*.jsonl' -o -name '*.gz' \) | sort)
MAPS="$(python3 "$ROOT/tests/presets/bind.py" "$HERE/preset.yaml" "$OUT" ${FILES[@]+"${FILES[@]}"} "$@")"
for map in $MAPS; do
  "$VIGIE" import -w "$WORKSPACE" --map "$HERE/$map.yaml" --from "$OUT"
done
