#include "kpi/answer_json.h"
#include "kpi/catalogue_json.h"
#include "kpi/explain.h"

namespace vigie::kpi {
namespace {

template <class T>
void text_or_null(JsonWriter& out, const std::optional<T>& value) {
  if (value) out.text(to_string(*value));
  else out.null();
}

void write(JsonWriter& out, const MeasureShown& measure) {
  out.begin_object().key("name").text(measure.name).key("label"), write(out, measure.label);
  out.key("formula").text(measure.formula).key("value").number_or_null(measure.value);
  out.key("value_exact");
  if (measure.value_exact.empty()) out.null();
  else out.text(measure.value_exact);
  out.key("row_count").number(measure.rows);
  if (!measure.columns.empty()) {
    out.key("columns").begin_array();
    for (const std::string& column : measure.columns) out.text(column);
    out.end_array().key("rows").begin_array();
    for (const auto& row : measure.sample) {
      out.begin_array();
      for (const auto& cell : row) out.text_or_null(cell);
      out.end_array();
    }
    out.end_array();
  }
  out.end_object();
}

void write(JsonWriter& out, const SourceShown& source) {
  out.begin_object().key("source").text(source.source).key("table").text(source.table).key("rows").number(source.rows);
  out.key("first"), text_or_null(out, source.first);
  out.key("last"), text_or_null(out, source.last);
  out.key("complete_until"), text_or_null(out, source.complete_until);
  out.key("history_complete")
      .boolean(source.history_complete)
      .key("quarantined")
      .number(source.quarantined)
      .end_object();
}

}  // namespace

void to_json(const Explanation& explanation, JsonWriter& out) {
  const catalog::Definition& definition = *explanation.definition;
  out.begin_object().key("definition"), to_json(definition, out);
  out.key("variant").text(explanation.variant->name).key("words"), write(out, explanation.variant->words);
  out.key("formula").text(explanation.formula).key("file").text(definition.file);
  out.key("answer"), to_json(explanation.answer, out);
  out.key("measures").begin_array();
  for (const MeasureShown& measure : explanation.measures) write(out, measure);
  out.end_array().key("references").begin_array();
  for (const ReferenceShown& other : explanation.references) {
    out.begin_object()
        .key("name")
        .text(other.name)
        .key("kpi")
        .text(other.kpi)
        .key("variant")
        .text(other.variant)
        .key("label"),
        write(out, other.label);
    out.key("value").number_or_null(other.value);
    out.key("reason");
    if (other.reason.empty()) out.null();
    else out.text(other.reason);
    out.end_object();
  }
  out.end_array().key("sources").begin_array();
  for (const SourceShown& source : explanation.sources) write(out, source);
  out.end_array().key("horizon").begin_object().key("at").text(to_string(explanation.answer.as_of));
  out.key("declared").boolean(explanation.horizon_declared).end_object();
  out.key("queries").begin_array();
  for (const plan::QueryNote& query : explanation.queries)
    out.begin_object()
        .key("sql")
        .text(query.sql)
        .key("milliseconds")
        .number(query.milliseconds)
        .key("rows")
        .number(static_cast<std::int64_t>(query.rows))
        .end_object();
  out.end_array().end_object();
}

}  // namespace vigie::kpi
