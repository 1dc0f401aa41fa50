#!/usr/bin/env bash
# Three tills, two days, and what their owner expects of them: a batch is refused, warnings come and go.
#
#   examples/checks/run.sh WORKSPACE
. "$(dirname "$0")/../steps.sh"
if [ $# -ne 1 ] || [ -e "$1" ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE, a folder that is not there yet"; fi
WORKSPACE="$1"
find_program
make_workspace --currency EUR --time-zone Europe/Paris
cp -R "$EXAMPLE/maps" "$WORKSPACE"
DATA="$EXAMPLE/data"
revenue() { ask kpi revenue --from 2025-06-01 --to 2025-07-01 --grain total; }

say "Monday: two orders before their customers, one without a till. All are in, and told."
ask import --map "$WORKSPACE/maps/orders.yaml" --from "$DATA/monday"
revenue
say "The customers come: those orders are fine now."
ask import --map "$WORKSPACE/maps/customers.yaml" --from "$DATA"
ask checks
say "Tuesday's export was cut short: it is not what the till counted, and nothing of it is taken."
if ask import --map "$WORKSPACE/maps/orders.yaml" --from "$DATA/tuesday-cut"; then stop 1 "it should have been refused"; fi
revenue
say "The whole of it comes, and Monday's order gets its till."
ask import --map "$WORKSPACE/maps/orders.yaml" --from "$DATA/tuesday"
ask import --map "$WORKSPACE/maps/orders.yaml" --from "$DATA/mended"
revenue
ask checks
