#!/usr/bin/env bash
# Configures and builds one tree.
#
#   scripts/build.sh PRESET [TARGET…]      presets: release dev asan tsan (CMakePresets.json); no target: everything
#
# VIGIE_JOBS sets how many compilers run at once; VIGIE_WERROR=ON makes warnings
# errors, VIGIE_BENCH=ON builds the benchmarks too.
. "$(dirname "$0")/say.sh"

preset=${1:?usage: scripts/build.sh PRESET [TARGET…]}
shift
case "$preset" in release) tree=build ;; *) tree=build-$preset ;; esac

step "configure $preset in $tree/"
mkdir -p "$tree"
options=(-DVIGIE_WERROR="${VIGIE_WERROR:-OFF}" -DVIGIE_BENCH="${VIGIE_BENCH:-OFF}")
if ! cmake --preset "$preset" "${options[@]}" >"$tree/configure.log" 2>&1; then
  cat "$tree/configure.log" >&2
  die "cmake could not configure (see above)"
fi
sed -n 's/^-- \(Fetching.*\)/    \1/p' "$tree/configure.log"

step "build ${*:-everything} ($preset, $(jobs_wanted) at a time; the first build takes minutes)"
cmake --build "$tree" -j "$(jobs_wanted)" ${@:+--target "$@"} || die "the build failed (see above)"
