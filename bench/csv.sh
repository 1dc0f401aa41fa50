#!/usr/bin/env bash
# A CSV that nobody said anything about: the table is found in it, a map proposed, its rows checked, known by their keys and
# loaded, in one command (`vigie import FILE --yes`); against the engine's own read of the same file, which finds its dialect and
# types too and keeps them in a table. Once as most programs write it, once with everything in quotes.
#
#   bench/csv.sh [ROWS]     default 1,000,000; the two are timed in turn, three times, and the best of each counts
#
# Goal: at least 0.4 times the speed of the engine's read.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1000000}
vigie=${VIGIE:-build/bin/vigie}
work=$(mktemp -d "${TMPDIR:-/tmp}/vigie-csv-XXXXXX")
trap 'rm -rf "$work"' EXIT
build/bin/import_bench make "$work/plain.csv" "$rows" >/dev/null
sed 's/,/","/g; s/^/"/; s/$/"/' "$work/plain.csv" >"$work/quoted.csv" # no text of it holds a comma or a quote
seconds() { # of a command, by the clock and of the processor
  TIMEFORMAT='%R %U %S'
  { time "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }; } 2>&1
}
least() { awk -v a="$1" -v b="$2" 'BEGIN {print a < b ? a : b}'; }
missed=0
echo "a CSV of $rows orders; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for kind in plain quoted; do
  best_read=999999 best_import=999999
  echo "CREATE TABLE orders AS SELECT * FROM read_csv('$work/$kind.csv'); CHECKPOINT" >"$work/read.sql"
  for _ in 1 2 3; do
    rm -rf "$work/read.db"* "$work/w"
    read -r read user system <<<"$(seconds build/bin/sql_bench "$work/read.db" "$work/read.sql")"
    told="$kind: the engine's read $read s ($user + $system s of the processor)"
    "$vigie" init "$work/w" --currency EUR --time-zone Europe/Paris >/dev/null
    read -r import user system <<<"$(seconds "$vigie" import -w "$work/w" --yes "$work/$kind.csv")"
    echo "$told   import $import s ($user + $system s)"
    best_read=$(least "$best_read" "$read") best_import=$(least "$best_import" "$import")
  done
  awk -v k="$kind" -v r="$best_read" -v i="$best_import" 'BEGIN {
    printf "%s: import %.2f s, read %.2f s: %.2f times its speed (goal 0.4)\n", k, i, r, r / i; exit !(r / i >= 0.4)
  }' || missed=1
done
exit $missed
