#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

// Parts of the histories of tracked columns (aftermath.h). The columns are physical ones.

/// What the versions of rows in the batch say, where some say more than the last of them: key, updated_at, r (their
/// order in the batch), and the tracked columns that the map brings.
constexpr std::string_view kVersions = "vigie_versions";

/// The columns of a history that a version tells: not those that say which version it is.
std::vector<std::string> tracked_columns(const model::Table& table);
/// Those that make a version another one: base amounts follow from the others, and are priced later (pricing.cpp).
std::vector<std::string> telling_columns(const model::Table& table);
/// Of the tracked columns those whose words are the map's: what it brings, and the currency and base amounts of these.
std::vector<std::string> own_columns(const Job& job, const Stage& stage);
/// Those of `telling_columns` that the map brings.
std::vector<std::string> staged_columns(const Job& job, const Stage& stage);
std::vector<std::string> without(std::vector<std::string> columns, const std::vector<std::string>& left_out);

/// "a.X IS DISTINCT FROM b.X OR …"; "false" of no columns.
std::string differs(const std::vector<std::string>& columns, std::string_view a, std::string_view b);
/// The amount that a column of base amounts is of; "" of any other column.
std::string amount_of(std::string_view name);
std::string history_of(const Job& job);
/// Has `from`, a table or a part of a FROM clause, any row?
Result<bool> any(Job& job, const std::string& from);
Result<bool> has_versions(Job& job);

/// After rows have changed: a dated word among versions that nobody dated takes the place that its date gives it, and
/// is told with the versions of its row in the batch.
Result<> note_words_among_undated(Job& job, const Stage& stage);
/// Puts what the batch says of rows, one version after another, into their histories, and forgets it.
Result<> write_sequences(Job& job, const Stage& stage);

}  // namespace vigie::ingest
