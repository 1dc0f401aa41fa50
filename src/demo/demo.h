#pragma once
// demo/ — a believable company whose true parameters are known: Atelier Nord, which furnishes offices and homes,
// through a shop, through deals, and by maintenance contracts.
//
//   demo.h         generate the exports, or make a whole workspace of them
//   arithmetic.h   log, exp and the like, the same on every machine      random.h   streams of random numbers
//   timeline.h     the days of the company: seasons, holidays, a price rise, a promotion, an outage
//   parameters.h   what is true of it: the figures that models are to find again; written to exports/truth.json
//   world.h        everything that happens in it, in memory
//   market, shop, deals, contracts, survey, staff, rates      make it happen, one part each
//   exports        write it down as the tools of such a company would, each in a shape of its own
//   settings       its vigie.yaml
//   maps/          the maps through which Vigie reads these files
//
// The data come in through Workspace::import like anybody's; nothing here knows a KPI.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>

#include "base/clock.h"
#include "base/result.h"

namespace vigie::demo {

struct Options {
  int customers = 10'000;  ///< buying customers over the whole time, about; 10,000 make about 50,000 orders
  std::uint64_t seed = 1;
  std::optional<Date> end_date = {};  ///< last day with data; default: yesterday in Paris
  int months = 36;                    ///< whole months before the one of end_date
};

constexpr int kLeastCustomers = 100, kMostCustomers = 1'000'000;
constexpr int kLeastMonths = 15, kMostMonths = 120;

/// What was written: rows of each file by its path under exports/, in name order; and the vigie.yaml that fits the
/// company (profile, sale event, targets). The true parameters are in exports/truth.json.
struct Written {
  Date first_day, end_date;
  std::map<std::string, std::int64_t> rows;
  std::string settings;
};

/// Writes the company's exports into `folder`/exports and the maps that read them into `folder`/maps. The same options
/// give the same bytes on every machine. Fails with demo.customers, demo.months, demo.end_date, file.unwritable,
/// zone.*.
Result<Written> generate(const Options& options, const Clock& clock, const std::filesystem::path& folder);

/// What `make` tells while it works: a step, and how many of all are done.
using Progress = std::function<void(std::string_view step, double share)>;

/// Makes the workspace `folder`: vigie.yaml, exports, maps, everything imported. Made beside and renamed at the end, so
/// that a failure leaves nothing; killed, it leaves `folder`.making-…. Fails with demo.not_empty where something is
/// there already, else as `generate` and Workspace::import.
Result<Written> make(const std::filesystem::path& folder, const Options& options, const Clock& clock,
                     const Progress& progress);
}  // namespace vigie::demo
