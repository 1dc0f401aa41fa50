#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

// What follows from rows that came, changed or went, in the same transaction.

/// Key tables: each natural key seen as a row or as a reference. `key.collision` when two of them share a number.
Result<> write_keys(Job& job, const Stage& stage);
/// That error: the first row of `pair` holds the two keys.
std::unexpected<Error> collision(const store::ResultSet& pair, const std::string& space);

// Earlier values of tracked columns: a history is empty as long as no tracked column of its table has changed, and
// tells of every row from then on. The first version known of a row holds from the beginning of time; a change is dated
// by the row's updated_at, else by the import (also where that is a slip: slips.h), and says which (begun_by); one
// dated no later than the version in force corrects that version, but for one that is dated after the last dated one
// and comes after some that are not: it goes before them, to its date (sequences.cpp). A dated one that takes a slip's
// place takes the version that the slip began back, also the first of its row, and no other. A reference or a word that
// a map comes to tell, and had told of no row, is no change: all versions are told it.

/// Before the earlier versions of rows that stand several times in the batch are dropped: remembers what they say of
/// tracked columns. `repeated` is the list of keys, as SQL.
Result<> note_versions(Job& job, const Stage& stage, const std::string& repeated);
/// Before rows change: whether the batch has something to tell. Fills an empty history with the rows as they are then.
/// `match` is the table of known rows (merge.cpp), "" without any.
Result<bool> begin_history(Job& job, const Stage& stage, std::string_view match);
/// After they have changed, when begin_history said so.
Result<> write_history(Job& job, const Stage& stage);

/// Of a map with stages_from_syncs, after its deals are merged and its stage is dropped: brings in what they show of
/// stage changes (origin seen) of deals that no log tells of. Fills the receipt's stages_seen.
Result<> note_seen_stages(Job& job);
/// Of a map that brings a log of stages: what was seen of the stages of its deals before gives way to it.
Result<> give_seen_stages_up(Job& job);

/// The neighbours of `rows`, a SELECT with the columns `id`, key, deleted_at and neighbour_inputs by their physical
/// names: one line (id, neighbour columns) for each row that has a place among others. `apart` is a list of the `by`
/// columns that are not the same on all rows.
std::string neighbours_of(const model::Table& table, const std::string& rows, const std::vector<std::string>& apart);
std::vector<std::string> neighbour_names(const model::Table& table);

/// The same for the rows of a whole new table, by one sort in memory (places.h): vigie_place(lease->number(), id -
/// first) is then a struct of the neighbour columns. Ids are `ids` numbers from `first` on. No lease where they are too
/// many, or `apart` is not one key and enumerations.
Result<std::unique_ptr<Lease>> settle_places(Job& job, const std::string& rows, const std::vector<std::string>& apart,
                                             std::int64_t first, std::int64_t ids);

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
