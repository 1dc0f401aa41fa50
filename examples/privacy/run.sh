#!/usr/bin/env bash
# A customer asks to be forgotten: what goes, what stays, and what the next export brings of them.
#
#   examples/privacy/run.sh WORKSPACE [FOLDER]
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency EUR --time-zone Europe/Paris
import_maps

figures() {
  ask kpi revenue --from 2025-01-01 --to 2025-06-01 --grain quarter
  ask kpi nps --from 2025-01-01 --to 2025-06-01 --grain total
}
erase() {
  printf '\n$ vigie erase %s\n' "$*"
  "$VIGIE" erase "$@" -w "$WORKSPACE"
}
holds() {
  if grep -rqaiF "$1" "$WORKSPACE/data"; then say "The workspace holds \"$1\"."; else say "Nothing in the workspace's data says \"$1\"."; fi
}

# Hashed before it was stored: of the newsletter nobody knows an address. That of a customer is there.
holds ada.byron@example.org
figures
erase customer C1 --dry-run
erase customer C1 --yes --who "the data protection officer"
holds ada.byron
figures    # as they were

# The shop sends the same customer again, with a new order: the order counts, the name does not come back.
"$VIGIE" import -w "$WORKSPACE" --map "$EXAMPLE/maps/10_customers.yaml" "$FOLDER/later/customers.csv"
"$VIGIE" import -w "$WORKSPACE" --map "$EXAMPLE/maps/20_orders.yaml" "$FOLDER/later/orders.csv"
holds ada.byron
ask kpi revenue --from 2025-01-01 --to 2025-07-01 --grain quarter
erase list
