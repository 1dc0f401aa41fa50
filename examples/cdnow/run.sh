#!/usr/bin/env bash
# The cohort of a record shop: every purchase until June 1998 of those who first bought in the first quarter of 1997.
#
#   examples/cdnow/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="CDNOW_master.txt is free at brucehardie.com/datasets (Fader and Hardie), and part of the lifetimes package of Python."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency USD --time-zone America/New_York
import_maps

span=(--from 1997-01-01 --to 1998-07-01)
ask board --from 1997-07-01 --to 1998-07-01 --grain month
ask kpi revenue "${span[@]}" --grain quarter
ask kpi new_customers "${span[@]}" --grain month
ask kpi average_sale "${span[@]}" --grain quarter
ask kpi retention_rate:repeat_purchase_rate "${span[@]}" --grain total
ask kpi retention_rate:cohort "${span[@]}" --grain quarter
