#!/usr/bin/env bash
# Software by subscription: recurring revenue, its movements, churn and retention.
#
#   examples/ravenstack/run.sh WORKSPACE [FOLDER]
PUBLIC_SET="It is RavenStack, a synthetic SaaS set of Kaggle (rivalytics): accounts, subscriptions, churn_events, support_tickets as CSV."
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency USD --time-zone UTC
import_maps

span=(--from 2023-01-01 --to 2025-01-01)
ask board --from 2024-01-01 --to 2025-01-01 --grain month
ask kpi mrr "${span[@]}" --grain month
ask kpi active_customers "${span[@]}" --grain month
ask kpi churn_rate "${span[@]}" --grain month
ask kpi churn_rate:mrr_movements --from 2024-10-01 --to 2025-01-01 --grain month
ask kpi retention_rate:net_revenue_retention "${span[@]}" --grain month
ask kpi conversion_rate:trial_to_paid "${span[@]}" --grain total
