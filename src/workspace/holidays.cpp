#include "workspace/holidays.h"

#include "base/text.h"

namespace vigie::workspace {
namespace {

bool holds(const ImportedHoliday& one, const catalog::Settings& settings) {
  return one.region.empty() || settings.holiday_regions.empty() ||
         std::ranges::find(settings.holiday_regions, one.region) != settings.holiday_regions.end();
}

}  // namespace

Result<std::vector<ImportedHoliday>> read_holidays(RememberedQueries& queries) {
  VIGIE_TRY(const store::ResultSet rows,
            queries.query("SELECT DISTINCT day, coalesce(region, '') FROM holidays WHERE deleted_at IS NULL"));
  std::vector<ImportedHoliday> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.push_back({Date{static_cast<std::int32_t>(rows.int64(row, 0))}, rows.text(row, 1)});
  return out;
}

Result<calendar::Calendar> calendar_of(const catalog::Settings& settings, Instant now,
                                       const std::vector<ImportedHoliday>& imported) {
  constexpr int kFirstYear = 1990, kYearsAhead = 2;
  calendar::CalendarSettings calendar = settings.calendar;
  if (settings.holidays) {
    const int this_year = civil(Date{static_cast<std::int32_t>(now.micros / kMicrosPerDay)}).year;
    for (int year = kFirstYear; year <= this_year + kYearsAhead; ++year)
      for (const Date day : calendar::french_holidays(year, *settings.holidays)) calendar.holidays.insert(day);
  }
  for (const ImportedHoliday& one : imported)
    if (holds(one, settings)) calendar.holidays.insert(one.day);
  return calendar::Calendar::make(std::move(calendar));
}

std::vector<Error> check_regions(const catalog::Settings& settings, const std::vector<ImportedHoliday>& imported) {
  std::set<std::string> regions;
  for (const ImportedHoliday& one : imported)
    if (!one.region.empty()) regions.insert(one.region);
  const std::vector<std::string> known(regions.begin(), regions.end());
  std::vector<Error> out;
  for (const std::string& named : settings.holiday_regions)
    if (!regions.contains(named))
      out.push_back({"settings.holiday_regions", fmt::format("no holiday of the region \"{}\" was imported", named),
                     ErrorKind::data, settings.holiday_regions_written, suggestion(named, known)});
  if (settings.holiday_regions.empty() && known.size() > 1)
    out.push_back({"settings.holiday_regions",
                   fmt::format("holidays of {} regions were imported, and all of them hold", known.size()),
                   ErrorKind::data,
                   {},
                   "name those of the company in vigie.yaml, such as holiday_regions: [" + known.front() + "]"});
  return out;
}

}  // namespace vigie::workspace
