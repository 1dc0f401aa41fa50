#!/usr/bin/env bash
# The reference rates of the European Central Bank, and nine invoices that show what they do.
#
#   examples/fx_rates/run.sh WORKSPACE [FOLDER]
#
# Into the workspace of another example only the rates go: `vigie kpi … --currency EUR` answers there afterwards.
PUBLIC_SET="eurofxref-hist.csv is at www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip (free reuse, source: ECB)."
. "$(dirname "$0")/../steps.sh"
begin "$@"
if [ -e "$WORKSPACE/vigie.yaml" ] && ! cmp -s "$EXAMPLE/vigie.yaml" "$WORKSPACE/vigie.yaml"; then
  import_maps
  exit 0
fi
make_workspace --currency EUR --time-zone Europe/Paris
import_maps
"$VIGIE" import -w "$WORKSPACE" --map "$EXAMPLE/sample/invoices.yaml" --from "$EXAMPLE/sample"

span=(--from 2023-01-01 --to 2026-01-01)
ask kpi revenue "${span[@]}" --grain year
ask kpi revenue "${span[@]}" --grain total --by x_case
ask kpi revenue "${span[@]}" --grain total --currency USD
