#pragma once
#include "ingest/ingest.h"

namespace vigie::ingest {

/// What a person orders of rows that wait in the quarantine.
struct QueueOrder {
  QuarantineFilter which = {};                                ///< its limit and bytes mean nothing here
  std::vector<std::pair<std::string, std::string>> set = {};  ///< fix: input column → text as the file would have it
  std::optional<std::filesystem::path> file = {};      ///< fix, replay: the rows as a person wrote them over (rows.csv)
  std::optional<std::filesystem::path> map_file = {};  ///< replay: in place of the map that brought the rows
  std::string by, why;                                 ///< drop, replay
  const std::atomic<bool>* cancelled = nullptr;
};

/// Where the map of an id stands now; `as_imported` is where it stood when it brought the rows, "" not known.
using FindMap = std::function<Result<std::filesystem::path>(const std::string& map, const std::string& as_imported)>;

struct FixReport {
  std::int64_t rows = 0;                        ///< that have another value now
  std::map<std::string, std::int64_t> columns;  ///< in how many rows each column has
};
struct DropReport {
  std::int64_t rows = 0;
  std::vector<std::pair<std::string, std::int64_t>> maps;
};

/// Rows that could not be tried, and why: nothing whole was kept of them.
struct Untried {
  std::string message, hint;
  std::int64_t rows = 0, example_id = 0;
};
struct ReplayOfMap {
  std::string map;
  Receipt receipt;              ///< batch 0: nothing has left the queue
  std::int64_t superseded = 0;  ///< of unchanged: a later version of the row had come
  std::vector<Untried> untried;
  std::optional<Error> error;  ///< nothing of this map was changed
};
struct ReplayReport {
  FixReport fixed;  ///< by its file
  std::vector<ReplayOfMap> maps;
};

/// Notes values for columns of rows that wait, in place of what their file says. Nothing is loaded by it.
///
/// Errors: quarantine.none (no such row waits), quarantine.left (it has left), quarantine.column, quarantine.torn (a
/// record that was not taken apart has no columns), quarantine.file, quarantine.order (nothing to do is said).
Result<FixReport> fix(const Context& context, const QueueOrder& order);

/// Runs rows that wait through their maps as those are now, each map in one transaction with a receipt of its own.
/// Those that pass leave; the others stay, with what is wrong with them now. What is newer is never overwritten: a
/// version that came later stays as it is.
///
/// Errors: as fix; of one map (in the report): quarantine.map, and those of an import.
Result<ReplayReport> replay(const Context& context, const QueueOrder& order, const FindMap& find_map);

/// They are not wanted: who said so, when and why is kept, with the rows. Errors: as fix.
Result<DropReport> drop(const Context& context, const QueueOrder& order);

/// One row whole, also one that has left.
struct Complaint {
  std::string column, code, message, value;
  SourcePosition asked_by;  ///< the line of the map
  std::string asked_text;
};
struct QueuedRow {
  std::int64_t id = 0, batch = 0;
  std::string map, source, table, file;
  std::int64_t row = 0;
  Instant since{};
  std::string kept, record, reasons;
  std::vector<std::string> columns;
  std::vector<std::optional<std::string>> values;  ///< of the columns, with what was fixed
  std::vector<std::pair<std::string, std::string>> fixed;
  std::vector<Complaint> complaints;
  struct Settled {
    std::string outcome, by, why;
    std::optional<std::int64_t> into_batch;
    Instant at{};
  };
  std::optional<Settled> settled;
};
Result<QueuedRow> queued_row(const Context& context, std::int64_t id, const FindMap& find_map);
struct QueuedRows {
  std::vector<QueuedRow> rows;  ///< without their complaints
  std::int64_t left_out = 0;
};
/// As they wait, in the order in which they came.
Result<QueuedRows> queued_rows(const Context& context, const QuarantineFilter& filter);

}  // namespace vigie::ingest
