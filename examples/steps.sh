# The steps every example takes; sourced by examples/NAME/run.sh, which says what is particular to its set.
#
#   begin "$@"             WORKSPACE [FOLDER]: reads the arguments and finds the raw files
#   make_workspace ARGS…   vigie init with ARGS, then the example's own vigie.yaml; an existing workspace is kept
#   import_maps            every map of maps/, in the order of their names
#   ask ARGS…              says which command it is, then runs it on the workspace
#
# VIGIE names the program; default: build/bin/vigie of this repository, else the one in PATH.
set -euo pipefail

EXAMPLE="$(cd "$(dirname "$0")" && pwd)"
NAME="$(basename "$EXAMPLE")"
ROOT="$(cd "$EXAMPLE/../.." && pwd)"

say() { printf '%s\n' "$*" >&2; }
stop() { say "$2"; exit "$1"; }

find_program() {
  if [ -n "${VIGIE:-}" ]; then return; fi
  if [ -x "$ROOT/build/bin/vigie" ]; then VIGIE="$ROOT/build/bin/vigie"
  elif VIGIE="$(command -v vigie)"; then :
  else stop 4 "There is no vigie program yet: make build puts it at build/bin/vigie."
  fi
}

begin() {
  if [ $# -lt 1 ] || [ $# -gt 2 ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE [FOLDER]"; fi
  WORKSPACE="$1"
  find_program
  if [ $# -eq 2 ]; then FOLDER="$2"
  elif [ -d "$EXAMPLE/data" ]; then FOLDER="$EXAMPLE/data"
  else FOLDER="${VIGIE_SHARED_DATA:-$ROOT/../shared/data}/$NAME"
  fi
  if [ ! -d "$FOLDER" ]; then
    stop 4 "The raw files of $NAME are not at $FOLDER.
${PUBLIC_SET:-}
Then: examples/$NAME/run.sh $WORKSPACE FOLDER"
  fi
}

make_workspace() {
  if [ -e "$WORKSPACE/vigie.yaml" ]; then
    say "$WORKSPACE is there already: the files are imported again, which changes nothing unless they changed."
    return
  fi
  "$VIGIE" init "$WORKSPACE" "$@"
  cp "$EXAMPLE/vigie.yaml" "$WORKSPACE/vigie.yaml"
}

import_maps() {
  "$VIGIE" import -w "$WORKSPACE" --map "$EXAMPLE/maps" --from "$FOLDER"
}

ask() {
  local command="$1"
  shift
  printf '\n$ vigie %s %s\n' "$command" "$*"
  "$VIGIE" "$command" -w "$WORKSPACE" "$@"
}
