#include "model/model_json.h"

#include "base/json_writer.h"
#include "base/text.h"

namespace vigie::model {
namespace {

void write(JsonWriter& out, const Column& column) {
  out.begin_object().key("name").text(column.name).key("type").text(name_of(column.type));
  out.key("required").boolean(column.required);
  if (!column.references.empty()) out.key("references").text(column.references);
  if (column.personal) out.key("personal").boolean(true);
  if (!column.subject) out.key("subject").boolean(false);
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

void write(JsonWriter& out, const Relation& relation);

/// `derived`: the relation of the same name that definitions read in its place; null: they read the table.
void write(JsonWriter& out, const Table& table, const Relation* derived = nullptr) {
  out.begin_object().key("table").text(table.name).key("label"), write(out, table.label);
  out.key("grain"), write(out, table.grain);
  if (table.person) out.key("person").boolean(true);
  out.key("columns").begin_array();
  for (const Column& column : table.columns) write(out, column);
  out.end_array();
  if (derived) out.key("derived"), write(out, *derived);
  out.end_object();
}

void write(JsonWriter& out, const Relation& relation) {
  out.begin_object().key("relation").text(relation.name).key("label"), write(out, relation.label);
  out.key("meaning"), write(out, relation.meaning);
  out.key("columns").begin_array();
  for (const RelationColumn& column : relation.columns) {
    out.begin_object().key("name").text(column.name).key("type").text(expr::name_of(column.type));
    if (!column.references.empty()) out.key("references").text(column.references);
    if (!column.path.empty()) out.key("path").text(column.path);
    out.key("label"), write(out, column.label);
    out.end_object();
  }
  out.end_array().key("dimensions").begin_array();
  for (const auto& [name, column] : relation.dimensions) out.text(name);
  out.end_array().end_object();
}

}  // namespace

Result<std::string> to_json(const Model& model, std::string_view name) {
  std::string json;
  JsonWriter out(json);
  if (const Table* table = model.table(name)) {
    const Relation* const relation = model.relation(name);
    // One that nobody declared is the table as it is, in its own words.
    write(out, *table, relation && relation->meaning.en != table->grain.en ? relation : nullptr);
  } else if (const Relation* relation = model.relation(name)) {
    write(out, *relation);
  } else if (name.empty()) {
    out.begin_array();
    for (const Table& one : model.tables()) write(out, one);
    for (const Relation& one : model.relations()) write(out, one);
    out.end_array();
  } else {
    std::vector<std::string> known = model.table_names();
    for (const std::string& one : model.relation_names()) known.push_back(one);
    return fail(ErrorKind::usage, "model.unknown", fmt::format("no table \"{}\"", name), {}, suggestion(name, known));
  }
  return json;
}

}  // namespace vigie::model
