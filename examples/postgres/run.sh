#!/usr/bin/env bash
# A shop in PostgreSQL, followed from sync to sync. The server is one of its own, on a socket in a temporary folder, and gone at the end.
#
#   examples/postgres/run.sh WORKSPACE
. "$(dirname "$0")/../steps.sh"
if [ $# -ne 1 ] || [ -e "$1" ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE, a folder that is not there yet"; fi
WORKSPACE="$1"
find_program
PROGRAMS="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
if [ ! -x "$PROGRAMS/initdb" ]; then stop 4 "PostgreSQL is not installed: apt-get install postgresql, or scripts/setup.sh --for test"; fi

SERVER="$(mktemp -d "${TMPDIR:-/tmp}/vigie-postgres.XXXXXX")"
AS=()
if [ "$(id -u)" = 0 ]; then AS=(runuser -u postgres --); chown postgres "$SERVER"; fi  # it refuses to be root
at_server() { (cd "$SERVER" && ${AS[@]+"${AS[@]}"} "$@" >>"$SERVER.log" 2>&1 </dev/null); }
gone() { at_server "$PROGRAMS/pg_ctl" -D "$SERVER/data" -m immediate -w stop || true; rm -rf "$SERVER" "$SERVER.log"; }
trap gone EXIT
change() { "$PROGRAMS/psql" -q -h "$SERVER" -U admin -d "${1:-shop}" -v ON_ERROR_STOP=1 >/dev/null; }
at_server "$PROGRAMS/initdb" -D "$SERVER/data" -U admin -A trust -E UTF8 --locale=C.UTF-8 --no-sync
at_server "$PROGRAMS/pg_ctl" -D "$SERVER/data" -w -l "$SERVER/server.log" -o "-k $SERVER -c listen_addresses= -c fsync=off" start
change postgres <<< "CREATE DATABASE shop"
change < "$EXAMPLE/shop.sql"

make_workspace --currency EUR --time-zone Europe/Paris
cp -R "$EXAMPLE/maps" "$EXAMPLE/sources" "$WORKSPACE"
sed -i "s|^host: .*|host: $SERVER|" "$WORKSPACE/sources/shop.yaml"
(umask 077; printf 'only reads\n' > "$WORKSPACE/shop.password")

ask sync
ask kpi revenue --from 2025-01-01 --to 2025-03-01 --grain month
ask sync
say "A day later: another order, and one that was changed."
change <<'SQL'
INSERT INTO sales.orders VALUES (105, '2025-02-10 10:00:00', 2, 40, 'paid', '2025-02-10 10:00:00');
UPDATE sales.orders SET net = 180, changed = '2025-02-10 10:05:00' WHERE id = 103;
SQL
ask sync
ask kpi revenue --from 2025-01-01 --to 2025-03-01 --grain month --by customer.country
ask sources
