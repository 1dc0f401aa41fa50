#!/usr/bin/env bash
# A folder that vigie serve watches: two files come, and the revenue follows by itself.
#
#   examples/watched_folder/run.sh WORKSPACE [FOLDER]
. "$(dirname "$0")/../steps.sh"
begin "$@"
make_workspace --currency EUR --time-zone Europe/Paris
mkdir -p "$WORKSPACE/maps" "$WORKSPACE/sources" "$WORKSPACE/drop"
cp "$EXAMPLE"/maps/*.yaml "$WORKSPACE/maps/"
cp "$EXAMPLE"/sources/*.yaml "$WORKSPACE/sources/"

"$VIGIE" serve -w "$WORKSPACE" --port 0 &
SERVER=$!
trap 'kill "$SERVER" 2>/dev/null; wait "$SERVER" 2>/dev/null' EXIT

until [ -S "$WORKSPACE/data/vigie.sock" ]; do sleep 0.1; done

# Whether the source has taken as many files as there are, at most half a minute after the last came.
wait_for_rows() {
  for _ in $(seq 60); do
    if "$VIGIE" kpi revenue -w "$WORKSPACE" --from 2025-06-01 --to 2025-07-01 --grain total --format json |
        grep -q "\"value_exact\":\"$1\""; then return; fi
    sleep 0.5
  done
  "$VIGIE" sources -w "$WORKSPACE" >&2
  stop 3 "The files were not taken within half a minute."
}

# Written under its name; the mark comes last.
put() { cp "$FOLDER/$1" "$WORKSPACE/drop/$1"; : > "$WORKSPACE/drop/$1.done"; }

put till-2025-06-02.csv
wait_for_rows 44.4
ask kpi revenue --from 2025-06-02 --to 2025-06-04 --grain day
put till-2025-06-03.csv    # and a ticket of the day before, corrected
wait_for_rows 64.4
ask kpi revenue --from 2025-06-02 --to 2025-06-04 --grain day
ask sources
