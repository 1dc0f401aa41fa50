#pragma once
#include "calendar/calendar.h"
#include "checks/check.h"

namespace vigie::checks {

/// Where checks look, and when.
struct World {
  store::Connection& connection;
  const model::Model& model;
  const calendar::Calendar& calendar;
  std::string base_currency;
  Instant now;
};

/// Which rows: those of a map, the last batch (0: none) among them, or only what that brought or changed.
struct Where {
  std::string map;
  std::int64_t batch = 0;
  bool only_new = false;
};

/// Rows that fail.
struct Found {
  std::int64_t rows = 0, of_batch = 0;
  std::string example, example_of_batch;
  std::optional<Instant> from;  ///< none is dated before it; nothing: some are not dated
};

/// All checks of rows in one pass.
Result<std::vector<Found>> look_at_rows(const World& world, const Subject& subject,
                                        const std::vector<const Check*>& checks, const Where& where);
Result<Found> look_for_repeated(const World& world, const Subject& subject, const Check& check, const Where& where);
Result<Found> look_for_strays(const World& world, const Subject& subject, const Check& check, const Where& where);

/// The newest moment that rows tell, and that is not yet to come. A day is told at its end.
Result<std::optional<Instant>> newest_of(const World& world, const Subject& subject, const Check& check,
                                         const Where& where);

struct Sums {
  Decimal ours, theirs;
  bool several_currencies = false;
  std::int64_t rows = 0;
};
/// `rows`: which rows of the table t, as SQL, "" those of the map; the control is given, or another table's sum.
Result<Sums> sums_of(const World& world, const Subject& subject, const Check& check, const Where& where,
                     const std::string& rows, const std::optional<Decimal>& control);

/// The first moment that the table's rows are dated by.
Result<std::optional<Instant>> first_of(const World& world, const model::Table& table, const Where& where);

}  // namespace vigie::checks
