#include "sources/last_runs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "sources/identity.h"
#include "sources/report_json.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

fs::path folder_of(const fs::path& workspace) { return workspace / "data" / "syncs"; }

std::string text_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::int64_t number_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? 0 : *number;
}

double real_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::optional<Instant> instant_at(const json::object& from, std::string_view key) {
  const auto at = parse_instant(text_at(from, key));
  return at ? std::optional(*at) : std::nullopt;
}

Outcome outcome_named(std::string_view name) {
  for (const Outcome one :
       {Outcome::brought, Outcome::nothing_new, Outcome::failed, Outcome::left, Outcome::absent, Outcome::begun})
    if (name_of(one) == name) return one;
  return Outcome::left;
}

std::optional<Error> error_at(const json::object& from) {
  const json::value* value = from.if_contains("error");
  const json::object* object = value == nullptr ? nullptr : value->if_object();
  if (object == nullptr) return std::nullopt;
  Error out{text_at(*object, "code"), text_at(*object, "detail"), ErrorKind::unavailable, {}, text_at(*object, "hint")};
  const json::value* where = object->if_contains("where");
  if (const json::object* place = where == nullptr ? nullptr : where->if_object())
    out.where = {text_at(*place, "parameter"), static_cast<int>(number_at(*place, "line")),
                 static_cast<int>(number_at(*place, "column"))};
  for (const auto& [name, kind] :
       std::initializer_list<std::pair<std::string_view, ErrorKind>>{{"usage", ErrorKind::usage},
                                                                     {"data", ErrorKind::data},
                                                                     {"check_failed", ErrorKind::check_failed},
                                                                     {"internal", ErrorKind::internal}})
    if (text_at(*object, "kind") == name) out.kind = kind;
  return out;
}

LastRun line_of(const json::object& from) {
  LastRun out;
  out.map = text_at(from, "map");
  out.map_file = text_at(from, "map_file");
  out.table = text_at(from, "table");
  out.outcome = outcome_named(text_at(from, "outcome"));
  out.began = instant_at(from, "last_run").value_or(Instant{});
  out.seconds = real_at(from, "seconds");
  out.last_good = instant_at(from, "last_good");
  out.data_until = instant_at(from, "data_until");
  out.failures = static_cast<int>(number_at(from, "failures"));
  out.failing_since = instant_at(from, "failing_since");
  out.behind_from = instant_at(from, "behind_from");
  out.rows = number_at(from, "rows");
  out.loaded = number_at(from, "loaded");
  out.updated = number_at(from, "updated");
  out.deleted = number_at(from, "deleted");
  out.quarantined = number_at(from, "quarantined");
  out.reached = text_at(from, "reached");
  out.error = error_at(from);
  return out;
}

void write_instant(JsonWriter& out, std::string_view key, const std::optional<Instant>& at) {
  out.key(key);
  if (at) out.text(to_string(*at));
  else out.null();
}

std::string written(const LastRuns& runs) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("maps").begin_array();
  for (const LastRun& line : runs) {
    out.begin_object().key("map").text(line.map).key("map_file").text(line.map_file).key("table").text(line.table);
    out.key("outcome").text(name_of(line.outcome));
    out.key("last_run").text(to_string(line.began)).key("seconds").number(line.seconds);
    write_instant(out, "last_good", line.last_good);
    write_instant(out, "data_until", line.data_until);
    out.key("failures").number(line.failures);
    write_instant(out, "failing_since", line.failing_since);
    write_instant(out, "behind_from", line.behind_from);
    out.key("rows").number(line.rows).key("loaded").number(line.loaded).key("updated").number(line.updated);
    out.key("deleted").number(line.deleted).key("quarantined").number(line.quarantined);
    out.key("reached").text(line.reached).key("error");
    if (line.error) to_json(*line.error, out);
    else out.null();
    out.end_object();
  }
  out.end_array().end_object();
  return text + "\n";
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::brought: return "brought";
    case Outcome::nothing_new: return "nothing_new";
    case Outcome::failed: return "failed";
    case Outcome::left: return "left";
    case Outcome::absent: return "absent";
    case Outcome::begun: return "begun";
  }
  return "";
}

std::string file_on_record(const fs::path& map_file, const fs::path& workspace) {
  const fs::path within = map_file.lexically_normal().lexically_relative(workspace.lexically_normal());
  const bool is_within = !within.empty() && *within.begin() != "..";
  return (is_within ? within : map_file.lexically_normal()).string();
}

std::string id_on_record(const LastRuns& runs, const fs::path& map_file, const fs::path& workspace) {
  const auto known = std::ranges::find(runs, file_on_record(map_file, workspace), &LastRun::map_file);
  return known == runs.end() ? map_file.stem().string() : known->map;
}

LastRuns last_runs_of(const fs::path& workspace, const std::string& source) {
  const auto text = bytes_of(folder_of(workspace) / (source + ".json"));
  if (!text) return {};
  boost::system::error_code wrong;
  const json::value root = json::parse(*text, wrong);
  const json::object* object = wrong ? nullptr : root.if_object();
  const json::value* maps = object == nullptr ? nullptr : object->if_contains("maps");
  LastRuns out;
  if (maps == nullptr || !maps->is_array()) return out;
  for (const json::value& one : maps->get_array())
    if (const json::object* line = one.if_object()) out.push_back(line_of(*line));
  return out;
}

std::map<std::string, LastRuns> all_last_runs(const fs::path& workspace) {
  constexpr std::string_view kEnding = ".json";
  std::map<std::string, LastRuns> out;
  std::error_code problem;
  for (fs::directory_iterator at(folder_of(workspace), problem), end; !problem && at != end; at.increment(problem)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    const std::string source = name.substr(0, name.size() - kEnding.size());
    out[source] = last_runs_of(workspace, source);
  }
  return out;
}

std::string identity_of_last_runs(const fs::path& workspace, const std::string& source) {
  return identity_of(folder_of(workspace) / (source + ".json"));
}

Result<> write_last_runs(const fs::path& workspace, const std::string& source, const LastRuns& runs) {
  const fs::path folder = folder_of(workspace);
  const fs::path file = folder / (source + ".json"), draft = folder / (source + ".json.new");
  const auto unwritable = [&](int reason) {
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}: {}", file.string(), std::strerror(reason)), {},
                "check the rights on the folder");
  };
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return unwritable(errno);
  const int out = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return unwritable(errno);
  const std::string text = written(runs);
  int problem = 0;
  for (std::string_view rest = text; !rest.empty() && problem == 0;) {
    const auto n = ::write(out, rest.data(), rest.size());
    if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    else if (n == 0) problem = ENOSPC;
    else if (errno != EINTR) problem = errno;
  }
  if (::close(out) != 0 && problem == 0) problem = errno;
  if (problem == 0 && ::rename(draft.c_str(), file.c_str()) != 0) problem = errno;
  if (problem != 0) return unwritable(problem);
  return {};
}

}  // namespace vigie::sources
