#include "singer/report_json.h"

#include <boost/json.hpp>

#include "ingest/receipt_json.h"
#include "sources/report_json.h"

namespace vigie::singer {
namespace {

namespace json = boost::json;

std::unexpected<Error> wrong_member(std::string_view name, std::string_view expected) {
  return fail(ErrorKind::usage, "question.type", fmt::format("{}: expected {}", name, expected));
}

Result<> read_text(const json::value& value, std::string_view name, std::string& out) {
  if (!value.is_string()) return wrong_member(name, "a text");
  out = std::string(value.get_string());
  return {};
}

/// Another process reads it, in another folder.
Result<> read_path(const json::value& value, std::string_view name, std::string& out) {
  VIGIE_CHECK(read_text(value, name, out));
  if (out.empty() || std::filesystem::path(out).is_absolute()) return {};
  return fail(ErrorKind::usage, "import.relative_path",
              fmt::format("\"{}\" is a relative path, and this server does not know to which folder", out), {},
              "write the whole path, from /");
}

Result<> read_member(const std::string& name, const json::value& value, Order& order) {
  if (name == "tap") return read_text(value, name, order.tap);
  if (name == "preset") return read_text(value, name, order.preset);
  if (name == "piece") return read_path(value, name, order.piece);
  if (name == "maps" && value.is_object()) {
    for (const auto& map : value.get_object())
      VIGIE_CHECK(read_path(map.value(), name, order.maps[std::string(map.key())]));
    return {};
  }
  if (name == "bring" && value.is_bool()) return order.bring = value.get_bool(), Result<>();
  if (name == "lines_before" && value.is_int64()) return order.lines_before = value.get_int64(), Result<>();
  if (name == "run" && value.is_int64()) return order.run = value.get_int64(), Result<>();
  if (name == "max_deleted" && value.is_number()) return order.max_deleted = value.to_number<double>(), Result<>();
  return fail(ErrorKind::usage, "question.unknown_field", fmt::format("\"{}\" is not taken here", name));
}

}  // namespace

Result<Order> order_from_json(std::string_view body) {
  boost::system::error_code problem;
  const json::value root = json::parse(body, problem);
  if (problem || !root.is_object()) return fail(ErrorKind::usage, "json.invalid", "the body is no JSON object");
  Order out;
  for (const auto& member : root.get_object()) VIGIE_CHECK(read_member(std::string(member.key()), member.value(), out));
  return out;
}

std::string to_json(const Order& order) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("tap").text(order.tap).key("preset").text(order.preset).key("maps").begin_object();
  for (const auto& [stream, file] : order.maps) w.key(stream).text(file);
  w.end_object().key("piece").text(order.piece).key("lines_before").number(order.lines_before);
  w.key("run").number(order.run).key("bring").boolean(order.bring).key("max_deleted").number(order.max_deleted);
  w.end_object();
  return out;
}

void to_json(const Report& report, JsonWriter& out) {
  out.begin_object().key("run").number(report.run).key("lines").number(report.lines).key("streams").begin_array();
  for (const StreamReport& stream : report.streams) {
    out.begin_object().key("stream").text(stream.stream).key("object").text(stream.object);
    out.key("received").number(stream.received).key("new").number(stream.fresh).key("changed").number(stream.changed);
    out.key("unchanged").number(stream.unchanged).key("repeated").number(stream.repeated);
    out.key("passed_over").number(stream.passed_over).key("gone").number(stream.gone).end_object();
  }
  out.end_array().key("state_kept").boolean(report.state_kept).key("after_state").number(report.after_state);
  out.key("receipts").begin_array();
  for (const ingest::Receipt& receipt : report.receipts) ingest::to_json(receipt, out);
  out.end_array().key("told").begin_array();
  for (const Error& one : report.told) sources::to_json(one, out);
  out.end_array().key("stopped");
  if (report.stopped) sources::to_json(*report.stopped, out);
  else out.null();
  out.key("state").text(report.state).end_object();
}

}  // namespace vigie::singer
