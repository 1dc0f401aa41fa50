#pragma once
#include <duckdb.h>

#include "base/result.h"

namespace vigie::ingest {

/// Places (places.h) as SQL, so that rows are noted and told by the engine's own threads, in its own scans:
///
///   vigie_places_open(rows) → BIGINT          a number for places of that many rows
///   vigie_place_note(number, row, owner, kind, at, day, off, bare, key) → BOOLEAN
///   vigie_places_settle(number, threads) → BOOLEAN
///   vigie_place(number, row) → STRUCT(nth, prev_at, prev_at_day, prev_at_off, prev_at_bare, prev_key, next_at, …)
///   vigie_places_close(number) → BOOLEAN      frees them
///
/// and sets of keys (key_set.h) in the same way:
///
///   vigie_keys_open(most) → BIGINT, vigie_keys_add(number, key) → BOOLEAN (whether it is new),
///   vigie_keys_close(number) vigie_seen_open(places) → BIGINT, vigie_seen_news(number, key, text) → BOOLEAN,
///   vigie_seen_close(number)
///
/// The numbers are those of one database; it frees what was not closed.
Result<> add_place_functions(duckdb_connection connection);

}  // namespace vigie::ingest
