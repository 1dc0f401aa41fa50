#!/usr/bin/env bash
# A real tap from PyPI (meltanolabs-tap-postgres) against a PostgreSQL of its own: full loads with ACTIVATE_VERSION, an increment that goes
# on from the STATE that is kept, a row deleted at its source, and a tap that is killed on its way.
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
TAP="${SINGER_TAP:-}"
if [ -z "$TAP" ]; then
  python3 -m venv "$HERE/venv"
  if ! "$HERE/venv/bin/pip" install -q 'meltanolabs-tap-postgres==0.10.0' >"$HERE/pip" 2>&1; then
    printf 'left out: the tap cannot be installed: %s\n' "$(tail -1 "$HERE/pip")"; exit 77
  fi
  TAP="$HERE/venv/bin/tap-postgres"
fi
mkdir "$HERE/pg" "$HERE/socket"
if [ "$(id -u)" = 0 ]; then chown postgres "$HERE/pg" "$HERE/socket"; chmod 711 "$HERE"; fi
as_owner "$POSTGRES/initdb" -D "$HERE/pg" -U shop -A trust >/dev/null
PORT="${SINGER_PORT:-54337}"
as_owner "$POSTGRES/pg_ctl" -D "$HERE/pg" -w -l "$HERE/socket/log" -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$HERE/socket" start >/dev/null
sql() { "$POSTGRES/psql" -q -X -A -t -h 127.0.0.1 -p "$PORT" -U shop -d postgres -c "$1"; }

cd "$HERE"
"$VIGIE" init co >/dev/null
cat >co/maps/sales.yaml <<'MAP'
map: sales
source: shop
table: orders
input: {from_source: true}
columns: {key: id, ordered_at: sold_at, amount_net: net, deleted_at: _sdc_deleted_at}
MAP
sql "CREATE TABLE sales(id bigint PRIMARY KEY, sold_at timestamptz NOT NULL, net numeric(12,2), changed_at timestamptz NOT NULL);
     INSERT INTO sales SELECT i, timestamptz '2025-06-01 08:00+00' + i * interval '1 minute', (i % 100) + 0.25, timestamptz '2025-06-01 08:00+00' + i * interval '1 minute' FROM generate_series(1, 20000) i"
printf '{"host":"127.0.0.1","port":%s,"user":"shop","password":"none","database":"postgres","filter_schemas":["public"],"ssl_enable":false}' "$PORT" >config.json
"$TAP" --config config.json --discover >discovered.json 2>log

select_by() { # METHOD
  python3 - "$1" <<'PY'
import json, sys
catalog = json.load(open("discovered.json"))
for stream in catalog["streams"]:
    stream["replication_method"] = sys.argv[1]
    stream["replication_key"] = "changed_at" if sys.argv[1] == "INCREMENTAL" else None
    for one in stream["metadata"]:
        if one["breadcrumb"] == []:
            one["metadata"].update({"selected": True, "replication-method": sys.argv[1]})
            if sys.argv[1] == "INCREMENTAL": one["metadata"]["replication-key"] = "changed_at"
json.dump(catalog, open("catalog.json", "w"))
PY
}
SINGER=("$VIGIE" ingest singer -w co --tap shop --map public-sales=co/maps/sales.yaml)
tap() { "${SINGER[@]}" --state >state.json; "$TAP" --config config.json --catalog catalog.json --state state.json 2>log; }
wanted() { # WHAT EXPECTED FOUND
  if [ "$2" = "$3" ]; then printf '%s: %s\n' "$1" "$3"; else printf '%s: expected %s, found %s\n' "$1" "$2" "$3"; tail -3 log; exit 1; fi
}
revenue() { "$VIGIE" kpi average_sale -w co --from 2025-01-01 --to 2026-01-01 --grain total --format json | python3 -c 'import json,sys; d=json.load(sys.stdin); s=json.dumps(d); print(s)'; }
counted() { python3 -c 'import json,sys; d=json.load(sys.stdin); s=[x for x in d["streams"] if x["stream"]=="public-sales"][0]; r=d["receipts"]; print(*[s[k] for k in ("received","new","changed","gone")], sum(x["loaded"] for x in r), sum(x["updated"] for x in r))'; }

select_by INCREMENTAL
wanted 'the first load: received new changed gone, loaded updated' '20000 20000 0 0 20000 0' "$(tap | "${SINGER[@]}" --format json | counted)"
sql "UPDATE sales SET net = 1000, changed_at = '2025-07-01' WHERE id = 7; INSERT INTO sales VALUES (20001, '2025-07-01', 5, '2025-07-01 01:00')"
# The bookmark is inclusive: the last row of before comes again, and is as it was.
wanted 'an increment' '3 1 1 0 1 1' "$(tap | "${SINGER[@]}" --format json | counted)"

# A tap that is killed on its way: what came is there, and the rest comes with the next.
sql "UPDATE sales SET net = net + 1, changed_at = changed_at + interval '60 days' WHERE id <= 15000"
{ tap | head -n 4000 | "${SINGER[@]}" --piece 500 >/dev/null; } 2>/dev/null || true
tap | "${SINGER[@]}" --format json >/dev/null
wanted 'after a tap that broke off, rows that differ' 0 "$(sql 'COPY (SELECT id, net FROM sales ORDER BY id) TO STDOUT' | sort >there; "$VIGIE" quarantine -w co --format csv | tail -n +2 | wc -l)"

select_by FULL_TABLE
tap | "${SINGER[@]}" --format json >/dev/null
sql "DELETE FROM sales WHERE id BETWEEN 100 AND 199"
wanted 'a full load without a hundred rows' '19901 0 0 100 0 100' "$(tap | "${SINGER[@]}" --format json | counted)"
sql "DELETE FROM sales WHERE id > 5000"
if tap | "${SINGER[@]}" --format json >cut.json 2>cut; then printf 'a load that lacks most rows was taken\n'; exit 1; fi
wanted 'a load that lacks most rows' 1 "$(grep -c 'would be deleted' cut)"
printf 'the real tap: all as it should be\n'
