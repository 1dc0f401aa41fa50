#!/usr/bin/env bash
# Olist, a Brazilian market place: orders of buyers, and the funnel that wins sellers.
#
#   examples/olist/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="They are two public sets of Kaggle: olistbr/brazilian-ecommerce and olistbr/marketing-funnel-olist (CC BY-NC-SA 4.0).
Put the CSV files of both into one folder."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency BRL --time-zone America/Sao_Paulo
import_maps

orders=(--from 2016-09-01 --to 2018-11-01)
funnel=(--from 2017-06-01 --to 2018-06-01 --as-of 2018-11-14)
ask board --from 2017-09-01 --to 2018-09-01 --grain month
ask kpi orders "${orders[@]}" --grain month
ask kpi average_sale "${orders[@]}" --grain month
ask kpi retention_rate:repeat_purchase_rate "${orders[@]}" --grain total
ask kpi conversion_rate:created_to_date "${funnel[@]}" --grain total --by channel
ask kpi conversion_rate "${funnel[@]}" --grain month --param window=30
ask kpi sales_cycle --from 2017-06-01 --to 2018-12-01 --grain total
