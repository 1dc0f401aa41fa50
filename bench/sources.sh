#!/usr/bin/env bash
# Rows of a PostgreSQL on this machine into a workspace, against the server's own COPY … TO STDOUT of the same rows; then a sync
# in which nothing is new, and one of a few rows that are. Client and server share the cores: what each took of the processor
# is told apart.
#
#   bench/sources.sh [ROWS]     default 1,000,000; COPY and the first sync are timed in turn, three times, the best of each counts
#
# Goals: the first sync at most 1 / 0.6 of the time of COPY; one in which nothing is new under 1 s (of ten million rows).
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1000000}
vigie=${VIGIE:-build/bin/vigie}
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
work=$(mktemp -d "${TMPDIR:-/tmp}/vigie-sources-XXXXXX")
as=()
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); chown postgres "$work"; fi # it refuses to be root
at_server() { (cd "$work" && ${as[@]+"${as[@]}"} "$@" </dev/null >>"$work.log" 2>&1); }
trap 'at_server "$programs/pg_ctl" -D "$work/pg" -m immediate -w stop || true; rm -rf "$work" "$work.log"' EXIT
at_server "$programs/initdb" -D "$work/pg" -U admin -A trust -E UTF8 --locale=C.UTF-8 --no-sync
at_server "$programs/pg_ctl" -D "$work/pg" -w -l "$work/server.log" -o "-k $work -c listen_addresses= -c fsync=off -c max_wal_size=8GB -c autovacuum=off" start
sql() { "$programs/psql" -q -h "$work" -U admin -d postgres -v ON_ERROR_STOP=1 "$@"; }
sql <<SQL
CREATE TABLE orders AS SELECT i AS id, 'O' || lpad(i::text, 9, '0') AS number, hashint8(i) % 350000 + 350000 AS customer_id,
  timestamptz '2023-01-01' + i * interval '6 seconds' AS placed,
  (ARRAY['paid', 'paid', 'paid', 'void'])[1 + abs(hashint8(i * 3)) % 4] AS state, (abs(hashint8(i * 5)) % 100000 / 100.0)::numeric(12, 2) AS net,
  (abs(hashint8(i * 5)) % 100000 / 500.0)::numeric(12, 2) AS tax, 'EUR' AS currency, (ARRAY['web', 'store', 'phone', 'partner'])[1 + abs(hashint8(i * 11)) % 4] AS channel,
  abs(hashint8(i * 13)) % 50 AS seller_id, timestamptz '2023-01-01' + i * interval '6 seconds' AS changed FROM generate_series(1, $rows) AS i;
ALTER TABLE orders ADD PRIMARY KEY (id);
CREATE INDEX ON orders (changed);
VACUUM ANALYZE orders;
SQL

workspace() {
  rm -rf "$work/w"
  "$vigie" init "$work/w" --currency EUR --time-zone Europe/Paris >/dev/null
  mkdir -p "$work/w/sources" "$work/w/maps"
  cat >"$work/w/sources/erp.yaml" <<YAML
source: erp
kind: postgres
host: $work
database: postgres
user: admin
maps:
  - {map: maps/orders.yaml, table: orders, cursor: changed, overlap: 10 minutes}
YAML
  cat >"$work/w/maps/orders.yaml" <<'YAML'
map: orders
source: erp
table: orders
input: {from_source: true}
columns:
  key: id
  customer_key: customer_id
  ordered_at: placed
  status: {from: state, values: {paid: confirmed, void: cancelled}}
  amount_net: net
  amount_tax: tax
  currency: currency
  channel: channel
  owner_key: seller_id
  updated_at: changed
YAML
}
server_ticks() { # of the server's processes, those that ended too: the postmaster waits for them
  awk '{print $14 + $15 + $16 + $17}' $(sed -n 1p "$work/pg/postmaster.pid" | sed 's|.*|/proc/&/stat|')
}
timed() { # sets took (clock), client (its processor), server (the server's)
  local ticks=$(server_ticks) told
  TIMEFORMAT='%R %U %S'
  told=$({ time "$@" >"$work/said" 2>"$work/wrong"; } 2>&1) || { cat "$work/said" "$work/wrong" >&2; exit 1; }
  sleep 0.2 # the process of the connection ends
  read -r took user system <<<"$told"
  client=$(awk -v u="$user" -v s="$system" 'BEGIN {print u + s}')
  server=$(awk -v a="$ticks" -v b="$(server_ticks)" -v hz="$(getconf CLK_TCK)" 'BEGIN {print (b - a) / hz}')
}
least() { awk -v a="$1" -v b="$2" 'BEGIN {print a < b ? a : b}'; }
copy_rows() { sql -c "COPY orders TO STDOUT (FORMAT csv)" >/dev/null; }

echo "$rows orders; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
best_copy=999999 best_sync=999999 best_again=999999
for _ in 1 2 3; do
  timed copy_rows
  copy=$took said="COPY $copy s (client $client s, server $server s of the processor)"
  workspace
  timed "$vigie" sync -w "$work/w"
  echo "$said   first sync $took s (client $client s, server $server s)"
  best_copy=$(least "$best_copy" "$copy") best_sync=$(least "$best_sync" "$took")
done
for _ in 1 2 3 4 5; do
  timed "$vigie" sync -w "$work/w"
  echo "nothing new: $took s (client $client s, server $server s)"
  best_again=$(least "$best_again" "$took")
done
sql -c "UPDATE orders SET net = net + 1, changed = timestamptz '2023-01-01' + ($rows + 1) * interval '6 seconds' WHERE id % ($rows / 1000) = 0"
timed "$vigie" sync -w "$work/w"
echo "a thousand rows changed: $took s (client $client s, server $server s)"
awk -v c="$best_copy" -v s="$best_sync" -v a="$best_again" 'BEGIN {
  printf "first sync %.2f s, COPY %.2f s: %.2f times its speed (goal 0.6); nothing new %.2f s (goal 1)\n", s, c, c / s, a
  exit !(c / s >= 0.6 && a < 1)
}'
