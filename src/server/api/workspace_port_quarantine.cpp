// The quarantine of a workspace: which rows are meant, and what is ordered of them.
#include "base/text.h"
#include "erase/receipt_json.h"
#include "ingest/queue_json.h"
#include "server/api/workspace_port.h"
#include "sources/report_json.h"

namespace vigie::api {
namespace {

/// Of what is listed of the quarantine: a record may be as long as its file.
constexpr std::size_t kMostBytes = 32UL * 1024 * 1024;
constexpr std::int64_t kMostNumber = 1'000'000'000'000;

Result<std::int64_t> number_between(const std::string& name, const std::string& text, std::int64_t least,
                                    std::int64_t most) {
  const auto number = whole_number(text);
  if (number && *number >= least && *number <= most) return *number;
  return fail(ErrorKind::usage, "question.number",
              fmt::format("{}: \"{}\" is no number from {} to {}", name, text, least, most));
}

/// Which rows are meant: `group` is what they are listed by.
struct Wanted {
  ingest::QuarantineFilter filter{.batch = 0, .map = {}, .limit = kMostRows, .bytes = kMostBytes};
  std::string group = "defect";
};

Result<> set_field(const std::string& name, const std::string& value, Wanted& out) {
  constexpr std::int64_t kMostBatches = 1'000'000'000;
  ingest::QuarantineFilter& filter = out.filter;
  for (const auto& [text, into] : {std::pair("map", &filter.map), std::pair("code", &filter.code),
                                   std::pair("column", &filter.column), std::pair("file", &filter.file)})
    if (name == text) {
      *into = value;
      return {};
    }
  if (name == "group") {
    const std::vector<std::string> known{"defect", "row", "reason"};
    if (std::ranges::find(known, value) == known.end())
      return fail(ErrorKind::usage, "question.type", fmt::format("group: \"{}\" is nothing to list by", value), {},
                  suggestion(value, known));
    out.group = value;
  } else if (name == "ids" || name == "id") {
    for (const std::string& one : split(value, ',')) {
      VIGIE_TRY(const std::int64_t id, number_between("ids", one, 1, kMostNumber));
      filter.ids.push_back(id);
    }
  } else if (name == "batch") {
    VIGIE_TRY(filter.batch, number_between(name, value, 1, kMostBatches));
  } else if (name == "rows" || name == "from") {
    VIGIE_TRY(const std::int64_t number, number_between(name, value, 0, name == "rows" ? kMostRows : kMostNumber));
    (name == "rows" ? filter.limit : filter.from) = static_cast<std::size_t>(number);
  } else {
    const std::vector<std::string> known{"map", "code", "column", "file", "batch", "ids"};
    return fail(ErrorKind::usage, "question.unknown_field", fmt::format("unknown field \"{}\"", name), {},
                suggestion(name, known));
  }
  return {};
}

Result<Wanted> wanted(const Fields& fields) {
  Wanted out;
  for (const auto& [name, value] : fields) VIGIE_CHECK(set_field(name, value, out));
  return out;
}

template <class T>
Result<std::string> written(Result<T> found) {
  if (!found) {
    if (found.error().code == "engine.deadline")
      found.error().hint = "name one map or one import, or ask again when the machine does less";
    return std::unexpected(std::move(found).error());
  }
  std::string json;
  JsonWriter out(json);
  ingest::to_json(*found, out);
  return json;
}

Result<std::string> written(const Result<ingest::ReplayReport>& report) {
  if (!report) return std::unexpected(report.error());
  std::string json;
  JsonWriter out(json);
  ingest::to_json(
      *report,
      [](const Error& error) {
        std::string text;
        JsonWriter writer(text);
        sources::to_json(error, writer);
        return text;
      },
      out);
  return json;
}

}  // namespace

Result<std::string> WorkspacePort::quarantine(const Fields& fields, const http::CancelToken& token) {
  VIGIE_TRY(const Wanted asked, wanted(fields));
  if (asked.group == "reason") return written(workspace_.quarantine_reasons(asked.filter, limits_for(token)));
  if (asked.group == "row") return written(workspace_.queued_rows(asked.filter));
  return written(workspace_.quarantine(asked.filter, limits_for(token)));
}

Result<std::string> WorkspacePort::quarantined_row(const std::string& id) {
  VIGIE_TRY(const std::int64_t number, number_between("id", id, 1, kMostNumber));
  return written(workspace_.queued_row(number));
}

Result<std::string> WorkspacePort::change_quarantine(QuarantineVerb verb, const QuarantineOrder& order,
                                                     const http::CancelToken& token) {
  VIGIE_TRY(const Wanted which, wanted(order.where));
  ingest::QueueOrder out;
  out.which = which.filter;
  out.set = order.set;
  if (order.file) out.file = *order.file;
  if (order.map_file) out.map_file = *order.map_file;
  out.by = order.by;
  out.why = order.why;
  out.cancelled = token.flag();
  switch (verb) {
    case QuarantineVerb::fix: return written(workspace_.fix_rows(out));
    case QuarantineVerb::replay: return written(workspace_.replay_rows(out));
    case QuarantineVerb::drop: return written(workspace_.drop_rows(out));
  }
  return fail(ErrorKind::internal, "quarantine.verb", "no such order");
}

Result<std::string> WorkspacePort::erase(const EraseOrder& order) {
  VIGIE_TRY(const erase::Receipt receipt, workspace_.erase({order.id, order.source, order.dry_run, order.by, 0}));
  std::string json;
  JsonWriter out(json);
  to_json(receipt, out);
  return json;
}

Result<std::string> WorkspacePort::erasures() {
  VIGIE_TRY(const std::vector<std::string> receipts, workspace_.erasures());
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("erasures").begin_array();
  for (const std::string& one : receipts) out.raw(one);
  out.end_array().end_object();
  return json;
}

}  // namespace vigie::api
