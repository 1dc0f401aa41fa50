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
  std::string id, source, table;
  std::vector<DraftColumn> columns;
  std::string filter, query, input_name;  ///< with a query the input has a name
  std::string time_zone, currency;
  std::vector<std::string> head;  ///< sentences above it
  std::vector<std::string>
      left_out;  ///< lines at its end: input columns that nothing was made of, each with its reason
  const DraftColumn* find(std::string_view target) const;
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
};

/// The map of a matched table. Questions say what it does not know.
Draft draft_of(const Material& material, const TableMatch& match);

/// What a canonical column becomes when it is read from that input column: formats, values, nothings, and the reason.
/// Questions (date order, decimal mark, words that are not known) are added.
DraftColumn draft_column(const Material& material, const model::Table& table, const std::string& target,
                         std::size_t input, std::vector<Question>& questions, Confidence& confidence);

/// x_NAME of a header; "" where nothing is left of it.
std::string attribute_name(std::string_view header);

/// The file's name as a name for a map or a source: a-z, 0-9 and _.
std::string plain_name_of(std::string_view files);

}  // namespace vigie::propose
