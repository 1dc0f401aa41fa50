#!/usr/bin/env bash
# The workshop's exports, shipped with the example, and the KPIs that README.md works out with pencil and paper.
#
#   examples/atelier/run.sh WORKSPACE [FOLDER]
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency EUR --time-zone Europe/Paris --fiscal-start 01-01 --week-start monday
import_maps

year=(--from 2025-01-01 --to 2026-01-01 --grain year)
quarters=(--from 2025-01-01 --to 2026-01-01 --grain quarter)
ask board "${year[@]}" --compare previous_year
ask kpi conversion_rate "${quarters[@]}"
ask kpi average_sale "${quarters[@]}"
ask kpi sales_cycle "${year[@]}"
ask kpi churn_rate "${quarters[@]}"
ask kpi churn_rate:mrr_movements "${year[@]}"
ask kpi cac:by_channel "${year[@]}"
ask kpi retention_rate "${quarters[@]}"
ask kpi nps "${year[@]}"
ask kpi revenue_per_employee "${year[@]}"
ask kpi ltv:historic "${year[@]}"
ask kpi channel_roi "${year[@]}"
ask kpi revenue "${quarters[@]}"
