#!/usr/bin/env bash
# Builds and runs the tests of one tree, prints every result and a closing count.
#
#   scripts/test.sh [release|asan|tsan] [--native]      --native leaves the web app's tests out
. "$(dirname "$0")/say.sh"

preset=${1:-release}
native=${2:-}
case "$preset" in release) tree=build ;; *) tree=build-$preset ;; esac

scripts/setup.sh --for test
scripts/build.sh "$preset"

# Tests write small files, wait for the disk, and remove them: in memory there is no disk to wait for. Where there is little
# of it, or somebody says where (TMPDIR), they are on disk as ever.
if [ -z "${TMPDIR:-}" ] && [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null; then
  TMPDIR=$(mktemp -d /dev/shm/vigie-tests.XXXXXX)
  export TMPDIR
  chmod 1777 "$TMPDIR" # as /tmp: the servers of the tests run as other users
  trap 'rm -rf "$TMPDIR"' EXIT
fi

failed=0
step "tests ($preset)"
# The reports hold each test's own output, from which the closing count is made: one line of ctest is a whole program.
report=$ROOT/$tree/ctest.xml
rm -f "$report"
# The engine is built without frame pointers and allocates all the time: walking its stack finds addresses that never come
# twice, and every allocation after them takes longer. So two frames are kept of what allocated and freed (the allocator and
# who called it), where a report names the whole stack of the fault itself; to see more of them, set malloc_context_size.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1:malloc_context_size=2:quarantine_size_mb=32}"
# Names instead of addresses in their reports; addr2line comes with every compiler.
export ASAN_SYMBOLIZER_PATH="${ASAN_SYMBOLIZER_PATH:-$(command -v llvm-symbolizer-19 || command -v addr2line)}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
ctest --test-dir "$tree" -j "$(jobs_wanted)" --output-on-failure --no-tests=error --timeout 2400 \
  --output-junit "$report" --test-output-size-passed 2000000 --test-output-size-failed 2000000 || failed=1
totals=$(awk -f scripts/count_tests.awk "$report")

if [ "$native" != --native ] && [ -e web/package.json ]; then
  scripts/web.sh
  web_log=$ROOT/$tree/web-tests.log
  # The browser also sees the program that was built, serving a demo company of its own.
  VIGIE_PROGRAM=$ROOT/$tree/bin/vigie scripts/web.sh --run check test e2e 2>&1 | tee "$web_log" || failed=1
  totals=$(printf '%s\n' "$totals" "$(awk -f scripts/count_web_tests.awk "$web_log")")
fi

step "result ($preset)"
printf '%s\n' "$totals" | awk '{p += $1; f += $2; s += $3} END {printf "%d passed, %d failed, %d skipped\n", p, f, s}'
exit "$failed"
