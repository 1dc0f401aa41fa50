#include "server/events/event_log.h"

#include <ranges>

#include "base/json_writer.h"
#include "ingest/traces.h"
#include "server/events/webhook.h"
#include "tongue/french.h"

namespace vigie::events {
namespace {

using tongue::Language;

void write_error(JsonWriter& out, const std::optional<Error>& error, Language language) {
  if (!error) {
    out.null();
    return;
  }
  out.begin_object().key("code").text(error->code).key("message").text(tongue::said(error->message, language));
  if (error->where.known()) out.key("where").text(Error{{}, {}, {}, error->where, {}}.text());
  if (!error->hint.empty()) out.key("hint").text(tongue::said(error->hint, language));
  out.end_object();
}

void write_map(JsonWriter& out, const std::string& map, const Applier::MapState& state, Language language) {
  out.begin_object().key("map").text(map);
  out.key("applied").number(static_cast<std::int64_t>(state.applied));
  out.key("waiting").number(static_cast<std::int64_t>(state.waiting));
  out.key("taken").number(state.taken).key("quarantined").number(state.quarantined);
  out.key("error"), write_error(out, state.error, language);
  out.end_object();
}

}  // namespace

EventLog::EventLog(workspace::Workspace& workspace, const Clock& clock, std::function<void(const Error&)> tell,
                   const journal::Options& options)
    : workspace_(workspace),
      clock_(clock),
      tell_(std::move(tell)),
      options_(options),
      folder_(workspace.folder() / "data" / "journal"),
      maps_(workspace) {
  look_at_webhooks();
  workspace_.when_erased([this]() -> std::int64_t {
    const std::lock_guard guard(mutex_);
    if (!applier_) return 0;
    applier_->forget_applied();
    const journal::Sequence last = journal_->last();
    return static_cast<std::int64_t>(last - std::min(applier_->state().applied, last));
  });
  std::error_code ignored;
  if (!std::filesystem::exists(folder_, ignored)) return;
  const std::lock_guard guard(mutex_);
  if (const auto opened = open(); !opened) tell_(*(closed_ = opened.error()));
}

/// A provider that is refused tries for days before anybody looks: better said at the start.
void EventLog::look_at_webhooks() {
  for (const auto& webhook : webhooks_in(workspace_.folder() / "webhooks")) {
    if (!webhook) {
      tell_(webhook.error());
    } else if (const auto map = maps_.find(webhook->map); !map) {
      Error told = map.error();
      told.message = fmt::format("the webhook \"{}\" is not set up: {}", webhook->name, told.message);
      tell_(told);
    }
  }
}

/// What failed at the start (records that the disk lost) stays so until somebody has looked at it, and started the
/// server again; what fails later is tried with each request.
Result<> EventLog::ensure_open() {
  const std::lock_guard guard(mutex_);
  if (closed_) return std::unexpected(*closed_);
  if (applier_) return {};
  return open();
}

Result<> EventLog::open() {
  if (workspace_.is_only_read())
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("the workspace {} can only be read", workspace_.folder().string()), {},
                "check the rights on the folder");
  VIGIE_TRY(const auto applied, workspace_.applied());
  journal::Options options = options_;
  for (const auto& [name, sequence] : applied)
    options.applied = std::max(options.applied, static_cast<journal::Sequence>(sequence));
  VIGIE_TRY(journal_, journal::Journal::open(folder_, clock_, options));
  for (const Error& note : journal_->notes()) tell_(note);
  applier_ = std::make_unique<Applier>(workspace_, *journal_, maps_, folder_ / journal::kApplying, applied, tell_);
  // Events that waited when somebody was erased may have waited for this server.
  VIGIE_TRY(const std::vector<std::string> erasures, workspace_.erasures());
  if (!erasures.empty()) applier_->forget_applied();
  return {};
}

/// What the journal keeps: what a map hashes of its events is hashed by then, and so are the ids of such events.
Result<std::vector<journal::Entry>> EventLog::entries_of(const std::vector<Posted>& events) {
  std::vector<journal::Entry> out;
  out.reserve(events.size());
  std::shared_ptr<ingest::Privacy> privacy;
  std::map<std::string, std::set<std::string, std::less<>>> hashed;
  for (const Posted& one : events) {
    const auto [members, is_new] = hashed.try_emplace(one.map);
    if (is_new) members->second = maps_.hashed(one.map);
    if (members->second.empty()) {
      out.push_back({one.map, one.key, one.payload});
      continue;
    }
    if (privacy == nullptr) {
      VIGIE_TRY(privacy, workspace_.privacy());
    }
    const auto is_hashed = [&](std::string_view name) { return members->second.contains(name); };
    out.push_back({one.map, one.key.empty() ? one.key : privacy->hashed(one.key),
                   ingest::with_hashed(one.payload, is_hashed, *privacy)});
  }
  return out;
}

Result<Taken> EventLog::take(const std::vector<Posted>& events) {
  std::set<std::string> maps;
  for (const Posted& one : events) {
    if (!maps.insert(one.map).second) continue;
    if (auto found = maps_.find(one.map); !found) {
      Error error = std::move(found).error();
      if (error.code == "events.unknown_map" && one.line > 0) error.where = {"body", one.line, 1};
      return std::unexpected(std::move(error));
    }
  }
  VIGIE_CHECK(ensure_open());
  VIGIE_TRY(const std::vector<journal::Entry> entries, entries_of(events));
  VIGIE_TRY(const std::vector<journal::Kept> kept, journal_->append(entries));
  Taken out;
  for (const journal::Kept& one : kept) {
    if (one.duplicate) {
      ++out.duplicates;
      continue;
    }
    ++out.accepted;
    if (out.first == 0) out.first = one.sequence;
    out.last = one.sequence;
  }
  return out;
}

Result<Taken> EventLog::take_webhook(const std::string& name, const http::Request& request) {
  auto events = delivered(workspace_.folder() / "webhooks", name, request, clock_.now());
  if (!events) {
    // Who sent this may be anybody: what is wrong with our own files is for the log alone.
    if (events.error().code != "webhooks.unusable") return std::unexpected(events.error());
    tell_(events.error());
    return fail(ErrorKind::unavailable, "webhooks.unusable", fmt::format("the webhook \"{}\" is not set up", name), {},
                "the log of the server says what it lacks");
  }
  if (events->empty()) return Taken{};
  return take(*events);
}

std::string EventLog::status(Language language) {
  std::unique_lock guard(mutex_);
  const Applier::State state = applier_ ? applier_->state() : Applier::State{};
  const journal::Sequence last = journal_ ? journal_->last() : 0;
  const Instant now = clock_.now(), oldest = state.oldest_waiting;
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("last").number(static_cast<std::int64_t>(last));
  out.key("applied").number(static_cast<std::int64_t>(journal_ ? std::min(state.applied, last) : 0));
  out.key("lag").begin_object().key("events");
  out.number(static_cast<std::int64_t>(last - std::min(state.applied, last))).key("seconds");
  out.number(oldest.micros == 0 ? 0.0 : static_cast<double>(now.micros - oldest.micros) / kMicrosPerSecond);
  out.end_object().key("bytes").number(static_cast<std::int64_t>(journal_ ? journal_->bytes() : 0));
  out.key("maps").begin_array();
  for (const auto& [map, of_map] : state.maps) write_map(out, map, of_map, language);
  out.end_array().key("notes").begin_array();
  if (journal_)
    for (const Error& note : journal_->notes()) write_error(out, note, language);
  out.end_array().key("error");
  write_error(out, closed_ ? closed_ : state.error, language);
  out.end_object();
  return json;
}

}  // namespace vigie::events
