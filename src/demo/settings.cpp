#include "demo/settings.h"

#include <cmath>

namespace vigie::demo {
namespace {

constexpr double kWantedGrowth = 1.10;

struct Goal {
  std::string_view kpi;
  double month, quarter, year;  ///< what to reach in a period of that length
};
constexpr std::array<Goal, 8> kGoals{{{"conversion_rate", 0.20, 0.20, 0.20},
                                      {"average_sale", 460, 460, 460},
                                      {"sales_cycle", 32, 32, 32},
                                      {"churn_rate", 0.015, 0.045, 0.16},
                                      {"retention_rate", 0.985, 0.955, 0.84},
                                      {"cac:trailing_12_months", 420, 420, 420},
                                      {"nps", 40, 40, 40},
                                      {"revenue_per_employee", 185'000, 185'000, 185'000}}};

Date month_of(Date day) {
  const auto [year, month, ignored] = civil(day);
  return date_of(year, month, 1);
}

/// Euros of confirmed sales by month of the window.
std::map<Date, double> revenue_by_month(const World& world) {
  std::map<Date, double> out;
  for (const Sale& sale : world.sales) {
    if (sale.state != SaleState::confirmed || !sale.amount_known) continue;
    const double euros = static_cast<double>(sale.net) / 100;
    out[month_of(day_of(sale.at))] += sale.swiss ? euros / world.francs_on(day_of(sale.at)) : euros;
  }
  return out;
}

std::string target(std::string_view kpi, Date from, Date to, double value) {
  return fmt::format("  - {{kpi: {}, from: {}, to: {}, value: {}}}\n", kpi, to_string(from), to_string(to), value);
}

std::string targets(const World& world) {
  std::string out;
  const auto revenue = revenue_by_month(world);
  const auto [year, month, ignored] = civil(world.time.end - 1);
  const Date first = date_of(year - 1, 1, 1), last = date_of(year + 1, 1, 1);
  for (const int months : {1, 3, 12})
    for (Date from = first; from < last; from = months_after(from, months)) {
      const Date to = months_after(from, months);
      double before = 0;
      for (const auto& [start, euros] : revenue)
        if (start >= months_after(from, -12) && start < months_after(to, -12)) before += euros;
      const bool whole = months_after(from, -12) >= world.time.first;
      if (whole && before > 0)
        out += target("revenue", from, to, std::floor(before * kWantedGrowth / 1'000 + 0.5) * 1'000);
      for (const Goal& goal : kGoals)
        out += target(goal.kpi, from, to, months == 1 ? goal.month : months == 3 ? goal.quarter : goal.year);
    }
  return out;
}

}  // namespace

std::string settings_text(const World& world) {
  return fmt::format(
      "# The demo company. Every key is explained in docs/workspace.md; what is true of the company is in "
      "exports/truth.json.\n"
      "format: 1\n"
      "company: Atelier Nord\n"
      "currency: EUR\n"
      "time_zone: Europe/Paris\n"
      "week_start: monday\n"
      "fiscal_start: \"01-01\"\n"
      "holidays: france\n"
      "profile: [shop, deals, subscription]\n"
      "sale_event: order\n"
      "inactivity_days: 365\n"
      "targets:\n{}",
      targets(world));
}

}  // namespace vigie::demo
