#pragma once
#include "ingest/map.h"

namespace vigie::ingest {

/// What holds for the whole map unless a column says otherwise.
struct MapDefaults {
  NumberFormat number;
  DateFormat date;
};

/// Reads one entry of `columns:`. Used by Map::parse only.
class ColumnReader {
 public:
  ColumnReader(const model::Model& model, const model::Table& table, const MapDefaults& defaults)
      : model_(model), table_(table), defaults_(defaults) {}
  Result<ColumnMap> read(const YamlNode& name, const YamlNode& spec) const;
  /// `key: order_id` or `key: [order_id, line_no]`.
  static Result<std::vector<Named>> read_names(const YamlNode& node);
  static Result<Protection> read_privacy(const YamlNode& spec);

 private:
  Result<> identify(const YamlNode& name, ColumnMap& out) const;
  Result<> read_spec(const YamlNode& spec, ColumnMap& out) const;
  Result<> read_origin(const YamlNode& spec, ColumnMap& out) const;
  Result<> read_attribute_type(const YamlNode& spec, ColumnMap& out) const;
  Result<> read_values(const YamlNode& spec, ColumnMap& out) const;
  static Result<> check_protection(const YamlNode& spec, const ColumnMap& column);
  Result<> check_options(const YamlNode& spec, const ColumnMap& column) const;
  Result<> check_canonical(const YamlNode& at, const ColumnMap& column, std::string_view value) const;

  const model::Model& model_;
  const model::Table& table_;
  const MapDefaults& defaults_;
};

/// How the texts of a column are read: by its type in the model, or by what the map says of a free attribute.
model::ColumnType type_of(const ColumnMap& column);

/// decimal, thousands, symbols, parentheses, round, factor: of a map or of one column.
Result<> read_number_options(const YamlNode& node, NumberFormat& out);
/// date_format, time_zone, year_pivot, plus_days: of a map or of one column.
Result<> read_date_options(const YamlNode& node, DateFormat& out);
Result<Input> read_input(const YamlNode& node, std::string name);

}  // namespace vigie::ingest
