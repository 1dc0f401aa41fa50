#include "exports/table_query.h"

#include "base/text.h"
#include "expr/check.h"
#include "store/print_rel.h"

namespace vigie::exports {
namespace {

using expr::Expr;
using expr::Type;
using model::ColumnType;
using store::quote_identifier;
using store::RelPtr;

std::string source_of(std::string_view key) { return fmt::format("{}.source", key); }
std::string natural_of(std::string_view key) { return fmt::format("{}.source_key", key); }

/// The rows of the table with, of each key, what its source calls it.
RelPtr rows_of(const model::Model& model, const model::Table& table, const std::vector<store::Attribute>& attributes) {
  RelPtr rows = store::table_scan(model, table.name, attributes);
  for (const model::Column& column : table.columns)
    if (column.type == ColumnType::key)
      rows = store::join(store::JoinKind::left, rows, store::key_scan(store::key_space(column)), {{column.name, "key"}},
                         column.name + ".");
  return rows;
}

/// Common columns are µs without facets.
Expr common_instant(const RelPtr& rows, std::string_view name) {
  return expr::call(expr::Op::on_clock, Type::instant, {store::col(rows, name), expr::integer(0)});
}

bool is_common(std::string_view name) { return name == "updated_at" || name == "deleted_at"; }

/// What a filter may name: the columns of the table as a person sees them.
class FilterScope final : public expr::Scope {
 public:
  FilterScope(const model::Table& table, RelPtr rows) : table_(table), rows_(std::move(rows)) {
    names_ = {"source", "key"};
    for (const model::Column& column : table.columns) names_.push_back(column.name);
    for (const store::Column& column : rows_->columns)
      if (model::is_attribute(column.name)) names_.push_back(column.name);
    for (const char* common : {"updated_at", "deleted_at"}) names_.emplace_back(common);
  }
  std::string subject() const override { return table_.name; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    if (std::ranges::find(names_, name) == names_.end()) return std::nullopt;
    const Expr value = behind(name);
    return expr::ColumnInfo{value->type, value->scale};
  }
  std::vector<std::string> column_names() const override { return names_; }
  std::optional<Type> parameter(std::string_view /*name*/) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

  Expr behind(std::string_view name) const {
    if (name == "key") return store::col(rows_, "source_key");
    if (is_common(name)) return common_instant(rows_, name);
    const model::Column* const column = table_.find(name);
    const bool is_key = column != nullptr && column->type == ColumnType::key;
    return store::col(rows_, is_key ? natural_of(name) : std::string(name));
  }

 private:
  const model::Table& table_;
  const RelPtr rows_;
  std::vector<std::string> names_;
};

Result<RelPtr> filtered(const model::Table& table, RelPtr rows, const std::string& where, const std::string& currency) {
  if (where.empty()) return rows;
  const FilterScope scope(table, rows);
  VIGIE_TRY(Expr condition, expr::parse_and_check(where, scope, {"", 1, 1}, Type::boolean));
  VIGIE_CHECK(expr::check_currency(condition, currency));
  VIGIE_TRY(condition, expr::bind(condition, {}));
  return store::filter(rows,
                       expr::map_columns(condition, [&](const expr::Node& node) { return scope.behind(node.name); }));
}

struct Shape {
  Kind kind;
  std::string_view unit, type;
  int width;
};

Shape shape_of(ColumnType type) {
  switch (type) {
    case ColumnType::key: return {Kind::text, "", "VARCHAR", 18};
    case ColumnType::text: return {Kind::text, "", "VARCHAR", 18};
    case ColumnType::enumeration: return {Kind::text, "", "VARCHAR", 12};
    case ColumnType::instant: return {Kind::moment, "", "TIMESTAMPTZ", 20};
    case ColumnType::date: return {Kind::date, "", "DATE", 12};
    case ColumnType::money: return {Kind::exact, "money", "DECIMAL(18,4)", 14};
    case ColumnType::quantity: return {Kind::exact, "", "DECIMAL(18,4)", 12};
    case ColumnType::rate: return {Kind::exact, "", "DECIMAL(18,8)", 12};
    case ColumnType::boolean: return {Kind::boolean, "", "BOOLEAN", 10};
    case ColumnType::integer: return {Kind::integer, "count", "BIGINT", 10};
  }
  return {};
}

Text with(const Text& label, const char* en, const char* fr) {
  return {fmt::format("{} ({})", label.en, en), fmt::format("{} ({})", label.fr, fr)};
}

/// Lists the columns of a file one by one, and beside each the column of the tree that it is read from.
class Listing {
 public:
  Listing(const model::Model& model, const model::Table& table, RelPtr rows, std::string currency, Format format)
      : model_(model), table_(table), rows_(std::move(rows)), currency_(std::move(currency)), format_(format) {}

