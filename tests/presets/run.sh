#!/usr/bin/env bash
# Gives the files of a folder to a preset and imports its maps: `vigie import --preset`, in a workspace that is made where it is
# not there (euros, Paris, or INIT="--currency USD --time-zone UTC"). VIGIE names the program.
#
#   tests/presets/run.sh WORKSPACE PRESET FOLDER [OBJECT=FILE…]
set -euo pipefail
ROOT="$(cd "$(dirname "$0")/../.." && pwd)"
if [ $# -lt 3 ]; then sed -n 5p "$0" >&2; exit 2; fi
WORKSPACE="$1" PRESET="$2" FOLDER="$3"
shift 3
VIGIE="${VIGIE:-$ROOT/build/bin/vigie}"
if [ ! -e "$WORKSPACE/vigie.yaml" ]; then
  # shellcheck disable=SC2086
  "$VIGIE" init "$WORKSPACE" ${INIT:---currency EUR --time-zone Europe/Paris} >/dev/null
fi
export LC_ALL=C
exec "$VIGIE" import -w "$WORKSPACE" --preset "$PRESET" "$FOLDER" "$@"
