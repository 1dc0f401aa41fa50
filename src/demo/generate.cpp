#include <fstream>

#include "calendar/zone.h"
#include "demo/demo.h"
#include "demo/exports.h"
#include "demo/map_files.h"
#include "demo/settings.h"
#include "demo/truth.h"

namespace vigie::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZone = "Europe/Paris";

Result<> check(const Options& options) {
  if (options.customers < kLeastCustomers || options.customers > kMostCustomers)
    return fail(ErrorKind::usage, "demo.customers", fmt::format("{} customers do not make a demo", options.customers),
                {},
                fmt::format("choose from {} to {}; 10000 make about 50,000 orders", kLeastCustomers, kMostCustomers));
  if (options.months < kLeastMonths || options.months > kMostMonths)
    return fail(ErrorKind::usage, "demo.months", fmt::format("{} months do not make a demo", options.months), {},
                fmt::format("choose from {} to {}", kLeastMonths, kMostMonths));
  return {};
}

Result<> write_text(const fs::path& file, std::string_view text) {
  std::error_code problem;
  fs::create_directories(file.parent_path(), problem);
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  if (problem || !out)
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()), {},
                "check the rights on the folder and the space left on the disk");
  return {};
}

Result<> write_maps(const fs::path& folder, Date end_date) {
  constexpr std::string_view kPlace = "END_DATE";
  for (const MapFile& map : map_files()) {
    std::string text(map.text);
    for (std::size_t at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace))
      text.replace(at, kPlace.size(), to_string(end_date));
    VIGIE_CHECK(write_text(folder / map.name, text));
  }
  return {};
}

/// The last day of data: the one asked for, which must be over; else yesterday.
Result<Date> end_date_of(const Options& options, const Clock& clock, const calendar::Zone& zone) {
  const Date yesterday = zone.day_of(clock.now()) - 1;
  if (!options.end_date) return yesterday;
  if (*options.end_date > yesterday)
    return fail(ErrorKind::usage, "demo.end_date", fmt::format("{} is not over yet", to_string(*options.end_date)), {},
                fmt::format("the latest is {}", to_string(yesterday)));
  return *options.end_date;
}

}  // namespace

Result<Written> generate(const Options& options, const Clock& clock, const fs::path& folder) {
  VIGIE_CHECK(check(options));
  VIGIE_TRY(const auto zone, calendar::Zone::find(kZone));
  VIGIE_TRY(const Date end_date, end_date_of(options, clock, *zone));
  const auto world = make_world(true_parameters(options.customers, options.seed), end_date, options.months);
  Exports exports(*world, folder / "exports", zone);
  VIGIE_CHECK(exports.write());
  VIGIE_CHECK(write_text(folder / "exports" / "truth.json", truth_json(*world, exports.rows())));
  VIGIE_CHECK(write_maps(folder / "maps", end_date));
  return Written{world->time.first, end_date, exports.rows(), settings_text(*world)};
}

}  // namespace vigie::demo
