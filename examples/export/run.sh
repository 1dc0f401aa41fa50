#!/usr/bin/env bash
# What a workspace knows, taken out again: an answer for a French Excel, the board as a workbook, tables as Parquet; and
# all of it brought into another workspace, which answers the same.
#
#   examples/export/run.sh WORKSPACE
. "$(dirname "$0")/../steps.sh"
if [ $# -ne 1 ] || [ -e "$1" ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE, a folder that is not there yet"; fi
WORKSPACE="$1"
find_program
"$VIGIE" init "$WORKSPACE" --company "Atelier Béranger" --currency EUR --time-zone Europe/Paris
cp "$ROOT/examples/atelier/vigie.yaml" "$WORKSPACE/vigie.yaml"
"$VIGIE" import -w "$WORKSPACE" --map "$ROOT/examples/atelier/maps" --from "$ROOT/examples/atelier/data" >/dev/null
OUT="$WORKSPACE/out"
mkdir -p "$OUT/tables"

take() {
  printf '\n$ vigie export %s\n' "$*"
  "$VIGIE" export "$@" -w "$WORKSPACE"
}
YEAR="--from 2025-01-01 --to 2026-01-01"

say "An answer, and the ten of them."
take kpi revenue $YEAR --grain quarter --by channel -o "$OUT/revenue.csv" --for excel-fr --headers labels
take board $YEAR --grain quarter --compare previous_year -o "$OUT/board.xlsx"
take table orders --where "amount_net >= 20000 EUR" --columns key,ordered_at,customer_key,amount_net,currency

say "Every table, with the maps that bring it back."
for table in customers employees teams products fx_rates stages leads opportunities opportunity_stage_changes orders order_lines \
  refunds subscriptions channel_spend costs headcount quotas touchpoints survey_responses; do
  take table "$table" -o "$OUT/tables/$table.parquet" --maps "$OUT/maps"
done
"$VIGIE" init "$OUT/again" --currency EUR --time-zone Europe/Paris
cp "$WORKSPACE/vigie.yaml" "$OUT/again/vigie.yaml"
"$VIGIE" import -w "$OUT/again" --map "$OUT/maps"

say "Both answer the same."
"$VIGIE" board -w "$WORKSPACE" $YEAR --format csv >"$OUT/before.csv"
"$VIGIE" board -w "$OUT/again" $YEAR --format csv >"$OUT/after.csv"
cmp "$OUT/before.csv" "$OUT/after.csv"
WORKSPACE="$OUT/again"
ask board $YEAR
