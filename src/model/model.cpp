#include "model/model.h"

#include <array>

#include "base/text.h"

namespace vigie::model {
namespace {

constexpr std::array<std::pair<ColumnType, std::string_view>, 10> kNames = {{{ColumnType::key, "key"},
                                                                             {ColumnType::text, "text"},
                                                                             {ColumnType::enumeration, "enumeration"},
                                                                             {ColumnType::instant, "instant"},
                                                                             {ColumnType::date, "date"},
                                                                             {ColumnType::money, "money"},
                                                                             {ColumnType::quantity, "quantity"},
                                                                             {ColumnType::rate, "rate"},
                                                                             {ColumnType::boolean, "boolean"},
                                                                             {ColumnType::integer, "integer"}}};

Column neighbour(std::string name, ColumnType type, Text label, Text meaning) {
  Column column;
  column.name = std::move(name);
  column.type = type;
  column.label = std::move(label);
  column.meaning = std::move(meaning);
  return column;
}

template <class T>
const T* named(const std::vector<T>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &T::name);
  return found == all.end() ? nullptr : &*found;
}

template <class T>
std::vector<std::string> names(const std::vector<T>& all) {
  std::vector<std::string> out;
  for (const T& one : all) out.push_back(one.name);
  return out;
}

}  // namespace

std::string_view name_of(ColumnType type) {
  for (const auto& [known, name] : kNames) {
    if (known == type) return name;
  }
  return "?";
}

std::optional<ColumnType> column_type(std::string_view name) {
  for (const auto& [type, known] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

bool is_number(ColumnType type) {
  return type == ColumnType::money || type == ColumnType::quantity || type == ColumnType::rate ||
         type == ColumnType::integer;
}

bool is_time(ColumnType type) { return type == ColumnType::instant || type == ColumnType::date; }

const std::vector<Column>& neighbour_columns() {
  static const std::vector<Column> kColumns = {
      neighbour("nth", ColumnType::integer, {"Rank", "Rang"},
                {"Its place among its neighbours, from 1", "Son rang parmi ses voisins, à partir de 1"}),
      neighbour("prev_at", ColumnType::instant, {"Previous date", "Date précédente"},
                {"When the one before it was", "La date du précédent"}),
      neighbour("next_at", ColumnType::instant, {"Next date", "Date suivante"},
                {"When the one after it was", "La date du suivant"}),
      neighbour("prev_key", ColumnType::key, {"Previous", "Précédent"}, {"The one before it", "Celui d'avant"}),
      neighbour("next_key", ColumnType::key, {"Next", "Suivant"}, {"The one after it", "Celui d'après"})};
  return kColumns;
}

const Column* Table::find(std::string_view column) const { return named(columns, column); }
std::vector<std::string> Table::column_names() const { return names(columns); }
const Column* Table::find_derived(std::string_view column) const { return named(derived, column); }
const RelationColumn* Relation::find(std::string_view column) const { return named(columns, column); }

const Table* Model::table(std::string_view name) const { return named(tables_, name); }
const Relation* Model::relation(std::string_view name) const { return named(relations_, name); }
std::vector<std::string> Model::table_names() const { return names(tables_); }
std::vector<std::string> Model::relation_names() const { return names(relations_); }

std::string personal_name(std::string_view name) {
  std::string out = fold_name(name);
  std::erase_if(out, [](char c) { return !is_digit(c) && (c < 'a' || c > 'z'); });
  return out;
}

bool is_key(std::string_view path, expr::Type type) {
  const std::string_view name = path.substr(path.rfind('.') + 1);  // of no dot: all of it
  return type == expr::Type::integer && (name == "key" || name.ends_with("_key"));
}

expr::ColumnInfo scalar_of(ColumnType type) {
  switch (type) {
    case ColumnType::key:
    case ColumnType::integer: return {expr::Type::integer, 0};
    case ColumnType::text:
    case ColumnType::enumeration: return {expr::Type::text, 0};
    case ColumnType::instant: return {expr::Type::instant, 0};
    case ColumnType::date: return {expr::Type::date, 0};
    case ColumnType::money: return {expr::Type::money, 6};
    case ColumnType::quantity: return {expr::Type::number, 4};
    case ColumnType::rate: return {expr::Type::number, 8};
    case ColumnType::boolean: return {expr::Type::boolean, 0};
  }
  return {};
}

}  // namespace vigie::model
