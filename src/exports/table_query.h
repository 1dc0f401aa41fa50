#pragma once
#include "exports/form.h"
#include "model/model.h"
#include "store/engine.h"
#include "store/warehouse.h"

namespace vigie::exports {

/// Which rows and columns of which table.
struct TableOrder {
  std::string table;
  std::string where;                 ///< empty: all rows, those that were deleted at their source too
  std::vector<std::string> columns;  ///< empty: all that somebody may need
};
/// From the fields of a request: where, columns. Errors: question.unknown_field, question.repeated.
Result<TableOrder> table_order(const std::string& table, Fields fields);

/// When a column is of use, where nobody asks for it by name. The columns that the model names are there always.
enum class Needed {
  always,
  other_source,    ///< a row refers to a row of another source
  other_currency,  ///< an amount is not in the workspace's currency
  bare,            ///< a source gave a date alone, and the format's instants cannot say so
};

/// One column of a file, and where its values are in the rows that TableQuery gives.
struct TableColumn {
  Column column;
  Needed needed = Needed::always;
  std::string of;          ///< the model's column behind it
  std::string type;        ///< of the engine, in Parquet
  std::string value;       ///< SQL over the rows, in that type
  bool bare = false;       ///< an instant that may be a bare date
  bool reference = false;  ///< the key of a row of another table
};

/// A canonical table as a person sees it: keys as their sources write them, amounts as in their documents with the
/// currency beside, instants with what was only a date.
class TableQuery {
 public:
  /// Errors: model.unknown (nearest name), export.column (nearest name), expr.… with their place in the filter.
  static Result<TableQuery> make(const model::Model& model, const std::vector<store::Attribute>& attributes,
                                 const std::string& currency, const TableOrder& order, Format format);

  const model::Table& table() const { return *table_; }
  const std::vector<TableColumn>& columns() const { return columns_; }
  /// Leaves out what no row needs (see Needed): `needs` says of each column whether one does.
  void keep(const std::vector<bool>& needs);
  /// The rows in the order of the table's time, then of their keys; else they come as the engine meets them.
  void sort();

  /// One row: how many there are, how many of them are deleted, then a truth a column: whether it is needed.
  std::string facts_sql() const;
  /// A column for each of columns(), of its type.
  std::string typed_sql() const;
  /// The same as numbers: of an instant its µs, then, where it may be a bare date, the day of that.
  std::string raw_sql() const;
  /// The sources that rows are of, each with those that its references are of, where they are others.
  std::string sources_sql() const;

 private:
  const model::Table* table_ = nullptr;
  std::string currency_, rows_, order_;
  std::vector<TableColumn> columns_;
};

}  // namespace vigie::exports
