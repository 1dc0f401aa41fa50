#include "base/text.h"
#include "cli/commands.h"
#include "cli/render.h"
#include "insight/handbook.h"
#include "kpi/catalogue_json.h"
#include "workspace/share.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;

template <class T>
const std::string& in_language(const T& text) {
  return language() == Language::fr ? text.fr : text.en;
}

std::string kpis_table(const std::vector<const catalog::Definition*>& definitions) {
  std::vector<std::vector<std::string>> rows;
  for (const catalog::Definition* one : definitions) {
    rows.push_back({one->id, in_language(one->label), std::string(catalog::name_of(one->unit)), join(one->aliases, ", ")});
    for (const catalog::Variant& variant : one->variants)
      if (variant.name != "default") rows.push_back({"  :" + variant.name, "  " + in_language(variant.label), "", ""});
  }
  return table_text(rows, {false, false, false, false});
}

Result<model::Model> shipped_model() {
  VIGIE_TRY(const fs::path share, workspace::share_folder());
  return model::Model::load(share / "model");
}

std::string type_of(const model::Column& column) {
  if (!column.references.empty()) return "key → " + column.references;
  if (column.type == model::ColumnType::enumeration) return join(column.values, " | ");
  return std::string(model::name_of(column.type)) + (column.unit.empty() ? "" : " (" + column.unit + ")");
}

std::string tables_of(const model::Model& model) {
  std::vector<std::vector<std::string>> rows;
  for (const model::Table& table : model.tables()) rows.push_back({table.name, in_language(table.label), in_language(table.grain)});
  return table_text(rows, {false, false, false});
}

std::string columns_of(const model::Table& table) {
  std::vector<std::vector<std::string>> rows;
  for (const model::Column& column : table.columns)
    rows.push_back({column.name, type_of(column), column.required ? (language() == Language::fr ? "obligatoire" : "required") : "", in_language(column.label), in_language(column.meaning)});
  return fmt::format("{}: {}. {}\n", table.name, in_language(table.label), in_language(table.grain)) + table_text(rows, {false, false, false, false, false});
}

std::string columns_of(const model::Relation& relation) {
  std::vector<std::vector<std::string>> rows;
  for (const model::RelationColumn& column : relation.columns)
    rows.push_back({column.name, column.references.empty() ? std::string(expr::name_of(column.type)) : "key → " + column.references, in_language(column.label)});
  std::string out = fmt::format("{}: {}. {}\n", relation.name, in_language(relation.label), in_language(relation.meaning));
  return out + table_text(rows, {false, false, false});
}

void write(JsonWriter& out, const model::Label& label) { out.begin_object().key("en").text(label.en).key("fr").text(label.fr).end_object(); }

void write(JsonWriter& out, const model::Table& table) {
  out.begin_object().key("table").text(table.name).key("label"), write(out, table.label);
  out.key("grain"), write(out, table.grain);
  out.key("columns").begin_array();
  for (const model::Column& column : table.columns) {
    out.begin_object().key("name").text(column.name).key("type").text(model::name_of(column.type)).key("required").boolean(column.required);
    if (!column.references.empty()) out.key("references").text(column.references);
    if (!column.unit.empty()) out.key("unit").text(column.unit);
    if (!column.values.empty()) {
      out.key("values").begin_array();
      for (const std::string& value : column.values) out.text(value);
      out.end_array();
    }
    out.key("label"), write(out, column.label);
    out.key("meaning"), write(out, column.meaning);
    out.end_object();
  }
  out.end_array().end_object();
}

void write(JsonWriter& out, const model::Relation& relation) {
  out.begin_object().key("relation").text(relation.name).key("label"), write(out, relation.label);
  out.key("meaning"), write(out, relation.meaning);
  out.key("columns").begin_array();
  for (const model::RelationColumn& column : relation.columns) {
    out.begin_object().key("name").text(column.name).key("type").text(expr::name_of(column.type));
    if (!column.references.empty()) out.key("references").text(column.references);
    out.key("label"), write(out, column.label);
    out.end_object();
  }
  out.end_array().key("dimensions").begin_array();
  for (const auto& [name, column] : relation.dimensions) out.text(name);
  out.end_array().end_object();
}

}  // namespace

Result<> run_kpis(const fs::path& folder, Format format) {
  VIGIE_TRY(const fs::path share, workspace::share_folder());
  VIGIE_TRY(const model::Model model, model::Model::load(share / "model"));
  // Outside of a workspace a folder named kpis/ is somebody else's.
  std::vector<fs::path> folders{share / "kpis"};
  std::error_code ignored;
  if (fs::exists(folder / "vigie.yaml", ignored)) folders.push_back(folder / "kpis");
  VIGIE_TRY(const catalog::Catalog catalog, catalog::Catalog::load(folders, model));
  const Date today{static_cast<std::int32_t>(SystemClock().now().micros / kMicrosPerDay)};
  if (format == Format::markdown)
    return print(insight::handbook(catalog, language() == Language::fr ? insight::Language::fr : insight::Language::en, today));
  const auto definitions = catalog.in_force(today);
  if (format != Format::json) return print(kpis_table(definitions));
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("kpis").begin_array();
  for (const catalog::Definition* definition : definitions) kpi::to_json(*definition, out);
  out.end_array().end_object();
  return print(json + "\n");
}

Result<> run_model(const std::string& name, Format format) {
  VIGIE_TRY(const model::Model model, shipped_model());
  const model::Table* table = model.table(name);
  const model::Relation* relation = model.relation(name);
  if (!name.empty() && !table && !relation) {
    std::vector<std::string> known = model.table_names();
    for (const std::string& one : model.relation_names()) known.push_back(one);
    return fail(ErrorKind::usage, "model.unknown", fmt::format("no table \"{}\"", name), {}, suggestion(name, known));
  }
  if (format != Format::json) return print(table ? columns_of(*table) : relation ? columns_of(*relation) : tables_of(model));
  std::string json;
  JsonWriter out(json);
  if (table) write(out, *table);
  else if (relation) write(out, *relation);
  else {
    out.begin_array();
    for (const model::Table& one : model.tables()) write(out, one);
    for (const model::Relation& one : model.relations()) write(out, one);
    out.end_array();
  }
  return print(json + "\n");
}

}  // namespace vigie::cli
