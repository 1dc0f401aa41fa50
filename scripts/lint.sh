#!/usr/bin/env bash
# Everything that judges the code without running it: format, the house rules, clang-tidy, the web app's lint.
#
#   scripts/lint.sh [FILE.cpp…]      only these files for clang-tidy (the slow part); default: all
. "$(dirname "$0")/say.sh"

scripts/setup.sh --for lint
failed=0
scripts/format.sh --check || failed=1

step "house rules"
bash tests/tidy/tidy.sh "$ROOT" || failed=1

# In a tree that compiles file by file (the release puts several together); its precompiled header must be there.
scripts/build.sh dev vigie_pch
mkdir -p build
step "clang-tidy"
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files -- 'src/*.cpp'); fi
printf '%s\0' "${files[@]}" |
  xargs -0 -P "$(jobs_wanted)" -n 1 clang-tidy-19 -p build-dev --quiet --warnings-as-errors='*' >build/clang-tidy.log 2>&1 || failed=1
grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' build/clang-tidy.log || note "nothing found"

if [ -e web/package.json ]; then
  step "lint of the web app"
  scripts/web.sh --run lint || failed=1
fi
[ "$failed" = 0 ] || die "lint found something (see above)"
step "lint: nothing found"
