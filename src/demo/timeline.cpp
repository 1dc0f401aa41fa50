#include "demo/timeline.h"

#include <algorithm>
#include <cmath>

#include "calendar/holidays.h"
#include "demo/arithmetic.h"

namespace vigie::demo {
namespace {

constexpr std::array<double, 24> kShopHours{0.6, 0.3, 0.2, 0.1, 0.1, 0.2, 0.6, 1.5, 3.0, 4.5, 5.5, 5.5,
                                            6.0, 6.0, 5.0, 4.8, 4.8, 5.2, 5.8, 6.5, 7.8, 8.2, 5.5, 2.0};
constexpr std::array<double, 24> kOfficeHours{0, 0, 0,  0,  0,  0, 0, 1, 6,   10,  12,  10,
                                              4, 6, 10, 11, 10, 8, 4, 1, 0.5, 0.3, 0.2, 0};

Date month_before(Date day, int months) {
  const auto [year, month, ignored] = civil(day);
  const int count = year * 12 + month - 1 - months;
  return date_of(count / 12, count % 12 + 1, 1);
}

double annual(const SeasonTruth& season, Date day) {
  const double turn = day.days / 365.25;
  double sum = 0;
  for (std::size_t k = 0; k < season.cosines.size(); ++k) {
    const double harmonic = static_cast<double>(k + 1);
    sum += season.cosines[k] * portable::cosine(harmonic * turn) + season.sines[k] * portable::sine(harmonic * turn);
  }
  return portable::exp(sum);
}

bool is_holiday(Date day) {
  for (const Date holiday : calendar::french_holidays(civil(day).year, calendar::FrenchRegion::metropole))
    if (holiday == day) return true;
  return false;
}

double busyness(const SeasonTruth& season, Date day) {
  const double weekday = season.weekdays[static_cast<std::size_t>(iso_weekday(day) - 1)];
  const double closed = is_holiday(day) ? season.holiday : 1;
  const double august = civil(day).month == 8 ? season.august : 1;
  return annual(season, day) * weekday * closed * august;
}

std::vector<double> trend_of(const Parameters& parameters, int days) {
  std::vector<double> out;
  double sum = 0;
  for (int day = 0; day < days; ++day) {
    out.push_back(portable::exp(parameters.growth_per_year * day / 365.25) * (1 - 0.5 * portable::exp(-day / 90.0)));
    sum += out.back();
  }
  for (double& value : out) value *= days / sum;
  return out;
}

}  // namespace

Pace::Pace(Date first, std::vector<double> weights, const std::array<double, 24>& hours)
    : first_(first), weights_(std::move(weights)) {
  double sum = 0;
  for (const double weight : weights_) sum += weight;
  const double scale = static_cast<double>(weights_.size()) / sum;
  double passed = 0;
  for (double& weight : weights_) {
    weight *= scale;
    sums_.push_back(passed);
    passed += weight;
  }
  sums_.push_back(passed);
  double whole = 0;
  for (const double hour : hours) whole += hour;
  for (std::size_t h = 0; h < hours.size(); ++h) hours_[h + 1] = hours_[h] + hours[h] / whole;
  hours_[24] = 1;
}

double Pace::on(Date day) const { return weights_[static_cast<std::size_t>(day - first_)]; }

double Pace::operational(WallTime at) const {
  const auto day = static_cast<std::size_t>(day_of(at) - first_);
  const auto second = static_cast<double>(at % kDaySeconds);
  const auto hour = static_cast<std::size_t>(second / 3600);
  const double share = hours_[hour] + (hours_[hour + 1] - hours_[hour]) * (second / 3600 - static_cast<double>(hour));
  return sums_[day] + weights_[day] * share;
}

int Pace::second_of_day(double share) const {
  std::size_t hour = 0;
  while (hour < 23 && hours_[hour + 1] <= share) ++hour;
  const double width = hours_[hour + 1] - hours_[hour];
  const double inside = width > 0 ? (share - hours_[hour]) / width : 0;
  const int second = static_cast<int>((static_cast<double>(hour) + inside) * 3600);
  return std::clamp(second, 0, static_cast<int>(kDaySeconds) - 1);
}

WallTime Pace::wall(double operational) const {
  const auto after = std::upper_bound(sums_.begin(), sums_.end(), operational);
  const auto day = static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - sums_.begin() - 1, 0));
  const std::size_t inside = std::min(day, weights_.size() - 1);
  const double share = weights_[inside] > 0 ? (operational - sums_[inside]) / weights_[inside] : 0;
  return start_of(first_ + static_cast<int>(inside)) + second_of_day(share);
}

Timeline timeline_of(const Parameters& parameters, Date end_date, int months) {
  Timeline out;
  out.end = end_date + 1;
  out.first = month_before(end_date, months);
  out.price_rise = month_before(end_date, parameters.price_rise_months_before);
  out.promotion_from = month_before(end_date, parameters.promotion_months_before) + 7;
  out.promotion_to = out.promotion_from + parameters.promotion_days;
  out.outage_from = end_date - parameters.outage_days_before;
  out.outage_to = out.outage_from + parameters.outage_days;
  out.slow_from = out.end - parameters.slow_days;
  std::vector<double> shop, office;
  for (Date day = out.first; day < out.end; day = day + 1) {
    const double promotion = out.promotion(day) ? parameters.promotion_lift : 1;
    const double outage = day >= out.outage_from && day < out.outage_to ? parameters.outage_share_left : 1;
    shop.push_back(busyness(parameters.shop_season, day) * promotion * outage);
    office.push_back(busyness(parameters.office_season, day));
  }
  out.shop = Pace(out.first, std::move(shop), kShopHours);
  out.office = Pace(out.first, std::move(office), kOfficeHours);
  out.trend = trend_of(parameters, out.days());
  return out;
}

Date months_after(Date day, int months) {
  const auto [year, month, number] = civil(day);
  const int count = year * 12 + month - 1 + months;
  return date_of(count / 12, count % 12 + 1, std::min(number, days_in_month(count / 12, count % 12 + 1)));
}

WallTime in_office_hours(WallTime at) {
  // What falls on a week-end waits in line on Monday morning: Saturday 9:00 to 9:20, Sunday to 9:40, Monday's own
  // after.
  const Date day = day_of(at);
  const double share = static_cast<double>(at % kDaySeconds) / static_cast<double>(kDaySeconds);
  constexpr int kNine = 9 * 3600, kLine = 20 * 60, kOpen = 9 * 3600;
  switch (iso_weekday(day)) {
    case 6: return start_of(day + 2) + kNine + static_cast<int>(share * kLine);
    case 7: return start_of(day + 1) + kNine + kLine + static_cast<int>(share * kLine);
    case 1: return start_of(day) + kNine + 2 * kLine + static_cast<int>(share * (kOpen - 2 * kLine));
    default: return start_of(day) + kNine + static_cast<int>(share * kOpen);
  }
}

}  // namespace vigie::demo