  std::vector<TableColumn> list() {
    add("source", {"Source", "Source"}, ColumnType::text, store::col(rows_, "source"));
    // Where columns of the table's own make its key, they say it all.
    if (table_.key.empty() || table_.key.front() == "key")
      add("key", {"Key", "Clé"}, ColumnType::key, store::col(rows_, "source_key"));
    for (const model::Column& column : table_.columns) add(column);
    for (const store::Column& column : rows_->columns)
      if (model::is_attribute(column.name)) add_attribute(column);
    for (const model::Column& column : model_.common_columns())
      add(column.name, column.label, ColumnType::instant, common_instant(rows_, column.name));
    return std::move(columns_);
  }
  const std::vector<store::NamedExpr>& projected() const { return projected_; }

 private:
  TableColumn& add(const std::string& name, const Text& label, ColumnType type, Expr value) {
    const Shape shape = shape_of(type);
    projected_.push_back({name, std::move(value)});
    std::string sql = quote_identifier(name);
    if (shape.kind == Kind::moment) sql = fmt::format("make_timestamp({})", sql);
    if (shape.kind == Kind::date) sql = fmt::format("DATE '1970-01-01' + {}", sql);
    columns_.push_back({.column = {name, label, shape.kind, std::string(shape.unit), shape.width},
                        .needed = Needed::always,
                        .of = name,
                        .type = std::string(shape.type),
                        .value = std::move(sql)});
    return columns_.back();
  }

  void add(const model::Column& column) {
    const std::string& name = column.name;
    if (column.type == ColumnType::key) {
      add(name, column.label, column.type, store::col(rows_, natural_of(name))).reference = true;
      TableColumn& source = add(name + "_source", with(column.label, "source", "source"), ColumnType::text,
                                store::col(rows_, source_of(name)));
      source.needed = Needed::other_source, source.of = name;
    } else if (column.type == ColumnType::money) {
      add(name, column.label, column.type, store::col(rows_, store::document_amount(name)));
      TableColumn& base =
          add(name + "_base", with(column.label, "converted", "converti"), column.type, store::col(rows_, name));
      base.needed = Needed::other_currency, base.of = name, base.type = "DECIMAL(18,6)",
      base.column.currency = currency_;
    } else {
      TableColumn& plain = add(name, column.label, column.type, store::col(rows_, name));
      if (column.type != ColumnType::instant) return;
      plain.bare = true;
      if (format_ == Format::parquet) add_day(name, column.label);
    }
  }

  /// What a timestamp cannot say: that its source gave a date alone.
  void add_day(const std::string& name, const Text& label) {
    columns_.push_back({.column = {name + "_date", with(label, "date alone", "date seule"), Kind::date, {}, 12},
                        .needed = Needed::bare,
                        .of = name,
                        .type = "DATE",
                        .value = fmt::format("CASE WHEN {} THEN DATE '1970-01-01' + {} END",
                                             quote_identifier(expr::facet_name(name, expr::Facet::bare)),
                                             quote_identifier(expr::facet_name(name, expr::Facet::day)))});
  }

  void add_attribute(const store::Column& column) {
    const std::string words = column.name.substr(2);
    add(column.name, {words, words},
        column.type == Type::text   ? ColumnType::text
        : column.type == Type::date ? ColumnType::date
                                    : ColumnType::quantity,
        store::col(rows_, column.name));
  }

