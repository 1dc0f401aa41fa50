#include "ingest/queue_json.h"

#include "ingest/receipt_json.h"

namespace vigie::ingest {
namespace {

void write_place(const SourcePosition& where, const std::string& text, JsonWriter& out) {
  if (where.file.empty() && where.line == 0) {
    out.null();
    return;
  }
  out.begin_object().key("file").text(where.file).key("line").number(where.line).key("column").number(where.column);
  out.key("text").text(text).end_object();
}

void write_settled(const QueuedRow::Settled& settled, JsonWriter& out) {
  out.begin_object().key("outcome").text(settled.outcome).key("at").text(to_string(settled.at));
  out.key("by").text(settled.by).key("why").text(settled.why);
  out.key("batch").number_or_null(settled.into_batch).end_object();
}

void write_fixes(const FixReport& report, JsonWriter& out) {
  out.begin_object().key("rows").number(report.rows).key("columns").begin_object();
  for (const auto& [column, rows] : report.columns) out.key(column).number(rows);
  out.end_object().end_object();
}

}  // namespace

void to_json(const Quarantine& quarantine, JsonWriter& out) {
  out.begin_object().key("rows").begin_array();
  for (const QuarantinedRow& row : quarantine.rows) {
    out.begin_object().key("id").number(row.id).key("batch").number(row.batch).key("map").text(row.map);
    out.key("file").text(row.file).key("row").number(row.row).key("column").text(row.column).key("code").text(row.code);
    out.key("message").text(row.message).key("value").text(row.value).key("record").text(row.record).end_object();
  }
  out.end_array().key("left_out").number(quarantine.left_out).end_object();
}

void to_json(const QuarantineReasons& reasons, JsonWriter& out) {
  out.begin_object().key("reasons").begin_array();
  for (const QuarantineReason& one : reasons.reasons) {
    out.begin_object().key("map").text(one.map).key("column").text(one.column).key("code").text(one.code);
    out.key("message").text(one.message).key("rows").number(one.rows).key("example").begin_object();
    out.key("id").number(one.example_id).key("file").text(one.example_file).key("row").number(one.example_row);
    out.key("value").text(one.example).end_object().end_object();
  }
  out.end_array().key("left_out").number(reasons.left_out).end_object();
}

void to_json(const QueuedRow& row, JsonWriter& out) {
  out.begin_object().key("id").number(row.id).key("batch").number(row.batch).key("map").text(row.map);
  out.key("source").text(row.source).key("table").text(row.table).key("file").text(row.file);
  out.key("row").number(row.row);
  if (row.since.micros == 0) out.key("since").null();
  else out.key("since").text(to_string(row.since));
  out.key("reasons").text(row.reasons).key("kept").text(row.kept).key("record").text(row.record);
  out.key("values").begin_object();
  for (std::size_t i = 0; i < row.columns.size(); ++i) out.key(row.columns[i]).text_or_null(row.values[i]);
  out.end_object().key("fixed").begin_object();
  for (const auto& [column, text] : row.fixed) out.key(column).text(text);
  out.end_object().key("complaints").begin_array();
  for (const Complaint& one : row.complaints) {
    out.begin_object().key("column").text(one.column).key("code").text(one.code).key("message").text(one.message);
    out.key("value").text(one.value).key("asked_by");
    write_place(one.asked_by, one.asked_text, out);
    out.end_object();
  }
  out.end_array().key("settled");
  if (row.settled) write_settled(*row.settled, out);
  else out.null();
  out.end_object();
}

void to_json(const QueuedRows& rows, JsonWriter& out) {
  out.begin_object().key("rows").begin_array();
  for (const QueuedRow& row : rows.rows) to_json(row, out);
  out.end_array().key("left_out").number(rows.left_out).end_object();
}

void to_json(const FixReport& report, JsonWriter& out) { write_fixes(report, out); }

void to_json(const DropReport& report, JsonWriter& out) {
  out.begin_object().key("rows").number(report.rows).key("maps").begin_object();
  for (const auto& [map, rows] : report.maps) out.key(map).number(rows);
  out.end_object().end_object();
}

void to_json(const ReplayReport& report, const std::function<std::string(const Error&)>& error, JsonWriter& out) {
  out.begin_object().key("fixed");
  write_fixes(report.fixed, out);
  out.key("maps").begin_array();
  for (const ReplayOfMap& one : report.maps) {
    out.begin_object().key("map").text(one.map).key("receipt");
    if (one.error) out.null();
    else to_json(one.receipt, out);
    out.key("superseded").number(one.superseded).key("untried").begin_array();
    for (const Untried& left : one.untried)
      out.begin_object()
          .key("rows")
          .number(left.rows)
          .key("example")
          .number(left.example_id)
          .key("message")
          .text(left.message)
          .key("hint")
          .text(left.hint)
          .end_object();
    out.end_array().key("error");
    if (one.error) out.raw(error(*one.error));
    else out.null();
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace vigie::ingest
