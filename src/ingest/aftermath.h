#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

// What follows from rows that came, changed or went, in the same transaction.

/// Key tables: each natural key seen as a row or as a reference. `key.collision` when two of them share a number.
Result<> write_keys(Job& job, const Stage& stage);

/// Earlier values of tracked columns. The first version known of a row holds from the beginning of time; a change is
/// dated by the row's updated_at, else by the import.
Result<> write_history(Job& job);

/// The neighbours of `rows`, a SELECT with the columns `id`, key, deleted_at and neighbour_inputs by their physical
/// names: one line (id, neighbour columns) for each row that has a place among others. `apart` is a list of the `by`
/// columns that are not the same on all rows.
std::string neighbours_of(const model::Table& table, const std::string& rows, const std::vector<std::string>& apart);
std::vector<std::string> neighbour_names(const model::Table& table);

/// The model columns that decide who is whose neighbour: by, order and those of `where`. Empty without neighbours.
std::vector<std::string> neighbour_inputs(const model::Table& table);

/// Neighbour columns of the partitions that this batch touched. Before rows change, `note_partitions_before` remembers
/// where those of `match` stand.
Result<> note_partitions_before(Job& job, std::string_view match);
Result<> refresh_neighbours(Job& job);

/// Base amounts of rows in other currencies: of this batch; and, when the batch brought rates or rows that date others,
/// of every row whose rate is another now.
Result<> price_rows(Job& job);

}  // namespace vigie::ingest
