#!/usr/bin/env bash
# `vigie board` (ten KPIs, 24 months, by channel, against the year before) on 10 million orders and 30 million lines, against the
# hand-written SQL for the same cells on the same file (bench/hand.sql): both as commands, from start to end, in turn, three
# times; the best of each counts. Goal: at most 1.25 times.
#
#   bench/board.sh [ORDERS [FOLDER]]     default 10,000,000; FOLDER is made once and kept, else a temporary one is used
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
orders=${1:-10000000}
work=${2:-}
if [ -z "$work" ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/vigie-board-XXXXXX")
  trap 'rm -rf "$work"' EXIT
fi
[ -e "$work/workspace/data/warehouse.duckdb" ] || bench/make_orders.sh "$work" "$orders" >/dev/null
seconds() {
  local begun ended
  begun=$(date +%s.%N)
  "$@" >/dev/null
  ended=$(date +%s.%N)
  awk -v a="$begun" -v b="$ended" 'BEGIN {printf "%.3f", b - a}'
}
best_hand=999999 best_board=999999
for _ in 1 2 3; do
  rm -rf "$work/workspace/data/boards" # a board that was answered before is read back
  hand=$(seconds build/bin/sql_bench "$work/workspace/data/warehouse.duckdb" bench/hand.sql)
  board=$(seconds build/bin/vigie board -w "$work/workspace" --from 2024-01-01 --to 2026-01-01 --by channel --compare previous_year --format json)
  echo "hand $hand s   board $board s"
  best_hand=$(awk -v a="$best_hand" -v b="$hand" 'BEGIN {print a < b ? a : b}')
  best_board=$(awk -v a="$best_board" -v b="$board" 'BEGIN {print a < b ? a : b}')
done
awk -v h="$best_hand" -v b="$best_board" -v n="$orders" 'BEGIN {
  printf "%d orders: board %.2f s, by hand %.2f s: ratio %.2f (goal 1.25)\n", n, b, h, b / h
  exit !(b / h <= 1.25)
}'
