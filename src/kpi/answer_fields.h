#pragma once
#include <concepts>

#include "kpi/answer.h"

namespace vigie::kpi {

// The plain fields of an answer's figures, each with its name in JSON, in the order in which they are written: named
// once for who writes them (answer_json.cpp) and who reads them (the command line, of a server's answer). `visit` takes
// a name and an optional number, a text (empty: null) or a whole number.

template <class Of, class Figure>
concept Is = std::same_as<std::remove_const_t<Of>, Figure>;

template <Is<Compared> Of, class Visit>
void each_field(Of& compared, const Visit& visit) {
  visit("value", compared.value);
  visit("value_exact", compared.value_exact);
  visit("delta", compared.delta);
  visit("delta_low", compared.delta_low);
  visit("delta_high", compared.delta_high);
  visit("relative", compared.relative);
  visit("ci_low", compared.ci_low);
  visit("ci_high", compared.ci_high);
  visit("reason", compared.reason);
}

template <Is<Trailing> Of, class Visit>
void each_field(Of& year, const Visit& visit) {
  visit("value", year.value);
  visit("value_exact", year.value_exact);
  visit("numerator", year.numerator);
  visit("denominator", year.denominator);
  visit("n", year.n);
  visit("ci_low", year.ci_low);
  visit("ci_high", year.ci_high);
  visit("reason", year.reason);
}

template <Is<Row> Of, class Visit>
void each_field(Of& row, const Visit& visit) {
  visit("value", row.value);
  visit("value_exact", row.value_exact);
  visit("numerator", row.numerator);
  visit("denominator", row.denominator);
  visit("numerator_exact", row.numerator_exact);
  visit("denominator_exact", row.denominator_exact);
  visit("n", row.n);
  visit("ci_low", row.ci_low);
  visit("ci_high", row.ci_high);
  visit("ci_kind", row.ci_kind);
}

}  // namespace vigie::kpi
