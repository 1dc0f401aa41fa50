#!/usr/bin/env bash
# Import of a CSV through a map, with checks, keys, duplicates, neighbours and history, against the engine's own COPY of that
# file into a bare table. Goal: at most 2.5 times its time, under 2 GiB.
#
#   bench/import.sh [ROWS]     default 10,000,000; the two are timed in turn, three times, and the best of each counts
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-10000000}
bench=build/bin/import_bench
work=$(mktemp -d "${TMPDIR:-/tmp}/vigie-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

cat >"$work/orders.yaml" <<'MAP'
map: bench_orders
source: shop
table: orders
input: orders.csv
columns:
  key: order_id
  customer_key: client
  ordered_at: date
  status: {from: state, values: {paid: confirmed, void: cancelled}}
  amount_net: total
  amount_tax: tax
  currency: currency
  channel: channel
  owner_key: seller
MAP

"$bench" make "$work/orders.csv" "$rows" >/dev/null
echo "a CSV of $rows orders, $(du -m "$work/orders.csv" | cut -f1) MB; $(nproc) cores"
best_copy=999999 best_import=999999 peak=0
for _ in 1 2 3; do
  rm -f "$work"/*.db*
  copied=$("$bench" copy "$work/orders.csv" "$work/copy.db")
  read -r copy _ <<<"$copied"
  rm -f "$work"/*.db*
  imported=$("$bench" import "$work/orders.csv" "$work/import.db" "$work/orders.yaml" 2>"$work/progress") || {
    tail -n 3 "$work/progress" >&2
    exit 1
  }
  read -r import memory <<<"$imported"
  echo "COPY $copy s   import $import s, peak $memory MiB"
  best_copy=$(awk -v a="$best_copy" -v b="$copy" 'BEGIN {print a < b ? a : b}')
  best_import=$(awk -v a="$best_import" -v b="$import" 'BEGIN {print a < b ? a : b}')
  peak=$((memory > peak ? memory : peak))
done
awk -v c="$best_copy" -v i="$best_import" -v m="$peak" 'BEGIN {
  printf "import %.2f s, COPY %.2f s: ratio %.2f (goal 2.5); peak %d MiB (goal 2048)\n", i, c, i / c, m
  exit !(i / c <= 2.5 && m < 2048)
}'
