#!/usr/bin/env bash
# Two mornings of a Singer tap for HubSpot, recorded: what came, the STATE it goes on from, and what the deal that was won
# in between changes.
#
#   examples/singer/run.sh WORKSPACE [FOLDER]
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency EUR --time-zone Europe/Paris

take() {
  printf '\n$ tap-hubspot … | vigie ingest singer --preset hubspot     (%s)\n' "$1"
  "$VIGIE" ingest singer -w "$WORKSPACE" --preset hubspot <"$FOLDER/$1.jsonl"
}

june=(--from 2025-06-01 --to 2025-07-01 --grain total --as-of 2025-07-01)
take monday
ask ingest singer --preset hubspot --state
ask kpi average_sale:deal_size "${june[@]}"
ask kpi conversion_rate:win_rate_closed "${june[@]}"

# A real tap is given that STATE: tap-hubspot --config … --state <(vigie ingest singer -w … --preset hubspot --state)
take tuesday
ask ingest singer --preset hubspot --state
ask kpi average_sale:deal_size "${june[@]}"
ask kpi conversion_rate:win_rate_closed "${june[@]}"
