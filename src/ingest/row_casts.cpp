// How the text of one column becomes a value, and why it may be refused.
#include "base/text.h"
#include "ingest/map_reader.h"
#include "ingest/row_sql.h"

namespace vigie::ingest {
namespace {

using model::ColumnType;
using store::quote_text;

std::string list_of(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quote_text(value);
  return out;
}

/// Numbers that come with a type are written in the engine's way, whatever the map says about texts.
NumberFormat number_format(const ColumnMap& column, OwnWriting typed_source) {
  NumberFormat out = column.number;
  if (!typed_source.numbers) return out;
  out.decimal = '.';
  out.thousands.clear();
  return out;
}

DateFormat date_format(const ColumnMap& column, OwnWriting typed_source) {
  DateFormat out = column.date;
  if (typed_source.times) out.patterns.clear();
  return out;
}

void set_number(const ColumnMap& column, ColumnType type, std::size_t k, OwnWriting typed_source, ColumnSql& out) {
  const std::string kind = type == ColumnType::rate ? "decimal8" : type == ColumnType::integer ? "integer" : "decimal4";
  const std::string sql_type = type == ColumnType::rate      ? "DECIMAL(18,8)"
                               : type == ColumnType::integer ? "BIGINT"
                                                             : "DECIMAL(18,4)";
  const std::string format = quote_text(number_format(column, typed_source).to_text());
  out.value = fmt::format("vigie_{}(r{}, {})", kind, k, format);
  out.faults.emplace_back(fmt::format("r{0} IS NOT NULL AND v{0} IS NULL", k),
                          fmt::format("vigie_fault('{}', r{}, {})", kind, k, format));
  // Base amounts have six decimals in 18 digits, so a document's may have twelve before the point.
  if (type == ColumnType::money)
    out.faults.emplace_back(fmt::format("v{0} >= 1000000000000 OR v{0} <= -1000000000000", k), "'cast.overflow'");
  out.physical.push_back({{column.name, sql_type}, fmt::format("v{}", k)});
}

void set_time(const ColumnMap& column, ColumnType type, std::size_t k, OwnWriting typed_source,
              const RowSettings& settings, ColumnSql& out) {
  const std::string format = quote_text(date_format(column, typed_source).to_text());
  if (type == ColumnType::date) {
    out.value = fmt::format("vigie_day(r{}, {})", k, format);
    out.faults.emplace_back(fmt::format("r{0} IS NOT NULL AND v{0} IS NULL", k),
                            fmt::format("vigie_fault('date', r{}, {})", k, format));
    out.physical.push_back({{column.name, "INTEGER"}, fmt::format("v{}", k)});
    return;
  }
  out.value = fmt::format("vigie_moment(r{}, {}, {})", k, format, quote_text(settings.reporting_zone));
  out.faults.emplace_back(fmt::format("r{0} IS NOT NULL AND v{0}.at IS NULL", k),
                          fmt::format("vigie_fault('date', r{}, {})", k, format));
  out.physical.push_back({{column.name, "BIGINT"}, fmt::format("v{}.at", k)});
  if (column.name == "updated_at" || column.name == "deleted_at") return;  // common columns have no facets
  out.physical.push_back({{column.name + "_day", "INTEGER"}, fmt::format("v{}.day", k)});
  out.physical.push_back({{column.name + "_off", "SMALLINT"}, fmt::format("v{}.off", k)});
  out.physical.push_back({{column.name + "_bare", "BOOLEAN"}, fmt::format("v{}.bare", k)});
}

/// What has no fault has letters from a to z alone: of these upper() makes what model::in_capitals does.
void set_currency(const ColumnMap& column, std::size_t k, const std::string& currency, ColumnSql& out) {
  out.value = fmt::format("coalesce(upper(r{}), {})", k, quote_text(currency));
  out.faults.emplace_back(
      fmt::format("CASE WHEN r{0} = {1} THEN false ELSE vigie_fault('currency', r{0}, '') IS NOT NULL END", k,
                  quote_text(currency)),
      "'cast.currency'");
  out.physical.push_back({{column.name, "VARCHAR"}, fmt::format("v{}", k)});
}

void set_boolean(const ColumnMap& column, std::size_t k, ColumnSql& out) {
  const std::string word = fmt::format("lower(r{})", k);
  out.value = fmt::format(
      "CASE WHEN {0} IN ('true','yes','oui','vrai','1','1.0','t','y','o','x') THEN true WHEN {0} IN "
      "('false','no','non','faux','0','0.0','f','n') THEN false END",
      word);
  out.faults.emplace_back(fmt::format("r{0} IS NOT NULL AND v{0} IS NULL", k), "'cast.boolean'");
  out.physical.push_back({{column.name, "BOOLEAN"}, fmt::format("v{}", k)});
}

/// b_k → r_k: the listed values, and what becomes of the others.
std::string mapped_text(const ColumnMap& column, std::size_t k, ColumnSql& out) {
  const std::string base = fmt::format("b{}", k);
  if (column.values.empty()) return base;
  std::string sql = "CASE " + base;
  std::vector<std::string> listed;
  for (const auto& [from, to] : column.values) {
    sql += fmt::format(" WHEN {} THEN {}", quote_text(from), to.empty() ? "NULL" : quote_text(to));
    listed.push_back(from);
  }
  switch (column.otherwise) {
    case Otherwise::keep: sql += " ELSE " + base; break;
    case Otherwise::constant:
      sql += fmt::format(" ELSE CASE WHEN {} IS NULL THEN NULL ELSE {} END", base, quote_text(column.otherwise_value));
      break;
    case Otherwise::null: break;
    case Otherwise::refuse:
      out.faults.emplace_back(fmt::format("{0} IS NOT NULL AND {0} NOT IN ({1})", base, list_of(listed)),
                              "'cast.enum'");
      out.expected = join(listed, ", ");
      break;
  }
  return sql + " END";
}

void set_checks(const model::Column& column, std::size_t k, ColumnSql& out) {
  const std::string value = column.type == ColumnType::instant ? fmt::format("v{}.at", k) : fmt::format("v{}", k);
  const auto& [min, max] = column.range;
  std::string range;
  if (min) range = fmt::format("{} < {}", value, min->to_string());
  if (max) range += fmt::format("{}{} > {}", range.empty() ? "" : " OR ", value, max->to_string());
  if (!range.empty()) {
    out.faults.emplace_back(range, "'check.range'");
    out.expected = min && max ? fmt::format("from {} to {}", min->to_plain(), max->to_plain())
                   : min      ? fmt::format("{} or more", min->to_plain())
                              : fmt::format("{} or less", max->to_plain());
  }
  if (column.required) out.faults.emplace_back(value + " IS NULL", "'check.required'");
}

/// What an empty text stands for: what the map says, else what the model fills the column with where no map names it. A
/// column that must be there is refused instead: an order without a status is no confirmed one.
std::optional<std::string> filling_of(const ColumnMap& column) {
  if (column.fallback || column.column == nullptr || column.column->required || column.column->fallback.empty())
    return column.fallback;
  return column.column->fallback;
}

}  // namespace

void set_cast(const ColumnMap& column, std::size_t k, OwnWriting typed_source, const RowSettings& settings,
              const std::string& currency, ColumnSql& out) {
  out.map = &column;
  out.text = mapped_text(column, k, out);
  if (const auto filling = filling_of(column))
    out.text = fmt::format("coalesce({}, {})", out.text, quote_text(*filling));
  const ColumnType type = type_of(column);
  switch (type) {
    case ColumnType::money:
    case ColumnType::quantity:
    case ColumnType::rate:
    case ColumnType::integer: set_number(column, type, k, typed_source, out); break;
    case ColumnType::instant:
    case ColumnType::date: set_time(column, type, k, typed_source, settings, out); break;
    case ColumnType::boolean: set_boolean(column, k, out); break;
    case ColumnType::key:
      out.value = fmt::format("nfc_normalize(r{})", k);
      out.physical.push_back(
          {{column.name, "BIGINT"},
           store::natural_key_sql(quote_text(column.source), store::key_space(*column.column), fmt::format("v{}", k))});
      break;
    case ColumnType::enumeration:
      out.value = fmt::format("r{}", k);
      if (column.values.empty()) {
        out.faults.emplace_back(
            fmt::format("r{0} IS NOT NULL AND r{0} NOT IN ({1})", k, list_of(column.column->values)), "'cast.enum'");
        out.expected = join(column.column->values, ", ");
      }
      out.physical.push_back({{column.name, "VARCHAR"}, fmt::format("v{}", k)});
      break;
    case ColumnType::text:
      if (column.name == "currency") {
        set_currency(column, k, currency, out);
      } else {
        out.value = fmt::format("nfc_normalize(r{})", k);
        out.physical.push_back({{column.name, "VARCHAR"}, fmt::format("v{}", k)});
      }
      break;
  }
  if (column.column != nullptr) set_checks(*column.column, k, out);
}

}  // namespace vigie::ingest
