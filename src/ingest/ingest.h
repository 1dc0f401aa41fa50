#pragma once
// ingest/ — sources → mapping → checks → one atomic, idempotent commit.
//
//   ingest.h        one import: map + files → receipt; job.h: what its steps share; receipt_json.h
//   supply.h        rows that a source gives in place of files, and what is noted of it with them
//   map.h           a map file (docs/import.md): parsed strictly, checked against the model, errors with their place
//   number_format.h, date_format.h   texts → exact values, by a declared format; fault.h: why not
//   functions.h     the same as vectorised SQL functions
//   inputs.h        files, looked into: columns, where rows begin; encoding.h: those that are not UTF-8
//   piece_length.h  in which pieces threads read a file
//   open_quote.h    the quote that opens and does not end; unreadable.h: what else cannot be taken apart
//   row_sql.h       a map's columns as SQL over a file's columns
//   stage.h         files → typed rows in file order; isolated.h: the query of a map, in an engine of its own
//   rows_ahead.h    rows dated after today; doubts.h: rows that no figure can take rightly
//   merge.h         stage → canonical table; aftermath.h: key tables, history, neighbours (places.h), base amounts
//   quarantine.h    the rows that could not be taken, with their reasons; queue.h: how they wait and leave;
//                   list_quarantine.h: those that wait, told
//   held_checks.h   what the map expects of its rows (checks/), held against the batch
//   replay.h        rows that wait, through the map as it is now; torn_record.h: a record that no reader took apart
//   privacy.h       values that are hashed, and people who were erased
//   mend.h          what a person orders of rows that wait: fix, replay, drop
//   events.h        what differs where the rows are pushed events (_journals)
//   batches.h       the receipt kept, and how far each source is complete (_batches, _sources) and read (_syncs)
//
// Nothing here knows a KPI.
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>

#include "base/clock.h"
#include "calendar/calendar.h"
#include "checks/state.h"
#include "ingest/list_quarantine.h"
#include "ingest/privacy.h"
#include "ingest/supply.h"
#include "model/model.h"
#include "store/database.h"

namespace vigie::ingest {

/// What a workspace gives to every import.
struct Context {
  store::Database& database;
  const model::Model& model;
  const calendar::Calendar& calendar;
  std::string base_currency;
  const Clock& clock;
  bool names_sale_event = false;               ///< vigie.yaml says what makes a sale
  std::shared_ptr<Privacy> privacy = nullptr;  ///< null: maps that hash are refused
};

/// One reason for which rows were refused.
struct Refusal {
  std::string code;     ///< cast.date, check.range, key.missing, …
  std::string column;   ///< input column
  std::string message;  ///< a sentence
  std::int64_t rows = 0;
  std::string first_file;
  std::int64_t first_row = 0;                ///< row number in that file, header counted (what a spreadsheet shows)
  std::string example;                       ///< the offending text, cut at 80 characters
  std::vector<std::int64_t> next_rows = {};  ///< of first_file, at most four after first_row
};

struct FileRead {
  std::string path, digest;
  std::int64_t rows = 0;
};

/// What happened to every row: read = loaded + updated + unchanged + quarantined, always.
struct Receipt {
  std::int64_t batch = 0;
  std::string map, source, table;
  bool already_imported = false;
  bool nothing_new = false;  ///< of a supply: every row was there as it is, and nothing was written (batch 0)
  std::vector<FileRead> files;
  std::vector<FileRead> inputs;         ///< of a map with a query, the files behind it, without their rows
  std::int64_t read = 0, filtered = 0;  ///< filtered rows are not part of read
  std::int64_t loaded = 0, updated = 0, unchanged = 0, quarantined = 0, deleted = 0;
  std::int64_t merged = 0;            ///< of unchanged: superseded by a later version in the same batch
  std::int64_t exact_duplicates = 0;  ///< equal rows kept, of tables without a key
  std::int64_t equal_to_earlier = 0;  ///< of loaded, without a key: equal to a row that the map brought before
  std::int64_t of_other_maps = 0;     ///< of updated: rows that another map had brought or changed last
  std::vector<std::string> other_maps;
  std::int64_t erased = 0;       ///< of read: rows of people who were erased; what is personal of them was not taken
  std::int64_t unpriced = 0;     ///< loaded without a rate for their currency
  std::int64_t repriced = 0;     ///< rows of earlier batches whose base amounts are other now
  std::int64_t stages_seen = 0;  ///< stage changes that these deals show beside what was imported before
  std::vector<Refusal> refusals;
  std::vector<std::string> warnings;
  std::vector<checks::State> checks = {};  ///< how those of the map stand after it
  double seconds = 0;
};

/// How far a journal is applied, under the name that its reader gives it.
struct Applied {
  std::string journal;
  std::int64_t sequence = 0;
};

struct Request {
  std::filesystem::path map_file;
  std::optional<std::filesystem::path> folder;               ///< where relative input paths are looked up
  std::vector<std::filesystem::path> files;                  ///< replaces `input.files` of a map with one input
  std::map<std::string, std::filesystem::path> named_files;  ///< replaces inputs by name
  std::string called = {};  ///< by what people know the one file, where not by its own name: "lyon/day.csv"
  /// Not empty: the rows are events out of a journal, the first of these. In the transaction that takes or refuses
  /// them, this is written; and a column that the map names and no event has is empty. Where the first is applied so
  /// far already, nothing is taken (events.applied_already).
  std::vector<Applied> applied = {};
  bool preview = false;  ///< do everything, tell, and roll back
  std::function<void(std::string_view stage, double share)> progress;
  const std::atomic<bool>* cancelled = nullptr;
  std::optional<Supply> supply = {};
  std::vector<Note> notes = {};
  /// Where a source says more of the rows than the map: all that is expected of them, the map's own among it.
  std::optional<std::vector<checks::Check>> checks = {};
};

/// "2 × cast.date (spend.csv:2, day; also 7, 9 …)": where the rows stand.
std::string place_of(const Refusal& refusal, std::string_view also = "also");

/// The error of a receipt all of whose rows were refused: nothing was imported, whoever asked for it is told so
/// (import.nothing_taken, of bad data), with the first reasons.
std::optional<Error> nothing_taken(const Receipt& receipt);

/// Imports the map's files. Atomic: on any error nothing is changed. Idempotent: the same map over the same bytes again
/// changes nothing and says so, unless other files have changed the rows since, or no row could be taken then.
///
/// Errors: map.* (usage, with file:line:column), file.unreadable, file.packed, csv.* (data, with file and row),
/// check.* (a check of severity error refuses the batch), store.*, engine.disk_full, engine.file_limit.
Result<Receipt> run(const Context& context, const Request& request);

/// How far each journal is applied: what was written last, with its rows.
Result<std::map<std::string, std::int64_t>> applied(store::Database& database);

/// Creates the ingest's own tables (_batches, _quarantine, _waiting, _settled, _sources,
/// _syncs, _journals, _checks, _erased, _personal) when they are not there.
Result<> prepare(store::Database& database);

}  // namespace vigie::ingest