  const model::Model& model_;
  const model::Table& table_;
  const RelPtr rows_;
  const std::string currency_;
  const Format format_;
  std::vector<TableColumn> columns_;
  std::vector<store::NamedExpr> projected_;
};

std::vector<std::string> names_of(const std::vector<TableColumn>& columns) {
  std::vector<std::string> out;
  for (const TableColumn& one : columns) out.push_back(one.column.name);
  return out;
}

/// Those that are asked for by name, in that order: each is needed.
Result<std::vector<TableColumn>> chosen(const std::vector<TableColumn>& all, const TableOrder& order) {
  std::vector<TableColumn> out;
  for (const std::string& name : order.columns) {
    const auto found = std::ranges::find(all, name, [](const TableColumn& one) { return one.column.name; });
    if (found == all.end())
      return fail(ErrorKind::usage, "export.column", fmt::format("{} has no column \"{}\"", order.table, name), {},
                  suggestion(name, names_of(all)));
    if (std::ranges::find(out, name, [](const TableColumn& one) { return one.column.name; }) != out.end())
      return fail(ErrorKind::usage, "export.column", fmt::format("the column \"{}\" is asked for twice", name));
    out.push_back(*found);
    out.back().needed = Needed::always;
  }
  return out;
}

}  // namespace

Result<TableOrder> table_order(const std::string& table, Fields fields) {
  TableOrder out{table, {}, {}};
  std::set<std::string> seen;
  for (const auto& [name, value] : fields) {
    if (!seen.insert(name).second)
      return fail(ErrorKind::usage, "question.repeated", fmt::format("the field \"{}\" is given twice", name));
    if (name == "where") out.where = value;
    else if (name == "columns") {
      for (const std::string& one : split(value, ',')) out.columns.emplace_back(trim(one));
    } else {
      return fail(ErrorKind::usage, "question.unknown_field", fmt::format("unknown field \"{}\"", name), {},
                  "known: columns, for, format, guard, headers, language, where");
    }
  }
  return out;
}

Result<TableQuery> TableQuery::make(const model::Model& model, const std::vector<store::Attribute>& attributes,
                                    const std::string& currency, const TableOrder& order, Format format) {
  TableQuery out;
  out.currency_ = currency;
  out.table_ = model.table(order.table);
  if (out.table_ == nullptr)
    return fail(ErrorKind::usage, "model.unknown", fmt::format("there is no table \"{}\"", order.table), {},
                suggestion(order.table, model.table_names()));
  RelPtr rows = rows_of(model, *out.table_, attributes);
  VIGIE_TRY(rows, filtered(*out.table_, rows, order.where, currency));
  Listing listing(model, *out.table_, rows, currency, format);
  out.columns_ = listing.list();
  out.rows_ = store::shared_sql(store::shared(store::project(rows, listing.projected())), store::duckdb_dialect(), {});
  if (!order.columns.empty()) {
    VIGIE_TRY(out.columns_, chosen(out.columns_, order));
  }
  return out;
}

void TableQuery::keep(const std::vector<bool>& needs) {
  std::vector<TableColumn> kept;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (needs[i]) kept.push_back(columns_[i]);
  columns_ = std::move(kept);
}

void TableQuery::sort() {
  std::vector<std::string> by;
  if (!table_->time.empty()) by.push_back(table_->time);
  by.emplace_back("source");
  if (table_->key.empty() || table_->key.front() == "key") by.emplace_back("key");
  else by.insert(by.end(), table_->key.begin(), table_->key.end());
  order_ = " ORDER BY ";
  for (std::size_t i = 0; i < by.size(); ++i)
    order_ += fmt::format("{}rows.{} NULLS LAST", i > 0 ? ", " : "", quote_identifier(by[i]));
}

std::string TableQuery::facts_sql() const {
  std::string list = "count(*), count(\"deleted_at\")";
  for (const TableColumn& one : columns_) {
    const std::string of = quote_identifier(one.of);
    switch (one.needed) {
      case Needed::always: list += ", true"; break;
      case Needed::other_source:
        list += fmt::format(", coalesce(bool_or({} IS NOT NULL AND {} <> \"source\"), false)", of,
                            quote_identifier(one.column.name));
        break;
      case Needed::other_currency:
        list += fmt::format(", coalesce(bool_or({} IS NOT NULL AND \"currency\" <> {}), false)", of,
                            store::quote_text(currency_));
        break;
      case Needed::bare:
        list += fmt::format(", coalesce(bool_or({}), false)",
                            quote_identifier(expr::facet_name(one.of, expr::Facet::bare)));
        break;
    }
  }
  return fmt::format("SELECT {} FROM ({})", list, rows_);
}

std::string TableQuery::typed_sql() const {
  std::string list;
  for (const TableColumn& one : columns_)
    list += fmt::format("{}CAST({} AS {}) AS {}", list.empty() ? "" : ", ", one.value, one.type,
                        quote_identifier(one.column.name));
  return fmt::format("SELECT {} FROM ({}) AS rows{}", list, rows_, order_);
}

std::string TableQuery::raw_sql() const {
  std::string list;
  for (const TableColumn& one : columns_) {
    list += list.empty() ? "" : ", ";
    if (one.column.kind != Kind::moment) {
      list += fmt::format("CAST({} AS {})", one.value, one.type);
      continue;
    }
    list += quote_identifier(one.of);
    if (one.bare)
      list += fmt::format(", CASE WHEN {} THEN {} END", quote_identifier(expr::facet_name(one.of, expr::Facet::bare)),
                          quote_identifier(expr::facet_name(one.of, expr::Facet::day)));
  }
  return fmt::format("SELECT {} FROM ({}) AS rows{}", list, rows_, order_);
}

std::string TableQuery::sources_sql() const {
  std::string list = "\"source\"";
  for (const TableColumn& one : columns_)
    if (one.needed == Needed::other_source)
      list += fmt::format(", coalesce(nullif({}, \"source\"), '')", quote_identifier(one.column.name));
  return fmt::format("SELECT DISTINCT {} FROM ({}) ORDER BY ALL", list, rows_);
}

}  // namespace vigie::exports
