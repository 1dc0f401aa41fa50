#!/usr/bin/env bash
# Builds the benchmarks (bench/) and runs them all, or those named.
#
#   scripts/bench.sh [NAME…]      a name is a script bench/NAME.sh; each prints its own figures and goal
. "$(dirname "$0")/say.sh"

scripts/setup.sh --for run
[ -e bench/CMakeLists.txt ] || die "bench/ is not there: is this a whole clone?"
VIGIE_BENCH=ON scripts/build.sh release

if [ $# -eq 0 ]; then
  for script in bench/*.sh; do set -- "$@" "$(basename "$script" .sh)"; done
fi
failed=0
for name in "$@"; do
  [ -e "bench/$name.sh" ] || die "there is no bench/$name.sh; there are: $(cd bench && ls ./*.sh)"
  step "bench $name"
  "bench/$name.sh" || failed=1
done
exit "$failed"
