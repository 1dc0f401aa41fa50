#pragma once
#include <span>

#include "ingest/job.h"

namespace vigie::ingest {

// _quarantine(batch, map, source, table_name, file, row, column_name, code, message, value, record): one line for each
// defect of a row that could not be taken. `row` counts as SourceFile says; `record` is the input row, as JSON, or,
// where it could not be taken apart, its text.
//
// Files are read before the transaction that changes anything (stage.h), so what they hold is refused into a table of
// this connection's alone first.

Result<> open_refusals(Job& job);
/// What was refused becomes the quarantine of this batch, in place of what this map refused earlier in files that it
/// reads again now. Fills the receipt's refusals: most rows first.
Result<> quarantine_refusals(Job& job);

/// Where refused rows were read: the file as it is shown, how its rows were read (read_as), and whether it is one
/// behind the map's query, whose records are no rows of the map.
struct Origin {
  std::string file, read_as;
  bool behind_query = false;
};
/// {"columns":["id","day"],"types":["VARCHAR","DATE"],"json":false}: what it takes to read such rows again.
std::string read_as(const std::vector<std::string>& columns, const std::vector<std::string>& types, bool json);

/// The records that the reader itself refused. Gives their number.
Result<std::int64_t> quarantine_rejects(Job& job, const Origin& origin, std::string_view delimiter,
                                        std::string_view rejects);

/// A record that could not be taken apart (csv.collapsed, json.invalid).
struct BrokenRecord {
  std::int64_t row;
  std::string code;
};
Result<> quarantine_records(Job& job, const std::string& file, std::span<const BrokenRecord> records);
std::string_view sentence_of_record(std::string_view code);

/// The rows of RowSql::defects. `rejects` is the table of records the reader refused before them: they shift row
/// numbers.
Result<> quarantine_defects(Job& job, const Origin& origin, const std::string& defects, std::int64_t first_row,
                            std::string_view rejects);

/// The sentences of refusals, most rows first, of `lines`: a SELECT of lines of _quarantine.
Result<std::vector<Refusal>> refusals_of(const Job& job, const std::string& lines);

/// The row number of a record that the reader has taken, by its ordinal among them.
Result<std::int64_t> row_of(Job& job, std::int64_t ordinal, std::int64_t first_row, std::string_view rejects);

/// What stands in place of a file where the rows are those of the map's query.
constexpr std::string_view kQueryFile = "the query";

}  // namespace vigie::ingest
