#!/usr/bin/env bash
# Formats every C++ file the repository holds, and the web app; with --check says which are not, and changes nothing.
. "$(dirname "$0")/say.sh"

scripts/setup.sh --for lint
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run --Werror)
step "clang-format ${mode[*]}"
git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp' | xargs -0 -r clang-format-19 "${mode[@]}"
note "done"
