#!/usr/bin/env bash
# People, with the days they came and left.
#
#   examples/hr/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="HRDataset_v14.csv is on Kaggle: rhuebner/human-resources-data-set (CC BY-NC-ND 4.0)."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency USD --time-zone America/New_York
import_maps

ask kpi headcount --from 2006-01-01 --to 2019-01-01 --grain year
ask kpi headcount --from 2018-01-01 --to 2019-01-01 --grain month --by team
ask kpi employee_turnover --from 2012-01-01 --to 2019-01-01 --grain year
