#include <ranges>

#include "base/text.h"
#include "base/yaml_folder.h"
#include "sources/journal.h"
#include "sources/run.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

std::string shown_file(const fs::path& file) { return (file.parent_path().filename() / file.filename()).string(); }

std::vector<Error> passed_over(const YamlFolder& folder) {
  std::vector<Error> out;
  for (const fs::path& file : folder.nearly)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: sources stand in files that end in .yaml", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   fmt::format("name it {}.yaml", file.stem().string())});
  for (const fs::path& file : folder.no_files)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: it is no file", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   "put a file in its place, or give it another name"});
  return out;
}

/// A file of `sources/`, or what is wrong with it.
struct Loaded {
  fs::path file;
  Result<Source> source;
};

/// Two files of one id would be one source, whose places overwrite each other.
Result<std::vector<Loaded>> load_all(const fs::path& workspace) {
  VIGIE_TRY(const YamlFolder folder, yaml_folder(workspace / "sources"));
  std::vector<Loaded> out;
  for (const fs::path& file : folder.files) {
    auto source = Source::load(file, workspace);
    for (const Loaded& other : out)
      if (source && other.source && other.source->id == source->id)
        source = fail(ErrorKind::usage, "source.id_taken",
                      fmt::format("the source \"{}\" is in {} already", source->id, shown_file(other.file)),
                      source->where, "give one of the two another name");
    out.push_back({file, std::move(source)});
  }
  return out;
}

std::string name_of(const Loaded& one) { return one.source ? one.source->id : one.file.stem().string(); }

/// A failed source in the report.
FeedReport failed(std::string source, std::string map, Error error) {
  FeedReport out;
  out.source = std::move(source);
  out.map = std::move(map);
  out.outcome = Outcome::failed;
  out.error = std::move(error);
  return out;
}

FeedStatus status_of(const Feed& feed, const std::string& map, const Journal& journal, bool is_under_way) {
  FeedStatus out;
  out.map = map;
  out.mode = feed.mode;
  const auto line = std::ranges::find(journal, map, &JournalLine::map);
  if (line == journal.end()) return out;
  out.outcome = line->outcome;
  out.last_run = line->last_run;
  out.last_good = line->last_good;
  out.rows = line->rows;
  out.loaded = line->loaded;
  out.updated = line->updated;
  out.deleted = line->deleted;
  out.quarantined = line->quarantined;
  out.reached = line->reached;
  out.error = line->error;
  if (line->outcome == Outcome::begun && !is_under_way) {
    out.outcome = Outcome::failed;
    out.error = Error{"source.broke_off",
                      "the last sync did not come to its end: its process was stopped or killed",
                      ErrorKind::unavailable,
                      {},
                      "nothing of it was kept but what its receipts told; sync again"};
  }
  return out;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::brought: return "brought";
    case Outcome::nothing_new: return "nothing_new";
    case Outcome::failed: return "failed";
    case Outcome::left: return "left";
    case Outcome::begun: return "begun";
  }
  return "";
}

const Error* Report::first_error() const {
  for (const FeedReport& feed : feeds)
    if (feed.error) return &*feed.error;
  return nullptr;
}

Result<Report> sync(const Context& context, const Order& order) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace));
  if (loaded.empty())
    return fail(ErrorKind::usage, "source.none", "this workspace has no source: no file sources/*.yaml", {},
                "docs/sources.md tells how to write one");
  std::vector<std::string> names;
  for (const Loaded& one : loaded) names.push_back(name_of(one));
  if (!order.source.empty() && std::ranges::find(names, order.source) == names.end())
    return fail(ErrorKind::usage, "source.unknown", fmt::format("no source \"{}\"", order.source), {},
                suggestion(order.source, names));
  Report out;
  for (const Loaded& one : loaded) {
    if (!order.source.empty() && name_of(one) != order.source) continue;
    if (!one.source) {
      out.feeds.push_back(failed(name_of(one), "", one.source.error()));
      continue;
    }
    std::ranges::move(run(context, order, *one.source), std::back_inserter(out.feeds));
    if (order.cancelled != nullptr && order.cancelled->load()) break;
  }
  return out;
}

Result<std::vector<Status>> status(const Context& context, const std::string& under_way) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace));
  std::vector<Status> out;
  for (const Loaded& one : loaded) {
    Status& status = out.emplace_back();
    status.id = name_of(one);
    status.file = shown_file(one.file);
    if (!one.source) {
      status.error = one.source.error();
      continue;
    }
    status.kind = one.source->kind;
    const Journal journal = read_journal(context.workspace, one.source->id);
    std::optional<Instant> last;
    for (const Feed& feed : one.source->feeds) {
      const auto map = map_of(*one.source, feed, context.ingest.model, context.ingest.calendar.zone().name());
      status.feeds.push_back(status_of(feed, map ? map->id : feed.map_file.stem().string(), journal,
                                       under_way == "*" || under_way == one.source->id));
      if (!map) status.feeds.back().error = map.error();
      if (status.feeds.back().last_run) last = std::max(last.value_or(Instant{}), *status.feeds.back().last_run);
    }
    if (!one.source->schedule) continue;
    status.schedule = one.source->schedule->text();
    status.due =
        last ? one.source->schedule->next_after(*last, context.ingest.calendar.zone()) : context.ingest.clock.now();
  }
  return out;
}

std::vector<Error> check(const fs::path& workspace, const model::Model& model, const std::string& time_zone) {
  std::vector<Error> out;
  const auto folder = yaml_folder(workspace / "sources");
  if (!folder) return {folder.error()};
  std::ranges::move(passed_over(*folder), std::back_inserter(out));
  const auto loaded = load_all(workspace);
  if (!loaded) return {loaded.error()};
  for (const Loaded& one : *loaded) {
    if (!one.source) {
      out.push_back(one.source.error());
      continue;
    }
    for (const Feed& feed : one.source->feeds)
      if (const auto map = map_of(*one.source, feed, model, time_zone); !map) {
        // What is wrong within a map of maps/ is told of the map, once.
        std::error_code ignored;
        const bool told = map.error().where.file.ends_with(feed.map_file.filename().string()) &&
                          fs::equivalent(feed.map_file.parent_path(), workspace / "maps", ignored);
        if (!told) out.push_back(map.error());
      }
  }
  return out;
}

}  // namespace vigie::sources
