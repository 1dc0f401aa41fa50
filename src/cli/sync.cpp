#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/read_json.h"
#include "cli/render.h"
#include "tongue/french.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;

std::string counted(const json::value& from, std::string_view key) {
  return fmt::format("{:.0f}", number_at(from, key).value_or(0));
}

std::optional<Error> error_in(const json::value& feed) {
  const json::value& error = at(feed, "error");
  if (!error.is_object()) return std::nullopt;
  return error_from_problem(json::serialize(error), 500);
}

/// "erp, orders"
std::string named(const json::value& feed) {
  const std::string map = text_at(feed, "map");
  return map.empty() ? text_at(feed, "source") : fmt::format("{}, {}", text_at(feed, "source"), map);
}

Result<> print_feed(const json::value& feed) {
  const std::string outcome = text_at(feed, "outcome");
  if (outcome == "nothing_new")
    return print(fmt::format("{}: {}\n", named(feed), either("nothing new", "rien de nouveau")));
  if (outcome == "left")
    return print(fmt::format(
        "{}: {}\n", named(feed),
        either("left, for another map of the source failed", "laissée, car une autre carte de la source a échoué")));
  if (outcome == "absent")
    return print(fmt::format("{}: {} {}\n", named(feed), either("the source has no", "la source n'a pas"),
                             text_at(feed, "missing")));
  if (outcome == "failed") VIGIE_CHECK(print(fmt::format("{}: {}\n", named(feed), either("failed", "échec"))));
  for (const json::value& one : list_at(feed, "receipts")) {
    VIGIE_TRY(const ingest::Receipt receipt, receipt_from_json(json::serialize(one)));
    if (!receipt.already_imported) VIGIE_CHECK(print(receipt_table(receipt)));
  }
  return {};
}

/// 0 s, 12 min, 5 h, 3 d: what tells whether it is late.
std::string length_text(double seconds) {
  constexpr double kMinute = 60, kHour = 3600, kDay = 86'400;
  if (seconds < 2 * kMinute) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{:.0f} min", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{:.0f} h", seconds / kHour);
  return fmt::format("{:.0f} {}", seconds / kDay, either("d", "j"));
}

/// Of one map: how its last run ended.
std::string outcome_text(const std::string& outcome) {
  if (outcome == "brought") return either("fine", "bien");
  if (outcome == "nothing_new") return either("nothing new", "rien de nouveau");
  if (outcome == "failed") return either("failed", "échec");
  if (outcome == "left") return either("left", "laissée");
  if (outcome == "absent") return either("not there", "absente");
  if (outcome == "begun") return either("running", "en cours");
  return either("never run", "jamais lancée");
}

/// What is more than how the last run ended.
std::string state_text(const json::value& source, const json::value& map) {
  const std::string state = text_at(source, "state"), outcome = text_at(map, "outcome");
  const double failures = number_at(source, "failures").value_or(0);
  if (state == "running") return outcome_text("begun");
  if (state == "behind") return either("behind", "en retard");
  if (outcome == "failed" && failures > 1) return fmt::format("{} ×{:.0f}", outcome_text(outcome), failures);
  return outcome_text(outcome);
}

/// "2025-07-01 09:00" of an instant in UTC.
std::string short_instant(const std::string& text) {
  constexpr std::size_t kDay = 10, kMinutes = 16;
  return text.size() < kMinutes ? "–" : text.substr(0, kDay) + " " + text.substr(kDay + 1, kMinutes - kDay - 1);
}

std::string rhythm_text(const json::value& source) {
  const json::value& watched = at(source, "watched");
  if (watched.is_bool() && watched.get_bool()) return either("watched by vigie serve", "surveillé par vigie serve");
  return text_at(source, "schedule");
}

/// When it is read next by itself, where a server runs.
std::string next_text(const json::value& source) {
  const std::string due = text_at(source, "due");
  return due.empty() ? "" : short_instant(due);
}

/// What is wrong, in the reader's language.
std::string detail_of(const json::value& check) {
  const std::string detail = text_at(check, "detail");
  return french() ? tongue::in_french(detail) : detail;
}

}  // namespace

Result<> run_sync(const SyncOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->sync(options.source));
  if (options.format == Format::json) VIGIE_CHECK(print(text + "\n"));
  VIGIE_TRY(const json::value root, parsed(text));
  std::optional<Error> first;
  for (const json::value& feed : list_at(root, "feeds")) {
    if (options.format != Format::json) VIGIE_CHECK(print_feed(feed));
    if (const auto error = error_in(feed)) {
      if (first) print_error(*error);  // the first is printed by who ends with it
      else first = error;
    }
  }
  return first ? Result<>(std::unexpected(*std::move(first))) : Result<>();
}

Result<> run_sources(const SyncOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->sources());
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  std::vector<std::vector<std::string>> lines{
      {"source", either("kind", "genre"), either("map", "carte"), either("state", "état"),
       either("last run (UTC)", "dernier passage (UTC)"), either("lag", "retard"), either("rows", "lignes"),
       either("new", "nouvelles"), either("changed", "changées"), either("refused", "refusées"),
       either("reached", "jusqu'à"), either("schedule", "rythme"), either("next (UTC)", "prochain (UTC)")}};
  std::string errors;
  const auto tell = [&](const std::string& about, const json::value& from) {
    if (const auto error = error_in(from))
      errors += fmt::format("{}: {}\n", about, french() ? tongue::in_french(*error) : error->text());
  };
  for (const json::value& source : list_at(root, "sources")) {
    const std::string id = text_at(source, "source");
    tell(id, source);
    if (list_at(source, "maps").empty())
      lines.push_back(
          {id, text_at(source, "kind"), "", outcome_text("failed"), "–", "–", "–", "–", "–", "–", "", "", ""});
    for (const json::value& map : list_at(source, "maps")) {
      const auto lag = number_at(map, "lag_seconds");
      lines.push_back({id, text_at(source, "kind"), text_at(map, "map"), state_text(source, map),
                       short_instant(text_at(map, "last_run")), lag ? length_text(*lag) : "–", counted(map, "rows"),
                       counted(map, "loaded"), counted(map, "updated"), counted(map, "quarantined"),
                       text_at(map, "reached"), rhythm_text(source), next_text(source)});
      tell(fmt::format("{}, {}", id, text_at(map, "map")), map);
      for (const json::value& check : list_at(map, "checks"))
        if (const std::string state = text_at(check, "state"); state == "failing" || state == "refused")
          errors += fmt::format("{}: {}\n", id, detail_of(check));
    }
  }
  if (lines.size() == 1)
    return print(either("This workspace has no source (sources/*.yaml).\n",
                        "Cet espace de travail n'a pas de source (sources/*.yaml).\n"));
  return print(
      table_text(lines, {false, false, false, false, false, true, true, true, true, true, false, false, false}) +
      errors);
}

}  // namespace vigie::cli
