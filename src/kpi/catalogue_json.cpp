#include "kpi/catalogue_json.h"

#include "tongue/french.h"

namespace vigie::kpi {
namespace {

void write(JsonWriter& out, const std::vector<std::string>& texts) {
  out.begin_array();
  for (const std::string& text : texts) out.text(text);
  out.end_array();
}

void write(JsonWriter& out, const catalog::Variant& variant, catalog::Unit unit) {
  out.begin_object().key("id").text(variant.name).key("label"), write(out, variant.label);
  out.key("words"), write(out, variant.words);
  out.key("unit").text(catalog::name_of(variant.unit.value_or(unit)));
  if (!variant.table.empty()) {
    out.key("axis").text(variant.table_axis).key("rows").begin_array();
    for (const catalog::TableRow& row : variant.table) {
      out.begin_object().key("id").text(row.key).key("label");
      write(out, row.label);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write(JsonWriter& out, const catalog::Parameter& parameter) {
  static constexpr const char* kKinds[] = {"days", "integer", "number", "choice"};
  out.begin_object().key("id").text(parameter.name).key("type").text(kKinds[static_cast<int>(parameter.kind)]);
  out.key("default").text(parameter.fallback).key("values"), write(out, parameter.values);
  out.key("label"), write(out, parameter.label);
  out.end_object();
}

}  // namespace

void to_json(const catalog::Definition& definition, JsonWriter& out) {
  out.begin_object().key("id").text(definition.id).key("version").number(definition.version);
  out.key("effective_from").text(to_string(definition.effective_from)).key("owner").text(definition.owner);
  out.key("headline").boolean(definition.headline);
  if (definition.headline) out.key("headline_variant").text(definition.headline_variant);
  out.key("group").text(definition.group);
  out.key("unit").text(catalog::name_of(definition.unit)).key("direction").text(catalog::name_of(definition.direction));
  out.key("additivity").text(definition.additivity).key("min_sample").number(definition.min_sample);
  out.key("label"), write(out, definition.label);
  out.key("description"), write(out, definition.description);
  out.key("levers").begin_object().key("en"), write(out, definition.levers_en);
  out.key("fr"), write(out, definition.levers_fr);
  out.end_object().key("aliases"), write(out, definition.aliases);
  out.key("parameters").begin_array();
  for (const catalog::Parameter& parameter : definition.parameters) write(out, parameter);
  out.end_array().key("variants").begin_array();
  for (const catalog::Variant& variant : definition.variants) write(out, variant, definition.unit);
  out.end_array().end_object();
}

std::string catalogue_json(const catalog::Catalog& catalog, Date on) {
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("kpis").begin_array();
  for (const catalog::Definition* definition : catalog.in_force(on)) to_json(*definition, out);
  out.end_array().key("refused").begin_array();
  for (const auto& [id, kpi] : catalog.refused()) {
    out.begin_object().key("id").text(id).key("code").text(kpi.why.code).key("why");
    write(out, Text{kpi.why.text(), tongue::in_french(kpi.why)});
    out.key("aliases"), write(out, catalog.other_names(id));
    out.end_object();
  }
  out.end_array().key("nameless");
  if (catalog.nameless().empty()) out.null();
  else out.text(catalog.nameless());
  out.end_object();
  return json;
}

}  // namespace vigie::kpi
