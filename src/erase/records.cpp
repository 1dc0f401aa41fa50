// Records that are kept as their source gave them.
#include "base/json_text.h"
#include "base/text.h"
#include "erase/steps.h"

namespace vigie::erase {
namespace {

using store::quote_text;

/// A column of records: of which table, and what tells one of its rows from another.
struct RecordColumn {
  std::string_view table, column;
};
constexpr RecordColumn kRecordColumns[] = {
    {"_quarantine", "record"},  {"_quarantine", "value"}, {"_settled", "record"},  {"_settled", "why"},
    {"_settled", "fixed"},      {"_waiting", "fixed"},    {"_waiting", "own_key"}, {"_batches", "receipt"},
    {"_singer_rows", "record"}, {"_singer_rows", "key"}};

Result<bool> is_there(const Erasing& erasing, std::string_view table) {
  VIGIE_TRY(const std::int64_t found,
            count(erasing.connection,
                  fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = {}", quote_text(table))));
  return found > 0;
}

/// Rows that wait, or waited, under a key of theirs: whatever their records hold, they are theirs.
std::string is_called_so(std::string_view table) {
  if (table != "_quarantine") return "false";
  return fmt::format(
      "EXISTS (SELECT 1 FROM _waiting AS w JOIN {} AS r ON r.t = w.table_name AND r.key = w.key WHERE w.batch = "
      "q.batch "
      "AND w.file = q.file AND w.row = q.row)",
      kRows);
}

std::optional<std::string> changed(const ingest::Traces& traces, const std::string& text, bool theirs) {
  const bool is_json = (text.starts_with('{') || text.starts_with('[')) && !json_fault(text);
  if (is_json) return traces.without(text, theirs);
  theirs = theirs || traces.is_theirs(text);
  return traces.out_of_text(text, theirs);
}

/// A receipt is ours: its members are called as we like, and only the examples in it are anybody's.
std::optional<std::string> out_of_receipt(const ingest::Traces& traces, const std::string& receipt) {
  bool found = false;
  std::string out = ingest::rewritten_json(receipt, [&](std::string_view, std::string_view text) {
    std::optional<std::string> other = traces.out_of_text(text, true);
    found = found || other;
    return other;
  });
  return found ? std::optional(std::move(out)) : std::nullopt;
}

Result<> clear_record_column(const Erasing& erasing, const ingest::Traces& traces, const RecordColumn& of,
                             Receipt& receipt) {
  VIGIE_TRY(const bool known, is_there(erasing, of.table));
  if (!known) return {};
  const std::string column = fmt::format("q.{}", of.column);
  VIGIE_TRY(const store::ResultSet rows,
            erasing.connection.query(
                fmt::format("SELECT q.rowid, {0}, {1} FROM {2} AS q WHERE {0} IS NOT NULL AND ({3} OR {1})", column,
                            is_called_so(of.table), of.table, traces.may_hold(column))));
  std::int64_t written = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto other = of.table == "_batches" ? out_of_receipt(traces, rows.text(row, 1))
                                              : changed(traces, rows.text(row, 1), rows.boolean(row, 2));
    if (!other) continue;
    VIGIE_CHECK(erasing.connection.execute(fmt::format("UPDATE {} SET {} = {} WHERE rowid = {}", of.table, of.column,
                                                       quote_text(*other), rows.int64(row, 0))));
    ++written;
  }
  note(receipt.texts, std::string(of.table), std::string(of.column), written);
  return {};
}

/// A record of a tap that is theirs is known by its key from now on, whatever the tap says in it next time.
Result<> suppress_tap_rows(const Erasing& erasing, const ingest::Traces& traces, std::int64_t erasure) {
  VIGIE_TRY(const bool known, is_there(erasing, "_singer_rows"));
  if (!known) return {};
  VIGIE_TRY(const store::ResultSet rows,
            erasing.connection.query(fmt::format("SELECT tap, stream, key, record FROM _singer_rows AS q WHERE {}",
                                                 traces.may_hold("q.record"))));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.text(row, 2).starts_with("content:") || !traces.is_theirs(rows.text(row, 3))) continue;
    const std::string digest =
        erasing.privacy.key_digest(rows.text(row, 0), "singer/" + rows.text(row, 1), rows.text(row, 2));
    VIGIE_CHECK(erasing.connection.execute(
        fmt::format("INSERT INTO _erased SELECT 'key', {0}, {1}, {2} WHERE NOT EXISTS (SELECT 1 FROM _erased WHERE "
                    "digest = {0})",
                    quote_text(digest), quote_text(traces.person().pseudonym), erasure)));
  }
  return {};
}

}  // namespace

Result<> clear_records(const Erasing& erasing, const ingest::Traces& traces, std::int64_t erasure, Receipt& receipt) {
  VIGIE_CHECK(suppress_tap_rows(erasing, traces, erasure));
  const ingest::Traces of_taps = traces.leaving_keys();  // a tap sends its rows again under their keys
  for (const RecordColumn& of : kRecordColumns)
    VIGIE_CHECK(clear_record_column(erasing, of.table == "_singer_rows" ? of_taps : traces, of, receipt));
  VIGIE_CHECK(erasing.connection.execute(
      "UPDATE _waiting SET key = vigie_key(source || chr(31) || table_name || chr(31) || own_key) WHERE own_key IS NOT "
      "NULL AND key IS DISTINCT FROM vigie_key(source || chr(31) || table_name || chr(31) || own_key)"));
  VIGIE_TRY(const bool remembers, is_there(erasing, "_remembered"));
  return remembers ? erasing.connection.execute("DELETE FROM _remembered") : Result<>();
}

}  // namespace vigie::erase
