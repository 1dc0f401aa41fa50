#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

// What follows from rows that came, changed or went, in the same transaction.

/// Key tables: each natural key seen as a row or as a reference. `key.collision` when two of them share a number.
Result<> write_keys(Job& job, const Stage& stage);

/// Earlier values of tracked columns. The first version known of a row holds from the beginning of time; a change is
/// dated by the row's updated_at, else by the import.
Result<> write_history(Job& job);

/// A SELECT of `rows` (columns by their physical names, key among them) with the table's neighbour columns added.
struct Adjacent {
  std::string select;
  std::vector<std::string> columns;
};
Result<Adjacent> with_neighbours(const model::Table& table, const std::string& rows);

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
