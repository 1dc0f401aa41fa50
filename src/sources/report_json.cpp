#include "sources/report_json.h"

#include "checks/states_json.h"
#include "ingest/receipt_json.h"
#include "tongue/french.h"

namespace vigie::sources {
namespace {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::check_failed: return "check_failed";
    case ErrorKind::usage: return "usage";
    case ErrorKind::data: return "data";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

void instant_or_null(const std::optional<Instant>& at, JsonWriter& out) {
  if (at) out.text(to_string(*at));
  else out.null();
}

void error_or_null(const std::optional<Error>& error, JsonWriter& out,
                   tongue::Language language = tongue::Language::en) {
  if (error) to_json(*error, out, language);
  else out.null();
}

std::optional<Error> told(const std::optional<Error>& error, ErrorsTold errors) {
  if (!error || errors == ErrorsTold::whole) return error;
  return Error{error->code, "what is wrong is told on the machine itself, by vigie sources", error->kind, {}, {}};
}

void write_feed(const FeedStatus& feed, Instant now, ErrorsTold errors, tongue::Language language, JsonWriter& out) {
  const LastRun run = feed.run.value_or(LastRun{});
  out.begin_object().key("map").text(feed.map).key("mode").text(feed.mode == Mode::cursor ? "cursor" : "snapshot");
  out.key("outcome");
  if (feed.run) out.text(name_of(run.outcome));
  else out.null();
  out.key("last_run"), instant_or_null(feed.run ? std::optional(run.began) : std::nullopt, out);
  out.key("last_good"), instant_or_null(run.last_good, out);
  out.key("data_until"), instant_or_null(run.data_until, out);
  out.key("lag_seconds");
  if (run.data_until) out.number(std::max<std::int64_t>(0, (now.micros - run.data_until->micros) / kMicrosPerSecond));
  else out.null();
  out.key("rows").number(run.rows).key("loaded").number(run.loaded).key("updated").number(run.updated);
  out.key("deleted").number(run.deleted).key("quarantined").number(run.quarantined);
  out.key("reached").text(run.reached).key("error"), error_or_null(told(feed.error, errors), out, language);
  out.key("checks").begin_array();
  for (const checks::State& check : feed.checks) checks::to_json(check, now, language, out);
  out.end_array();
  out.end_object();
}

}  // namespace

void to_json(const Error& error, JsonWriter& out, tongue::Language language) {
  out.begin_object().key("code").text(error.code).key("kind").text(name_of(error.kind));
  out.key("detail").text(tongue::said(error.message, language));
  if (!error.hint.empty()) out.key("hint").text(tongue::said(error.hint, language));
  if (error.where.known()) {
    out.key("where").begin_object().key("parameter").text(error.where.file);
    if (error.where.line > 0) out.key("line").number(error.where.line).key("column").number(error.where.column);
    out.end_object();
  }
  out.end_object();
}

void to_json(const Report& report, JsonWriter& out) {
  out.begin_object().key("feeds").begin_array();
  for (const FeedReport& feed : report.feeds) {
    out.begin_object().key("source").text(feed.source).key("map").text(feed.map);
    out.key("outcome").text(name_of(feed.outcome)).key("rows").number(feed.rows).key("reached").text(feed.reached);
    if (!feed.missing.empty()) out.key("missing").text(feed.missing);
    out.key("seconds").number(feed.seconds).key("receipts").begin_array();
    for (const ingest::Receipt& receipt : feed.receipts) ingest::to_json(receipt, out);
    out.end_array().key("error"), error_or_null(feed.error, out);
    out.end_object();
  }
  out.end_array().end_object();
}

void to_json(const std::vector<Status>& sources, Instant now, ErrorsTold errors, tongue::Language language,
             JsonWriter& out) {
  out.begin_object().key("sources").begin_array();
  for (const Status& source : sources) {
    out.begin_object().key("source").text(source.id).key("file").text(source.file).key("kind");
    if (source.kind) out.text(name_of(*source.kind));
    else out.null();
    out.key("state").text(name_of(source.state)).key("schedule").text(source.schedule);
    out.key("watched").boolean(source.is_watched).key("due"), instant_or_null(source.due, out);
    out.key("failures").number(source.failures).key("failing_since"), instant_or_null(source.failing_since, out);
    out.key("error"), error_or_null(told(source.error, errors), out, language);
    out.key("maps").begin_array();
    for (const FeedStatus& feed : source.feeds) write_feed(feed, now, errors, language, out);
    out.end_array().end_object();
  }
  out.end_array().end_object();
}

}  // namespace vigie::sources
