#pragma once
#include "catalog/settings.h"
#include "workspace/remembered.h"

namespace vigie::workspace {

/// A row of the table `holidays`; an empty region: everywhere.
struct ImportedHoliday {
  Date day;
  std::string region;
};

/// The holidays that were imported and not deleted since.
Result<std::vector<ImportedHoliday>> read_holidays(RememberedQueries& queries);

/// The calendar of the company: its settings, the holidays of its country around `now`, and those of the imported ones
/// that hold where it is.
Result<calendar::Calendar> calendar_of(const catalog::Settings& settings, Instant now,
                                       const std::vector<ImportedHoliday>& imported);

/// Where the regions that the settings name and those of the imported holidays do not fit: a region without a holiday
/// (misspelt, or its file is missing), and several regions among which nothing chooses. `settings.holiday_regions`.
std::vector<Error> check_regions(const catalog::Settings& settings, const std::vector<ImportedHoliday>& imported);

}  // namespace vigie::workspace
