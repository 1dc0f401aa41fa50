#!/usr/bin/env bash
# The deals of a sales team, over one year.
#
#   examples/crm_pipeline/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="It is the fictitious \"crm-dataset\" of data.world (sparklesquad): accounts, clicks, products, sales-pipeline and sales-teams as CSV."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency USD --time-zone America/New_York
import_maps

year=(--from 2017-01-01 --to 2018-01-01)
ask board "${year[@]}" --grain month
ask kpi conversion_rate:win_rate_closed "${year[@]}" --grain quarter
ask kpi average_sale:deal_size "${year[@]}" --grain total --by product
ask kpi sales_cycle "${year[@]}" --grain total --by team
ask kpi sales_cycle:cohort_median --from 2016-11-01 --to 2018-01-01 --grain total
ask kpi pipeline_value "${year[@]}" --grain month
