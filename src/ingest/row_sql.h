#pragma once
#include "ingest/inputs.h"
#include "ingest/privacy.h"
#include "store/warehouse.h"

namespace vigie::ingest {

/// A natural key as people read it: its parts, where it has several, one after another: "3 / 17".
std::string key_as_read(std::string_view natural);

/// What the input calls its columns. Files of one input may have them in another order, so each has its own.
struct RowSource {
  std::vector<std::string> columns, types;
  std::string file;       ///< for errors
  std::string delimiter;  ///< that was used; "" where there is none
  std::string row_key;    ///< SQL over `ordinal`: the natural key of rows that have none of their own
};

/// How one canonical column is made, as SQL over the columns of the level below (row_sql.cpp says which levels there
/// are).
struct ColumnSql {
  const ColumnMap* map = nullptr;
  std::string base;   ///< the source's text, over t0 … tN
  std::string text;   ///< after values, defaults: over b_k
  std::string value;  ///< over r_k; a struct for instants
  /// Reasons to refuse the row, first one that holds: (condition, code), over b_k, r_k, v_k.
  std::vector<std::pair<std::string, std::string>> faults;
  std::string expected;  ///< said in the message of cast.enum and check.range
  std::vector<std::pair<store::PhysicalColumn, std::string>> physical;  ///< over v_k
};

/// What every column is read with.
struct RowSettings {
  std::string reporting_zone, base_currency;
  std::string seen =
      {};  ///< number of the keys seen lately (key_set.h), as SQL; "": the text of every reference is staged
  bool numbered = false;  ///< the stage keeps the ordinal of a numbered reader, as s_ordinal
  RowPrivacy privacy = {};
};

/// Turns the rows of one source into canonical ones, in SQL. The texts it gives are SELECTs over a reader
/// (SourceFile::reader, or any with columns c0 … cN and `broken`; a numbered one where the key is file and row).
///
///   staged(reader)   one row for each row that the filter takes: the physical columns of the mapped columns, and
///                      s_key BIGINT, s_natural VARCHAR   the key
///                      n_<column> VARCHAR                the text behind each reference; null where it was seen lately
///                      s_bad BOOLEAN                     some value could not be taken
///                      s_erased BOOLEAN                  it is of somebody who was erased; only where any were
///   defects(reader)  of the bad rows of a numbered reader, one line for each defect:
///                      ordinal, column_name, code, message, value, record (the input row as JSON, or the text of one
///                      that is none), own_key (the text of its key), told (its updated_at), is_text (record is no
///                      JSON)
///
/// Errors of `make`: map.input_column (with the nearest name, or the separator that was probably meant), and expr.* of
/// the filter and of `when`.
class RowSql {
 public:
  static Result<RowSql> make(const Map& map, RowSource source, const RowSettings& settings);

  std::string staged(std::string_view reader) const;
  std::string defects(std::string_view reader) const;
  /// One row, one number: the least ordinal of a numbered reader's good rows for which a condition over the physical
  /// columns holds.
  std::string first_ordinal(std::string_view reader, std::string_view condition) const;
  /// One row, one number: how many rows the filter leaves out. Empty when there is no filter.
  std::string filtered_count(std::string_view reader) const;

  struct Reference {
    std::string column, space, source;
  };
  const std::vector<Reference>& references() const { return references_; }
  const std::vector<ColumnSql>& columns() const { return columns_; }

 private:
  RowSql(const Map& map, RowSource source, RowSettings settings)
      : map_(&map), source_(std::move(source)), settings_(std::move(settings)) {}
  Result<std::size_t> find(const Named& name);
  std::unexpected<Error> unknown_column(const Named& name) const;
  Result<std::string> text_of(const Named& name);
  bool is_personal(const ColumnMap& column) const;
  std::string known_text(std::string_view name, const std::string& text) const;
  std::string text_of_anybody(const ColumnMap& column, const std::string& text) const;
  std::string text_of_erased(const ColumnMap& column, const std::string& text) const;
  std::string is_of_erased() const;
  std::string erased_rows(const std::string& rows) const;
  std::string shown_input(std::size_t index) const;
  std::string kept_of_erased(std::size_t index) const;
  Result<std::string> condition(const std::string& text, const SourcePosition& where);
  Result<> add(const ColumnMap& column);
  Result<std::string> base_of(const ColumnMap& column);
  Result<> set_key();
  void set_checks();
  std::string key_part(const std::string& column) const;
  std::string reference_text(std::size_t k) const;
  std::string cast_rows(std::string_view reader) const;
  std::string is_bad() const;
  std::string defect_list() const;
  std::string shown_name(std::size_t k) const;
  std::pair<std::string, std::string> compared_by(const model::RowCheck& check) const;

  const Map* map_;
  RowSource source_;
  RowSettings settings_;
  std::string filter_, natural_;
  std::string empty_parts_;  ///< SQL: the names of the key's input columns that are empty, each after a comma
  std::map<std::size_t, bool> used_;
  std::vector<ColumnSql> columns_;
  std::vector<Reference> references_;
  std::vector<std::string> unmapped_;  ///< "NULL::INTEGER AS service_to": columns that only checks name
  std::vector<std::pair<const model::RowCheck*, std::string>> checks_;  ///< "does not hold", over physical columns
};

/// What comes from columns with a type, and is therefore not written as the map says of texts.
struct OwnWriting {
  bool numbers = false, times = false;
};

/// The cast of one column: text → value, its faults and its physical columns. `k` numbers its SQL names.
void set_cast(const ColumnMap& column, std::size_t k, OwnWriting typed_source, const RowSettings& settings,
              const std::string& currency, ColumnSql& out);

}  // namespace vigie::ingest
