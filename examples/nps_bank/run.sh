#!/usr/bin/env bash
# A bank's survey in three markets.
#
#   examples/nps_bank/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="NPStimeseries.csv is a synthetic survey: github.com/AmatureJS/NPS-Retail-BanK."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency USD --time-zone UTC
import_maps

year=(--from 2021-01-01 --to 2022-01-01)
ask kpi nps "${year[@]}" --grain total
ask kpi nps "${year[@]}" --grain month
ask kpi nps "${year[@]}" --grain total --by x_market
