#!/usr/bin/env bash
# Every case of tests/presets: NAME or NAME.CASE, with `files/` or with `folder`, the place of published files under
# VIGIE_SHARED_DATA (such a case is left out, and said so, where they are not). `init` holds options of `vigie init`, `bound.txt`
# which file is which object and which of its columns it lacks.
#
#   tests/presets/all.sh [NAME…]
set -uo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"
ROOT="$(cd "$HERE/../.." && pwd)"
VIGIE="${VIGIE:-$ROOT/build/bin/vigie}"
SHARED="${VIGIE_SHARED_DATA:-$ROOT/../shared/data}"
failed=0 run=0
ran="$(mktemp "${TMPDIR:-/tmp}/presets-ran.XXXXXX")"
trap 'rm -f "$ran"' EXIT
"$HERE/lint.py" || failed=1
for case in "$HERE"/*/; do
  name="$(basename "$case")"
  if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qx -e "$name" -e "${name%%.*}"; then continue; fi
  if [ -d "$case/files" ]; then folder="$case/files"; else folder="$SHARED/$(cat "$case/folder")"; fi
  if [ ! -d "$folder" ]; then printf '%s: left out, %s is not there\n' "$name" "$folder"; continue; fi
  workspace="$(mktemp -d "${TMPDIR:-/tmp}/presets-case.XXXXXX")"
  init="$(cat "$case/init" 2>/dev/null || true)"
  run=$((run + 1))
  if ! INIT="${init:---currency EUR --time-zone Europe/Paris}" VIGIE="$VIGIE" "$HERE/run.sh" "$workspace/w" "${name%%.*}" "$folder" >"$workspace/log" 2>&1; then
    failed=1; printf '%s: the import failed\n' "$name"; tail -3 "$workspace/log"
  elif ! diff -u "$case/bound.txt" <(sed -n '/^  [^ ].* → \|^! /!q; s/^  //p; /^! /p' "$workspace/log"); then failed=1; printf '%s: other files were given to other objects\n' "$name"
  elif ! "$HERE/check.py" "$VIGIE" "$workspace/w" "$case/expected.md"; then failed=1
  else
    # Once more: the same files change nothing.
    again="$(VIGIE="$VIGIE" "$HERE/run.sh" "$workspace/w" "${name%%.*}" "$folder" 2>/dev/null)"
    if printf '%s\n' "$again" | grep -E 'loaded [1-9]|updated [1-9]'; then failed=1; printf '%s: a second import changes something\n' "$name"; fi
  fi
  sed -n 's/^\([a-z0-9_]*\) → .*: read [1-9].*/\1/p' "$workspace/log" >>"$ran"
  rm -rf "$workspace"
done
# A map that no case gives a row to is not tried.
if [ $# -eq 0 ]; then
  while IFS= read -r map; do
    if ! grep -qx "$map" "$ran"; then failed=1; printf '%s: no case gives it a row\n' "$map"; fi
  done < <(grep -h '^map: ' "$ROOT"/presets/*/*.yaml | sed 's/^map: //')
fi
if [ "$run" -eq 0 ]; then printf 'no case was run\n'; exit 1; fi
exit "$failed"
