#!/usr/bin/env bash
# Two real taps from PyPI against a PostgreSQL of their own: an increment that goes on from the STATE that is kept, a tap that is cut off
# on its way, full loads with ACTIVATE_VERSION, rows deleted at their source, and a load that lacks most of them.
#
#   tests/presets/singer.sh
#
# Wants python3 with venv, a package index and Debian's postgresql; says so and ends with 77 where one is missing. VIGIE names the program.
set -euo pipefail
ROOT="$(cd "$(dirname "$0")/../.." && pwd)"
VIGIE="${VIGIE:-$ROOT/build/bin/vigie}"
POSTGRES="$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)"
if [ -z "$POSTGRES" ]; then printf 'left out: PostgreSQL is not installed\n'; exit 77; fi
HERE="$(mktemp -d "${TMPDIR:-/tmp}/singer-tap.XXXXXX")"
stop_all() {
  as_owner "$POSTGRES/pg_ctl" -D "$HERE/pg" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$HERE"
}
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
trap stop_all EXIT
# Meltano's for increments; PipelineWise's for full loads, which activates versions (its psycopg2 is too old for Python of today).
BIN="${SINGER_TAPS:-}"
if [ -z "$BIN" ]; then
  BIN="$HERE"
  python3 -m venv "$HERE/meltano"
  python3 -m venv "$HERE/pipelinewise"
  if ! { "$HERE/meltano/bin/pip" install -q 'meltanolabs-tap-postgres==0.10.0' &&
    "$HERE/pipelinewise/bin/pip" install -q --no-deps 'pipelinewise-tap-postgres==1.8.4' &&
    "$HERE/pipelinewise/bin/pip" install -q psycopg2-binary 'pipelinewise-singer-python==1.3.0' strict-rfc3339 setuptools; } >"$HERE/pip" 2>&1; then
    if ! [ -x "$HERE/meltano/bin/tap-postgres" ] || ! [ -x "$HERE/pipelinewise/bin/tap-postgres" ]; then
      printf 'left out: the taps cannot be installed: %s\n' "$(tail -1 "$HERE/pip")"; exit 77
    fi
  fi
fi
mkdir "$HERE/pg" "$HERE/socket"
if [ "$(id -u)" = 0 ]; then chown postgres "$HERE/pg" "$HERE/socket"; chmod 711 "$HERE"; fi
as_owner "$POSTGRES/initdb" -D "$HERE/pg" -U shop -A trust >/dev/null
PORT="${SINGER_PORT:-54337}"
as_owner "$POSTGRES/pg_ctl" -D "$HERE/pg" -w -l "$HERE/socket/log" -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$HERE/socket" start >/dev/null
sql() { "$POSTGRES/psql" -q -X -A -t -h 127.0.0.1 -p "$PORT" -U shop -d postgres -c "$1"; }

cd "$HERE"
"$VIGIE" init co >/dev/null
MAP="map: sales
source: shop
table: orders
input: {from_source: true}
columns: {key: id, ordered_at: sold_at, amount_net: net, deleted_at: _sdc_deleted_at}
"
printf '%s' "$MAP" >co/maps/sales.yaml
sql "CREATE TABLE sales(id bigint PRIMARY KEY, sold_at timestamptz NOT NULL, net numeric(12,2), changed_at timestamptz NOT NULL);
     INSERT INTO sales SELECT i, timestamptz '2025-06-01 08:00+00' + i * interval '1 minute', (i % 100) + 0.25, timestamptz '2025-06-01 08:00+00' + i * interval '1 minute' FROM generate_series(1, 20000) i"
printf '{"host":"127.0.0.1","port":%s,"user":"shop","password":"none","database":"postgres","filter_schemas":%s,"ssl_enable":false}' "$PORT" '["public"]' >meltano.json
printf '{"host":"127.0.0.1","port":%s,"user":"shop","password":"none","dbname":"postgres","filter_schemas":"public"}' "$PORT" >pipelinewise.json

