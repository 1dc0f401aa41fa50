#pragma once
// Private to the orders on the queue: which rows are meant.
#include "ingest/mend.h"

namespace vigie::ingest {

/// The rows of _waiting, under the name w, that a filter means, as SQL.
std::string is_meant(const QuarantineFilter& filter);
bool is_narrowed(const QuarantineFilter& filter);

/// The ids of the rows that are meant, in a temporary table of that name: at least one, unless the filter means all
/// there is. Errors: import.unknown, quarantine.none, quarantine.left.
constexpr std::string_view kMeant = "vigie_meant";
Result<std::int64_t> choose(store::Connection& connection, const QuarantineFilter& filter);

/// That the tables of the queue are there: a warehouse of an earlier version that nobody may write has none.
Result<> check_queue(store::Connection& connection);

/// The columns of a row of _waiting, w, as SQL: a list of texts.
std::string columns_of_waiting();
std::string joined_columns();  ///< the same as one text, with chr(31) between them
/// The text of the record of a row of _waiting, w, as SQL.
std::string record_of_waiting();

/// What is noted of a row, with more: both JSON objects of texts, `more` as a map, as SQL.
std::string with_noted(std::string_view noted, std::string_view more);

/// Of what was given for the rows that are meant, what their map hashes is hashed before it is kept.
Result<> hash_fixed(const Context& context, store::Connection& connection);
/// What a person wrote over in a file of rows: notes what differs, and means those rows.
Result<FixReport> fix_from_file(store::Connection& connection, const std::filesystem::path& file,
                                QuarantineFilter& meant);

}  // namespace vigie::ingest
