// Records that are kept as their source gave them.
#include "base/json_text.h"
#include "base/text.h"
#include "erase/steps.h"

namespace vigie::erase {
namespace {

using store::quote_text;

constexpr std::string_view kTapRows = "_singer_rows";

/// A column of records: of which table, and what tells one of its rows from another.
struct RecordColumn {
  std::string_view table, column;
};
constexpr RecordColumn kRecordColumns[] = {
    {"_quarantine", "record"}, {"_quarantine", "value"},   {"_quarantine", "message"}, {"_settled", "record"},
    {"_settled", "why"},       {"_settled", "fixed"},      {"_waiting", "fixed"},      {"_waiting", "own_key"},
    {"_batches", "receipt"},   {"_singer_rows", "record"}, {"_singer_rows", "key"},    {"_checks", "example"},
    {"_checks", "told"},       {"_checks", "refused_told"}};

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

/// A row of theirs that is told as an example, by its key as it is read; of which source and table.
struct Example {
  std::string source, table, old, fresh;
};

std::string told_as(const std::string& example) { return "(such as " + example + ")"; }

Result<std::vector<Example>> examples(const Erasing& erasing) {
  VIGIE_TRY(const store::ResultSet rows,
            erasing.connection.query(fmt::format("SELECT source, space, replace(old_text, chr(31), ' / '), "
                                                 "replace(new_text, chr(31), ' / ') FROM {}",
                                                 kRenamed)));
  std::vector<Example> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3)});
  return out;
}

std::optional<std::string> other_example(const std::vector<Example>& known, std::string_view source,
                                         std::string_view table, std::string_view text, bool is_key) {
  std::string out(text);
  bool found = false;
  for (const Example& one : known) {
    if (one.source != source || one.table != table) continue;
    if (is_key && out == one.old) return one.fresh;
    const std::string told = told_as(one.old), by = told_as(one.fresh);
    for (auto at = out.find(told); at != std::string::npos; at = out.find(told, at + by.size())) {
      out.replace(at, told.size(), by);
      found = true;
    }
  }
  return found ? std::optional(std::move(out)) : std::nullopt;
}

/// What Vigie said of rows of a table that a source brought.
struct Told {
  std::string text, source, table;
};

/// A receipt is ours: its members are called as we like, and only the examples in it are anybody's. A map or a folder
/// that is called as somebody is stays: the next erasure tells by it where rows came from.
std::optional<std::string> out_of_receipt(const ingest::Traces& traces, const std::vector<Example>& known,
                                          const Told& receipt) {
  bool found = false;
  std::string before;  // of a check, `state` stands before the key of a row; of a refusal, a value is the example
  std::string out = ingest::rewritten_json(receipt.text, [&](std::string_view name, std::string_view text) {
    const bool is_key = name == "example" && before == "state";
    before = name;
    std::optional<std::string> other;
    if (name == "path" || name == "first_file") other = traces.out_of_text(text, false);
    if (name != "message" && name != "example" && name != "warnings" && name != "detail") {
      found = found || other;
      return other;
    }
    other = traces.out_of_text(text, true);
    if (auto key = other_example(known, receipt.source, receipt.table, other ? *other : text, is_key))
      other = std::move(key);
    found = found || other;
    return other;
  });
  return found ? std::optional(std::move(out)) : std::nullopt;
}

/// The sentence of a check (of files that it refused, a line a sentence), or the key that it gives as an example.
std::optional<std::string> out_of_check(const ingest::Traces& traces, const std::vector<Example>& known,
                                        const Told& told) {
  auto other = traces.out_of_text(told.text, true);
  auto key = other_example(known, told.source, told.table, other ? *other : told.text, true);
  return key ? key : other;
}

/// What stood in a record comes again with it. A text with an address of theirs tells of them wherever it stands; rows
/// of a tap are known as theirs by their keys.
Result<> remember_members(const Erasing& erasing, const ingest::Traces& traces, const std::string& table,
                          const std::string& record, const std::string& other, std::int64_t erasure) {
  if (!record.starts_with('{') || !other.starts_with('{')) return {};
  const auto before = json_members(record), now = json_members(other);
  for (std::size_t i = 0; i < before.size() && i < now.size(); ++i) {
    const std::string text(trim(before[i].second));
    const bool is_key = std::ranges::any_of(traces.person().keys, [&](const auto& key) { return key.first == text; });
    if (is_key || now[i].second.empty() || now[i].second == before[i].second) continue;
    const bool anybodys = table == kTapRows || traces.out_of_text(text, false);
    VIGIE_CHECK(remember(erasing, {table, std::string(anybodys ? ingest::kAnybodys : ingest::kTheirs), text,
                                   std::string(trim(now[i].second)), erasure}));
  }
  return {};
}

Result<> clear_record_column(const Erasing& erasing, const ingest::Traces& traces, const RecordColumn& of,
                             std::int64_t erasure, Receipt& receipt) {
  VIGIE_TRY(const bool known, is_there(erasing, of.table));
  if (!known) return {};
  const std::string column = fmt::format("q.{}", of.column);
  const bool is_ours = of.table == "_batches" || of.table == "_checks", of_tap = of.table == "_singer_rows";
  const std::string named =
      is_ours
          ? fmt::format(" OR EXISTS (SELECT 1 FROM {} AS r WHERE contains({}, replace(r.old_text, chr(31), ' / ')))",
                        kRenamed, column)
          : std::string();
  VIGIE_TRY(const store::ResultSet rows,
            erasing.connection.query(
                fmt::format("SELECT q.rowid, {0}, {1}{4} FROM {2} AS q WHERE {0} IS NOT NULL AND ({3} OR {1})", column,
                            is_called_so(of.table), of.table, traces.may_hold(column) + named,
                            of_tap ? "" : ", q.source, q.table_name")));
  std::vector<Example> told;
  if (is_ours) {
    VIGIE_TRY(told, examples(erasing));
  }
  std::int64_t written = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string text = rows.text(row, 1);
    std::optional<std::string> other;
    if (of.table == "_batches") other = out_of_receipt(traces, told, {text, rows.text(row, 3), rows.text(row, 4)});
    else if (of.table == "_checks") other = out_of_check(traces, told, {text, rows.text(row, 3), rows.text(row, 4)});
    else other = changed(traces, text, rows.boolean(row, 2));
    if (!other) continue;
    if (!is_ours)
      VIGIE_CHECK(
          remember_members(erasing, traces, of_tap ? std::string(of.table) : rows.text(row, 4), text, *other, erasure));
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
    VIGIE_CHECK(clear_record_column(erasing, of.table == "_singer_rows" ? of_taps : traces, of, erasure, receipt));
  VIGIE_CHECK(erasing.connection.execute(
      "UPDATE _waiting SET key = vigie_key(source || chr(31) || table_name || chr(31) || own_key) WHERE own_key IS NOT "
      "NULL AND key IS DISTINCT FROM vigie_key(source || chr(31) || table_name || chr(31) || own_key)"));
  VIGIE_TRY(const bool remembers, is_there(erasing, "_remembered"));
  return remembers ? erasing.connection.execute("DELETE FROM _remembered") : Result<>();
}

}  // namespace vigie::erase