select_by() { # TAP METHOD
  "$BIN/$1/bin/tap-postgres" --config "$1.json" --discover >discovered.json 2>log
  python3 - "$2" <<'PY'
import json, sys
catalog = json.load(open("discovered.json"))
key = "changed_at" if sys.argv[1] == "INCREMENTAL" else None
for stream in catalog["streams"]:
    stream.update({"replication_method": sys.argv[1], "replication_key": key})
    for one in stream["metadata"]:
        if one["breadcrumb"] == []:
            one["metadata"].update({"selected": True, "replication-method": sys.argv[1]})
            if key: one["metadata"]["replication-key"] = key
json.dump(catalog, open("catalog.json", "w"))
PY
}
take() { "$VIGIE" ingest singer -w co --tap "$1" --map public-sales=co/maps/sales.yaml "${@:2}"; }
tap() { # TAP
  local catalog=--catalog
  if [ "$1" = pipelinewise ]; then catalog=--properties; fi
  take "$1" --state >state.json
  "$BIN/$1/bin/tap-postgres" --config "$1.json" "$catalog" catalog.json --state state.json 2>log
}
wanted() { # WHAT EXPECTED FOUND
  if [ "$2" = "$3" ]; then printf '%s: %s\n' "$1" "$3"; else printf '%s: expected %s, found %s\n' "$1" "$2" "$3"; tail -3 log; exit 1; fi
}
counted() {
  python3 -c '
import json, sys
told = json.load(sys.stdin)
stream = [one for one in told["streams"] if one["stream"] == "public-sales"][0]
print(*[stream[name] for name in ("received", "new", "changed", "gone")], *[sum(one[name] for one in told["receipts"]) for name in ("loaded", "updated")])'
}
# What the workspace says of its sales, beside what their source says.
agrees() { # WHAT
  wanted "$1" "$(sql "SELECT count(*) || ' ' || sum(net) FROM sales")" "$("$VIGIE" kpi average_sale -w co --from 2025-01-01 --to 2026-01-01 --grain total --format json | python3 -c '
import json, sys
from decimal import Decimal
row = json.load(sys.stdin)["rows"][0]
print(int(Decimal(row["denominator_exact"])), format(Decimal(row["numerator_exact"]), ".2f"))')"
}

select_by meltano INCREMENTAL
wanted 'the first load: received, new, changed, gone; loaded, updated' '20000 20000 0 0 20000 0' "$(tap meltano | take meltano --format json | counted)"
agrees 'the first load: sales and their sum'
sql "UPDATE sales SET net = 1000, changed_at = '2025-07-01' WHERE id = 7; INSERT INTO sales VALUES (20001, '2025-07-01', 5, '2025-07-01 01:00')"
# The bookmark is inclusive: the last row of before comes again, and is as it was.
wanted 'an increment' '3 1 1 0 1 1' "$(tap meltano | take meltano --format json | counted)"
agrees 'an increment'

# A tap that is cut off on its way: what came is there, and the rest comes with the next.
sql "UPDATE sales SET net = net + 1, changed_at = changed_at + interval '60 days' WHERE id <= 15000"
{ tap meltano | head -n 12000 | take meltano --piece 500 >/dev/null; } 2>/dev/null || true
tap meltano | take meltano >/dev/null 2>&1
agrees 'after a tap that was cut off'

rm -rf co
"$VIGIE" init co >/dev/null
printf '%s' "$MAP" >co/maps/sales.yaml
select_by pipelinewise FULL_TABLE
wanted 'a full load' '20001 20001 0 0 20001 0' "$(tap pipelinewise | take pipelinewise --format json | counted)"
sql "DELETE FROM sales WHERE id BETWEEN 100 AND 199"
wanted 'a full load without a hundred rows' '19901 0 0 100 0 100' "$(tap pipelinewise | take pipelinewise --format json | counted)"
sql "CREATE TABLE away AS SELECT * FROM sales WHERE id > 5000; DELETE FROM sales WHERE id > 5000"
if tap pipelinewise | take pipelinewise --format json >cut.json 2>cut; then printf 'a load that lacks most rows was taken\n'; exit 1; fi
wanted 'a load that lacks most rows is stopped' 1 "$(grep -c 'would be deleted' cut)"
sql "INSERT INTO sales SELECT * FROM away"
# Nothing of the load that was stopped was taken for deleted: the rows are as they were.
wanted 'after the rows are back' '19901 0 0 0 0 0' "$(tap pipelinewise | take pipelinewise --format json | counted)"
printf 'real taps: all as it should be\n'
