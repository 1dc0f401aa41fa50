#pragma once
#include <string>
#include <vector>

#include "propose/match.h"

namespace vigie::propose {

/// One line of `columns:` before it is text.
struct DraftColumn {
  std::string target;             ///< canonical, x_NAME, "key"
  std::vector<std::string> from;  ///< input columns; of a key, its parts
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::string>> values;  ///< text of the source → value of the model
  std::string otherwise;                                    ///< of `else`; "" none is written
  std::vector<std::string> nothing;                         ///< null_values
  std::string when;
  /// Further options as they stand in YAML: {"as", "date"}, {"factor", "0.01"}.
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> formats;  ///< date_format
  std::optional<ingest::NumberFormat> number;
  std::string why;   ///< a sentence; "" none
  bool off = false;  ///< commented out: a question blocks it
};

/// A map before it is text.
struct DraftMap {
  static constexpr std::string_view kRows = "rows";  ///< the name of the input in our queries
  std::string id, source, table;
  std::vector<DraftColumn> columns;
  std::string filter, query, input_name;  ///< with a query the input has a name
  std::string time_zone, currency;
  std::vector<std::string> head;  ///< sentences above it
  std::vector<std::string>
      left_out;  ///< lines at its end: input columns that nothing was made of, each with its reason
  const DraftColumn* find(std::string_view target) const;
  DraftColumn* find(std::string_view target);
  /// The rows so far, with further columns: "x + y AS z". Queries are put round one another.
  void work_out(const std::string& further);
};

/// What drafting one table collects beside the map.
struct Draft {
  DraftMap map;
  std::vector<ColumnVerdict> columns;  ///< one for each input column
  std::vector<Question> questions;
};

/// All that drafting may look at.
struct Material {
  const TableSketch& sketch;
  const std::vector<Written>& written;
  const FileFacts& file;
  const Wishes& wishes;
  const model::Model& model;
  const Vocabulary& vocabulary;
  const ColumnSketch& column(std::size_t i) const { return sketch.columns()[i]; }
  /// The column of that header, by its bare name.
  std::optional<std::size_t> named(std::string_view header) const;
  bool is_unwanted(std::size_t i) const;  ///< the user leaves it out
};

/// The map of a matched table. Questions say what it does not know.
Draft draft_of(const Material& material, const TableMatch& match);

/// What a canonical column becomes when it is read from that input column: formats, values, nothings, and the reason.
/// Questions (date order, decimal mark, words that are not known) are added.
DraftColumn draft_column(const Material& material, const model::Table& table, const std::string& target,
                         std::size_t input, std::vector<Question>& questions, Confidence& confidence);

/// A deal that is open closes at a date that is a forecast: closed_at and expected_close_on are parted by the outcome,
/// where one column gives both. The input column of it; "" where nothing is parted.
std::string part_close_date(DraftMap& map);

/// The currency of the amounts of some columns: a symbol or a header says it, the user does, or it is that of the
/// workspace. Where signs differ from row to row, each row gets its own, of the columns by their names in the query
/// so far (`told_in`; empty: rows are not parted). What nobody says is asked.
void settle_currency(const Material& material, const std::vector<std::size_t>& amounts,
                     const std::vector<std::string>& told_in, Draft& draft);

/// The same, of all money of the draft.
void settle_currency_of(const Material& material, const model::Table& table, Draft& draft);

/// The first texts of a list, in quotes.
std::string listed(const std::vector<std::string>& texts);
/// An option of the command with a text that may have blanks: --without "Montant HT".
std::string option(std::string_view name, std::string_view text);

/// x_NAME of a header; "" where nothing is left of it.
std::string attribute_name(std::string_view header);

/// The file's name as a name for a map or a source: a-z, 0-9 and _.
std::string plain_name_of(std::string_view files);

}  // namespace vigie::propose
