#include "checks/condition.h"

#include "base/text.h"

namespace vigie::checks {
namespace {

using model::ColumnType;

std::string in_quotes(std::string_view value) {
  std::string out = "'";
  for (const char letter : value) out += letter == '\'' ? std::string("''") : std::string(1, letter);
  return out + "'";
}

/// A name as the expression language takes it, also where it reads like a word of its own.
std::string as_name(std::string_view column) { return fmt::format("\"{}\"", column); }

std::string all_of_them(const Check& check, const Subject& subject) {
  std::string out;
  for (const std::string& column : check.columns)
    out += fmt::format("{}{} is not null", out.empty() ? "" : " and ", as_name(as_given(subject, column)));
  return out;
}

std::string one_of(const Check& check, const Subject& subject) {
  const model::Column* column = subject.table.find(check.columns.front());
  const bool number = column != nullptr && column->type == ColumnType::integer;
  std::string list;
  for (const std::string& value : check.values)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", number ? value : in_quotes(value));
  // An empty one is a value to `in`, and here it is none.
  return fmt::format("{0} is null or {0} in ({1})", as_name(check.columns.front()), list);
}

/// How a bound is written beside the column, and what of the column is held against it.
struct Compared {
  std::string value, before, after;
};

Compared compared_by(const Check& check, const Subject& subject, std::string_view base) {
  const std::string& name = check.columns.front();
  const model::Column* column = subject.table.find(name);
  const bool attribute_of_days =
      column == nullptr && std::ranges::any_of(subject.attributes, [&](const store::Attribute& one) {
        return one.name == name && one.type == store::AttributeType::date;
      });
  if (column != nullptr && column->type == ColumnType::instant)
    return {fmt::format("date({})", as_name(name)), "'", "'"};
  if (attribute_of_days || (column != nullptr && column->type == ColumnType::date)) return {as_name(name), "'", "'"};
  if (!is_money(subject, name)) return {as_name(name), "", ""};
  // In the workspace's currency at the rate of the day; in another one, as its documents say.
  if (check.currency.empty() || check.currency == base) return {as_name(name), "", fmt::format(" {}", base)};
  return {as_name(store::document_amount(name)), "", ""};
}

std::string within_bounds(const Check& check, const Subject& subject, std::string_view base) {
  const Compared by = compared_by(check, subject, base);
  std::string out;
  for (const auto& [bound, sign] : {std::pair{&check.min, ">="}, std::pair{&check.max, "<="}})
    if (*bound)
      out += fmt::format("{}{} {} {}{}{}", out.empty() ? "" : " and ", by.value, sign, by.before, **bound, by.after);
  const bool of_documents = !check.currency.empty() && check.currency != base;
  return of_documents ? fmt::format("currency != {} or ({})", in_quotes(check.currency), out) : out;
}

}  // namespace

CheckScope::CheckScope(const Subject& subject)
    : name_(subject.table.name), rows_(store::table_scan(subject.model, subject.table.name, subject.attributes)) {
  for (const model::Column& column : subject.table.columns) is_key_[column.name] = column.type == ColumnType::key;
}

std::optional<expr::ColumnInfo> CheckScope::column(std::string_view name) const {
  for (const char* ours : {"key", "batch", "source", "updated_at", "deleted_at"})
    if (name == ours) return std::nullopt;
  const store::Column* column = store::find_column(rows_, name);
  if (column == nullptr) return std::nullopt;
  const auto key = is_key_.find(name);
  return expr::ColumnInfo{column->type, column->scale, key != is_key_.end() && key->second, ""};
}

std::vector<std::string> CheckScope::column_names() const {
  std::vector<std::string> out;
  for (const store::Column& one : rows_->columns)
    if (column(one.name)) out.push_back(one.name);
  return out;
}

bool is_money(const Subject& subject, std::string_view column) {
  const model::Column* found = subject.table.find(column);
  return found != nullptr && found->type == ColumnType::money;
}

std::string as_given(const Subject& subject, std::string_view column) {
  return is_money(subject, column) ? store::document_amount(column) : std::string(column);
}

std::string condition_of(const Check& check, const Subject& subject, std::string_view base) {
  switch (check.kind) {
    case Kind::not_null: return all_of_them(check, subject);
    case Kind::in_set: return one_of(check, subject);
    case Kind::range: return within_bounds(check, subject, base);
    default: return check.expected;
  }
}

std::string bounds_of(const Check& check) {
  const std::string unit = check.currency.empty() ? "" : " " + check.currency;
  const auto bound = [&](const std::optional<std::string>& one) { return one ? *one + unit : std::string(); };
  return fmt::format("[{}…{}]", check.min ? bound(check.min) + " " : "", check.max ? " " + bound(check.max) : "");
}

Result<expr::Expr> rows_of(const std::string& where, const Subject& subject, const SourcePosition& at,
                           std::string_view base) {
  VIGIE_TRY(expr::Expr out, expr::parse_and_check(where, CheckScope(subject), at, expr::Type::boolean));
  VIGIE_CHECK(expr::check_currency(out, base));
  return out;
}

Result<expr::Expr> failure_of(const Check& check, const Subject& subject, std::string_view base) {
  VIGIE_TRY(const expr::Expr holds, rows_of(condition_of(check, subject, base), subject, check.at, base));
  std::vector<expr::Expr> all{expr::not_(holds)};
  if (!check.where.empty()) {
    VIGIE_TRY(expr::Expr where, rows_of(check.where, subject, check.at, base));
    all.push_back(std::move(where));
  }
  return expr::all_of(std::move(all));
}

}  // namespace vigie::checks
