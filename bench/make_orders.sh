#!/usr/bin/env bash
# A company of many orders for the benchmarks, in Parquet, and the workspace of it: 36 months up to 2026-01-01, three lines an
# order, eight channels. The same on every machine: everything is a hash of the row's number.
#
#   bench/make_orders.sh FOLDER [ORDERS]     default 10,000,000 orders; FOLDER/workspace is made through `vigie import`
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?usage: make_orders.sh FOLDER [ORDERS]}
orders=${2:-10000000}
mkdir -p "$folder/maps"
cd "$folder"
cat >make.sql <<SQL
CREATE MACRO pick(n) AS ['social','organic_search','paid_search','email','referral','events','outbound','direct'][1 + (n % 8)::INTEGER];
CREATE MACRO day(i, salt) AS DATE '2023-01-01' + ((hash(i * salt) % 1096)::INTEGER);
COPY (SELECT 'C' || i AS id, pick(hash(i * 3)) AS channel FROM range($orders // 14) t(i)) TO 'customers.parquet';
COPY (SELECT 'P' || i AS id, 5 + hash(i) % 60 AS cost FROM range(200) t(i)) TO 'products.parquet';
COPY (SELECT 'O' || i AS id, 'C' || (hash(i * 7) % ($orders // 14)) AS customer, TIMESTAMP '2023-01-01' + INTERVAL (i * (1096.0 * 86400 / $orders)) SECOND AS at,
      pick(hash(i * 11)) AS channel, (1000 + hash(i * 5) % 40000) / 100.0 AS net FROM range($orders) t(i)) TO 'orders.parquet';
COPY (SELECT 'O' || (i // 3) AS order_id, i % 3 + 1 AS position, 'P' || (hash(i * 13) % 200) AS product, 1 + hash(i) % 3 AS quantity,
      (300 + hash(i * 17) % 13000) / 100.0 AS net FROM range($orders * 3) t(i)) TO 'lines.parquet';
COPY (SELECT 'R' || i AS id, 'O' || (i * 33) AS order_id, TIMESTAMP '2023-01-20' + INTERVAL (i * 33 * (1096.0 * 86400 / $orders) * 0.98) SECOND AS at,
      (500 + hash(i) % 3000) / 100.0 AS net FROM range($orders // 33) t(i)) TO 'refunds.parquet';
COPY (SELECT 'L' || i AS id, 'C' || (hash(i * 19) % ($orders // 14)) AS customer, day(i, 23) AS created, pick(hash(i * 29)) AS channel FROM range($orders // 20) t(i)) TO 'leads.parquet';
COPY (SELECT 'D' || i AS id, 'C' || (hash(i * 31) % ($orders // 14)) AS customer, day(i, 37) AS created, day(i, 37) + (5 + hash(i * 41) % 90)::INTEGER AS closed,
      CASE WHEN hash(i * 43) % 5 < 2 THEN 'won' ELSE 'lost' END AS outcome, pick(hash(i * 47)) AS channel FROM range($orders // 50) t(i)
      WHERE day(i, 37) + (5 + hash(i * 41) % 90)::INTEGER < DATE '2026-01-01') TO 'deals.parquet';
COPY (SELECT day::DATE AS day, pick(c) AS channel, 200 + hash(c * 53) % 900 AS spend FROM range(DATE '2023-01-01', DATE '2026-01-01', INTERVAL 1 DAY) d(day), range(7) t(c)) TO 'spend.parquet';
COPY (SELECT day::DATE AS day, 90000 AS amount FROM range(DATE '2023-01-01', DATE '2026-01-01', INTERVAL 1 MONTH) d(day)) TO 'costs.parquet';
COPY (SELECT 'E' || i AS id, DATE '2022-01-01' + (i * 9)::INTEGER AS since FROM range(150) t(i)) TO 'staff.parquet';
COPY (SELECT 'N' || i AS id, 'C' || (hash(i * 59) % ($orders // 14)) AS customer, day(i, 61) AS answered, 10 - (hash(i * 67) % 11) // 2 AS score FROM range($orders // 50) t(i)) TO 'answers.parquet';
SQL
"$here/build/bin/sql_bench" - make.sql >/dev/null
map() { # NAME TABLE FILE, columns on standard input
  { echo "map: $1"; echo "source: bench"; echo "table: $2"; echo "input: ../$3.parquet"; echo "history_complete: true"; echo "complete_until: 2025-12-31"; echo "columns:"; sed 's/^/  /'; } >"maps/$1.yaml"
}
map 01_products products products <<<$'key: id\nname: id\ncost: cost'
map 02_customers customers customers <<<$'key: id\nacquisition_channel: channel'
map 03_orders orders orders <<<$'key: id\ncustomer_key: customer\nordered_at: at\namount_net: net\nchannel: channel'
map 04_lines order_lines lines <<<$'key: [order_id, position]\norder_key: order_id\nproduct_key: product\nquantity: quantity\namount_net: net'
map 05_refunds refunds refunds <<<$'key: id\norder_key: order_id\nrefunded_at: at\namount_net: net'
map 06_leads leads leads <<<$'key: id\ncustomer_key: customer\ncreated_at: {from: created, as: date}\nsource_channel: channel'
map 07_deals opportunities deals <<<$'key: id\ncustomer_key: customer\ncreated_at: {from: created, as: date}\nclosed_at: {from: closed, as: date}\noutcome: outcome\nsource_channel: channel'
map 08_spend channel_spend spend <<<$'key: [day, channel]\ndate: day\nchannel: channel\nspend: spend'
map 09_costs costs costs <<<$'key: day\nbooked_on: day\namount: amount\nfunction: {value: sales}\nshare: {value: "1"}'
map 10_staff headcount staff <<<$'key: id\nfrom_date: since'
map 11_answers survey_responses answers <<<$'key: id\nrespondent_key: customer\ncustomer_key: customer\nkind: {value: nps}\nanswered_at: {from: answered, as: date}\nscore: score'
rm -rf workspace
"$here/build/bin/vigie" init workspace --currency EUR --time-zone Europe/Paris >/dev/null
printf 'profile: [shop, deals]\nsale_event: order\n' >>workspace/vigie.yaml
"$here/build/bin/vigie" import -w workspace --map maps
