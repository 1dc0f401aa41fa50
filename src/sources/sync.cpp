#include <ranges>

#include "base/text.h"
#include "sources/loaded.h"
#include "sources/rows_file.h"
#include "sources/run.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

/// A failed source in the report.
FeedReport failed(std::string source, std::string map, Error error) {
  FeedReport out;
  out.source = std::move(source);
  out.map = std::move(map);
  out.outcome = Outcome::failed;
  out.error = std::move(error);
  return out;
}

}  // namespace

const Error* Report::first_error() const {
  for (const FeedReport& feed : feeds)
    if (feed.error) return &*feed.error;
  return nullptr;
}

void remove_leftovers(const fs::path& workspace) { RowsFile::remove_stale(workspace / "data"); }

Result<Report> sync(const Context& context, const Order& order) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace, context.presets));
  if (loaded.empty())
    return fail(ErrorKind::usage, "source.none", "this workspace has no source: no file sources/*.yaml", {},
                "docs/sources.md tells how to write one");
  std::vector<std::string> names;
  for (const Loaded& one : loaded) names.push_back(one.name());
  if (!order.source.empty() && std::ranges::find(names, order.source) == names.end())
    return fail(ErrorKind::usage, "source.unknown", fmt::format("no source \"{}\"", order.source), {},
                suggestion(order.source, names));
  std::vector<std::string> asked = order.source.empty() ? names : std::vector{order.source};
  VIGIE_TRY(const UnderWay::Hold hold, context.under_way.begin(asked));
  Report out;
  for (const Loaded& one : loaded) {
    if (!order.source.empty() && one.name() != order.source) continue;
    if (!one.source) {
      out.feeds.push_back(failed(one.name(), "", one.source.error()));
      continue;
    }
    std::ranges::move(run(context, order, *one.source), std::back_inserter(out.feeds));
    if (order.cancelled != nullptr && order.cancelled->load()) break;
  }
  return out;
}

}  // namespace vigie::sources
