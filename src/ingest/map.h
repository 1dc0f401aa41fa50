#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/yaml.h"
#include "checks/check.h"
#include "ingest/date_format.h"
#include "ingest/number_format.h"
#include "model/model.h"
#include "store/warehouse.h"

namespace vigie::ingest {

enum class Format { csv, jsonl, lines, parquet };
enum class Encoding { utf8, latin1, windows1252, utf16 };
enum class Mode {
  upsert,             ///< a row whose key is known replaces the earlier version
  append,             ///< a row whose key is known changes nothing
  snapshot,           ///< as upsert, and what this map brought before and is missing now is deleted
  snapshot_of_dates,  ///< the same, within the days that the file covers
};
std::string_view name_of(Mode mode);

/// Files of one kind, read as one list of rows.
struct Input {
  std::string name;                ///< in the query; "" for the only input
  std::vector<std::string> files;  ///< paths and globs, as written
  bool from_source = false;        ///< it has none: a source gives the rows
  std::optional<Format> format;    ///< absent: by each file's ending
  std::optional<std::string> delimiter;
  std::string quote = "\"";  ///< "" none
  Encoding encoding = Encoding::utf8;
  bool header = true;
  std::vector<std::string> column_names;  ///< when the file has no header
  int skip = 0;
  bool fills_short_rows = false;  ///< a record shorter than the header is taken, its last columns empty
  std::vector<std::string> null_values;
  SourcePosition where;
};

/// A name in a map, with its place, so that an error about it can point there.
struct Named {
  std::string name;
  SourcePosition where;
};

/// What becomes of a text that `values` does not list.
enum class Otherwise { refuse, null, keep, constant };

/// What becomes of values that tell who somebody is.
enum class Protection {
  none,
  hash,      ///< a keyed digest takes their place before anything is stored (privacy.h)
  personal,  ///< they come in clear, and go when the person is erased
};

/// One canonical column: where its value comes from and how the text is read.
struct ColumnMap {
  std::string name;                       ///< canonical, or x_NAME, "updated_at", "deleted_at"; "key" is Map::key
  const model::Column* column = nullptr;  ///< null for free attributes
  store::AttributeType attribute = store::AttributeType::text;
  SourcePosition where;

  std::vector<Named> from;              ///< first one that is not empty
  std::vector<Named> join;              ///< instead: parts of a key of several columns
  std::optional<std::string> constant;  ///< instead
  std::optional<std::string> fallback;  ///< when the text is empty
  std::string when;                     ///< the value is taken only where this expression is true
  SourcePosition when_where;

  NumberFormat number;
  DateFormat date;
  std::vector<std::pair<std::string, std::string>> values;  ///< text of the source → canonical text
  Otherwise otherwise = Otherwise::refuse;
  std::string otherwise_value;
  std::vector<std::string> null_values;
  std::string source;  ///< of a reference: the source its key belongs to
  Protection privacy = Protection::none;
  SourcePosition privacy_where;
};

/// A map file (docs/import.md), parsed strictly and checked against the model.
///
/// Errors point at file:line:column and name the nearest right word: yaml.*, map.unknown_table, map.unknown_column,
/// map.missing_column, map.option (an option that means nothing there), map.value, map.mode, map.input, zone.unknown,
/// date_format.*, map.currency, check.*, expr.*. Input columns are checked later, against the files.
struct Map {
  std::string id, source, digest;  ///< digest: of the file's text
  std::filesystem::path file;
  const model::Table* table = nullptr;
  SourcePosition table_where;
  std::vector<Input> inputs;
  std::optional<std::string> query;
  SourcePosition query_where;
  std::chrono::milliseconds query_limit = std::chrono::minutes(10);  ///< how long the query may take
  std::string currency;  ///< default of rows without one; "" the workspace's base currency
  Mode mode = Mode::upsert;
  std::optional<Instant> complete_until;  ///< first instant not covered
  bool history_complete = false;
  bool stages_from_syncs = false;  ///< of deals: their stages, from one import to the next, are the log of them
  double max_deleted = 0.5;        ///< share of its earlier rows that a snapshot may delete
  std::string filter;
  SourcePosition filter_where, where;
  bool hashes_key = false;
  std::vector<Named> key;  ///< input columns of the natural key; empty: the table's own key, or file and row
  std::vector<ColumnMap> columns;
  std::vector<checks::Check> checks;  ///< what is expected of its rows

  const ColumnMap* find(std::string_view column) const;
  checks::Subject subject(const model::Model& model) const;  ///< what its checks may name
  /// Whether a keyed digest takes the place of what this input column holds; and whether that is so of any.
  bool is_hashed(std::string_view input_column) const;
  bool hashes() const;
  /// True when the natural key is (content hash of the file, row number).
  bool keyed_by_row() const { return key.empty() && (table->key.empty() || table->key.front() == "key"); }

  static Result<Map> load(const std::filesystem::path& file, const model::Model& model, const std::string& time_zone);
  static Result<Map> parse(std::string_view text, const std::string& shown_as, const model::Model& model,
                           const std::string& time_zone);
};

}  // namespace vigie::ingest
