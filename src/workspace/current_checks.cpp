#include "workspace/current_checks.h"

#include "sources/loaded.h"
#include "tongue/french.h"
#include "workspace/find_map.h"
#include "workspace/map_folder.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

/// Maps by their ids; what the first says counts.
using Maps = std::map<std::string, ingest::Map>;

/// What cannot be read, and may say what it said before; vigie check and vigie sources tell of it.
struct Unread {
  bool source = false;  ///< checks, of any map
  bool map = false;     ///< one of any id
};

void add_maps_of(const ingest::Context& context, const fs::path& folder, Maps& out) {
  const auto found = maps_in(folder);
  if (!found) return;  // it is not there
  for (const fs::path& file : found->maps)
    if (auto map = ingest::Map::load(file, context.model, context.calendar.zone().name()))
      out.emplace(map->id, std::move(*map));
}

/// What sources say of rows stands beside what their maps say.
Result<> add_sources(const ingest::Context& context, const fs::path& workspace, const fs::path& presets, Maps& out,
                     Unread& unread) {
  VIGIE_TRY(const auto loaded, sources::load_all(workspace, presets));
  for (const sources::Loaded& one : loaded) {
    unread.source = unread.source || !one.source;
    if (!one.source) continue;
    for (const sources::Feed& feed : one.source->feeds) {
      auto map = sources::map_of(*one.source, feed, context.model, context.calendar.zone().name());
      unread.map = unread.map || (!map && says_no_id(feed.map_file));
      if (map) out.emplace(map->id, std::move(*map));
    }
  }
  return {};
}

/// Maps that brought rows, or whose rows were refused, and where they stood then, as far as that is known.
using Places = std::map<std::string, std::vector<fs::path>>;

Result<Places> places_known(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query("SELECT map, '' FROM _batches UNION SELECT map, coalesce(map_file, '') FROM _checks"));
  Places out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::vector<fs::path>& places = out[rows.text(row, 0)];
    if (const std::string place = rows.text(row, 1); !place.empty()) places.emplace_back(place);
  }
  return out;
}

/// Those of presets, or of elsewhere, that no source names and no folder of the workspace has.
void add_found(const ingest::Context& context, const fs::path& workspace, const Places& known, Maps& out) {
  const ingest::FindMap find = map_finder(workspace);
  for (const auto& [id, places] : known) {
    if (out.contains(id)) continue;
    const auto there =
        std::ranges::find_if(places, [&](const fs::path& one) { return find(id, one).value_or("") == one; });
    const auto file = find(id, there == places.end() ? "" : there->string());
    if (!file) continue;
    if (auto map = ingest::Map::load(*file, context.model, context.calendar.zone().name()))
      out.emplace(id, std::move(*map));
  }
}

/// Where it stands, as State has it: "" where this process has no folder to tell it from.
std::string whole_path_of(const ingest::Map& map) {
  std::error_code unknown;
  return fs::absolute(map.file, unknown).lexically_normal().string();
}

/// Of a map that stands nowhere any more nothing is expected. One that cannot be read, or may stand where nobody looks,
/// keeps what is known of its checks.
bool is_gone(const fs::path& workspace, const std::string& id, const std::vector<fs::path>& places) {
  return !map_finder(workspace)(id, "") &&
         std::ranges::all_of(places, [&](const fs::path& place) { return is_another_map(workspace, place, id); });
}

}  // namespace

std::vector<kpi::FailingCheck> failing_of(const std::vector<checks::State>& states, Instant now) {
  std::vector<kpi::FailingCheck> out;
  for (const checks::State& state : states) {
    // One that is fine now may be too old at the moment that somebody asks of, and the other way round.
    const bool ages =
        state.kind == checks::Kind::freshness && !state.refused && state.standing == checks::Standing::failing;
    const checks::Standing standing = stands_at(state, now);
    if (!ages && standing != checks::Standing::failing && standing != checks::Standing::refused) continue;
    const std::string said = ages ? state.told : sentence_of(state, now);
    const std::optional<Instant> from = state.refused ? std::nullopt : state.from;
    out.push_back({code_of(state, now),
                   {said, tongue::in_french(said)},
                   std::max<std::int64_t>(1, state.rows),
                   state.table,
                   from});
  }
  return out;
}

std::vector<Error> findings_of(const std::vector<checks::State>& states, Instant now) {
  std::vector<Error> out;
  for (const checks::State& state : states) {
    const checks::Standing standing = stands_at(state, now);
    if (standing != checks::Standing::failing && standing != checks::Standing::refused) continue;
    out.push_back(
        {standing == checks::Standing::refused ? "check.refused" : fmt::format("check.{}", name_of(state.kind)),
         sentence_of(state, now),
         ErrorKind::data,
         {},
         "see how it stands: vigie checks"});
  }
  return out;
}

Result<> look_at_all_again(const ingest::Context& context, const fs::path& workspace, const fs::path& presets) {
  VIGIE_TRY(store::Connection connection, context.database.connect());
  VIGIE_TRY(const Places known, places_known(connection));
  Maps maps;
  Unread unread{.map = any_says_no_id(workspace)};
  VIGIE_CHECK(add_sources(context, workspace, presets, maps, unread));
  for (const char* folder : {"maps", "maps/events"}) add_maps_of(context, workspace / folder, maps);
  add_found(context, workspace, known, maps);
  const checks::World world{connection, context.model, context.calendar, context.base_currency, context.clock.now()};
  return connection.transaction([&]() -> Result<> {
    VIGIE_TRY(const auto attributes, store::attributes(connection));
    for (const auto& [id, places] : known) {
      const auto found = maps.find(id);
      if (found == maps.end()) {
        if (!unread.source && !unread.map && is_gone(workspace, id, places))
          VIGIE_CHECK(checks::forget_others(connection, id, {}));
        continue;
      }
      const ingest::Map& map = found->second;
      const checks::Subject subject{context.model, *map.table, attributes};
      const checks::Batch none = checks::no_batch(map.id, map.source, whole_path_of(map));
      VIGIE_CHECK(checks::look_again(world, subject, none, map.checks, !unread.source));
    }
    return {};
  });
}

}  // namespace vigie::workspace
