#pragma once
#include "reference/filter.h"
#include "reference/moments.h"

namespace vigie::reference {

/// What one KPI comes to over one span.
struct Figure {
  std::optional<Decimal> exact;  ///< sums and counts
  std::optional<double> value;   ///< also of exact ones
  std::optional<double> numerator, denominator;
  std::optional<std::int64_t> n, unpriced;
  std::optional<double> maturing;
  std::optional<std::pair<double, double>> interval;

  static Figure of(Decimal sum) {
    Figure out;
    out.exact = sum;
    out.value = sum.to_double();
    return out;
  }
  static Figure count(std::int64_t number) { return of(Decimal::integer(number)); }
  static Figure ratio(double above, double below);  ///< no value when `below` is 0
};

/// Everything a figure depends on.
struct Scope {
  const World& world;
  const Moments& moments;
  AsOf as_of;
  Span span;
  const Filter* filter = nullptr;
  std::vector<std::pair<std::string, Name>> split;  ///< dimension and the value asked for
  std::map<std::string, std::string> params;
  Name axis;                                       ///< the value along the axis of a table or a curve
  calendar::Grain grain = calendar::Grain::total;  ///< of the question
  calendar::Range asked = {};                      ///< the whole range of the question

  bool inside(Instant at) const { return span.from <= at && at < span.to && at < as_of.at; }
  bool happened(Instant at) const { return at < as_of.at; }
  /// Does the filter keep it, and is it in the split value asked for?
  bool selects(const Attributes& row) const;
  Scope over(Span other) const;
  int parameter(const std::string& name, int fallback) const;
  double real_parameter(const std::string& name, double fallback) const;
};

/// A KPI as the reference knows it.
struct Kpi {
  std::string name;                     ///< "churn_rate:default"
  std::vector<std::string> dimensions;  ///< it can be split and filtered by; by "relation" it is split only
  bool amounts = false;                 ///< a filter may name amount_net
  std::vector<std::string> axis;        ///< name of the axis, then its values; empty: none
  std::vector<std::pair<std::string, std::vector<std::string>>> params;  ///< to draw from
  bool (*asked_of)(const World&) = nullptr;                              ///< has the world what it needs?
  Figure (*figure)(const Scope&) = nullptr;
  bool apart = false;           ///< contract and other customers are never one figure of it
  bool grows_with_age = false;  ///< what is compared is told at the age that the rest has at as_of
};

std::vector<Kpi> sales_kpis();
std::vector<Kpi> customer_kpis();
std::vector<Kpi> deal_kpis();
std::vector<Kpi> company_kpis();
std::vector<Kpi> channel_kpis();

}  // namespace vigie::reference
