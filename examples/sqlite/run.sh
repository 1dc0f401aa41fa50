#!/usr/bin/env bash
# A shop in a SQLite file, followed from sync to sync.
#
#   examples/sqlite/run.sh WORKSPACE
. "$(dirname "$0")/../steps.sh"
if [ $# -ne 1 ] || [ -e "$1" ]; then stop 2 "usage: examples/$NAME/run.sh WORKSPACE, a folder that is not there yet"; fi
WORKSPACE="$1"
find_program
if command -v sqlite3 >/dev/null; then change() { sqlite3 "$WORKSPACE/shop.db"; }
elif command -v python3 >/dev/null; then change() { python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())' "$WORKSPACE/shop.db"; }
else stop 4 "sqlite3 or python3 makes the shop: install one of them."
fi
make_workspace --currency EUR --time-zone Europe/Paris
cp -R "$EXAMPLE/maps" "$EXAMPLE/sources" "$WORKSPACE"
change < "$EXAMPLE/shop.sql"

ask sync
ask kpi revenue --from 2025-01-01 --to 2025-03-01 --grain month
ask sync
say "A day later: another order, and one that was changed."
change <<'SQL'
INSERT INTO orders VALUES (105, '2025-02-10 10:00:00', 2, 40, 'paid', '2025-02-10 10:00:00');
UPDATE orders SET net = 180, changed = '2025-02-10 10:05:00' WHERE id = 103;
SQL
ask sync
ask kpi revenue --from 2025-01-01 --to 2025-03-01 --grain month --by customer.country
ask sources
