#include "exports/table_maps.h"

#include "base/json_writer.h"

namespace vigie::exports {
namespace {

/// A text as YAML reads it between double quotes: as JSON writes it.
std::string yaml_text(std::string_view text) {
  std::string out;
  JsonWriter(out).text(text);
  return out;
}

/// A text of the language of filters.
std::string text_literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

/// The rows of one source that refer to the same other sources: of each reference that may, "" where it is its own.
struct Lot {
  std::string source;
  std::map<std::string, std::string> others;  ///< key column → source
};

std::string filter_of(const Lot& lot) {
  std::string out = "source = " + text_literal(lot.source);
  for (const auto& [key, other] : lot.others)
    out += other.empty() ? fmt::format(" and ({0}_source is null or {0}_source = source)", key)
                         : fmt::format(" and {}_source = {}", key, text_literal(other));
  return out;
}

std::string from_of(const TableColumn& column, const TableQuery& query, const Lot& lot) {
  const std::string& name = column.column.name;
  if (column.reference)
    if (const auto other = lot.others.find(name); other != lot.others.end() && !other->second.empty())
      return fmt::format("{{from: {}, source: {}}}", name, yaml_text(other->second));
  const auto has_day = [&](const TableColumn& one) { return one.needed == Needed::bare && one.of == name; };
  if (std::ranges::any_of(query.columns(), has_day)) return fmt::format("{{from: [{0}_date, {0}]}}", name);
  if (!model::is_attribute(name)) return name;
  const char* const kind = column.type == "VARCHAR" ? "text" : column.type == "DATE" ? "date" : "number";
  return fmt::format("{{from: {}, as: {}}}", name, kind);
}

std::string map_of(const std::string& id, const Lot& lot, const TableQuery& query, const TableStanding& standing,
                   const std::string& file) {
  const std::string& table = query.table().name;
  std::string out = fmt::format(
      "# Reads back the rows that vigie export wrote to that file.\nmap: {}\nsource: {}\n"
      "table: {}\ninput: {{files: {}}}\nfilter: {}\n",
      id, yaml_text(lot.source), table, yaml_text(file), yaml_text(filter_of(lot)));
  for (const auto& one : standing.facts.coverage) {
    if (one.table != table || one.source != lot.source) continue;
    if (one.complete_until) out += fmt::format("complete_until: {}\n", yaml_text(to_string(*one.complete_until)));
    if (one.history_complete) out += "history_complete: true\n";
  }
  out += "columns:\n";
  for (const TableColumn& column : query.columns())
    if (column.needed == Needed::always && column.column.name != "source")
      out += fmt::format("  {}: {}\n", column.column.name, from_of(column, query, lot));
  return out;
}

}  // namespace

Result<std::vector<ReturnMap>> return_maps(TableSource& data, const TableStanding& standing, const TableOrder& order,
                                           const Form& form, const std::string& file,
                                           const store::QueryLimits& limits) {
  if (form.format == Format::xlsx || form.reader != Reader::program || form.guard_formulas || form.labels ||
      !order.columns.empty())
    return fail(ErrorKind::usage, "export.maps",
                "maps that give the rows back are of a CSV for programs or a Parquet file", {},
                "leave out --columns, --for, --guard and --headers, and end the file with .csv or .parquet");
  VIGIE_TRY(TableQuery query,
            TableQuery::make(standing.model, standing.facts.attributes, standing.currency, order, form.format));
  VIGIE_TRY(const store::ResultSet facts, data.state.query(query.facts_sql(), limits));
  std::vector<bool> needs;
  for (std::size_t i = 2; i < facts.columns().size(); ++i) needs.push_back(facts.boolean(0, i));
  query.keep(needs);
  VIGIE_TRY(const store::ResultSet found, data.state.query(query.sources_sql(), limits));
  std::vector<std::string> keys;
  for (const TableColumn& one : query.columns())
    if (one.needed == Needed::other_source) keys.push_back(one.of);
  std::vector<ReturnMap> out;
  for (std::size_t row = 0; row < found.rows(); ++row) {
    Lot lot{found.text(row, 0), {}};
    for (std::size_t i = 0; i < keys.size(); ++i) lot.others[keys[i]] = found.text(row, i + 1);
    const std::string id =
        fmt::format("exported_{}{}", order.table, found.rows() > 1 ? fmt::format("_{}", row + 1) : "");
    out.push_back({id, map_of(id, lot, query, standing, file)});
  }
  return out;
}

}  // namespace vigie::exports
