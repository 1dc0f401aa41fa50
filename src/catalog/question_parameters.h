#pragma once
#include <span>
#include <string_view>

#include "expr/expr.h"

namespace vigie::catalog {

/// What every formula may name, beside the parameters of its definition: what the question or the settings give.
/// `unknown_margin`, `unknown_amount` and `nothing_sold` are nothing, for the reason that they are there to tell.
inline constexpr std::string_view kNoMargin[] = {"no_margin"}, kNoCurrency[] = {"currency_missing"},
                                  kNothingSold[] = {"nothing_sold"},
                                  kNoTarget[] = {"no_target", "target_of_the_whole", "target_in_other_currency"};
struct QuestionParameter {
  enum class Kind { margin_rate, nothing, revenue_target, period_months } kind;
  std::string_view name;
  expr::Type type = expr::Type::real;
  std::span<const std::string_view> null_for = {};  ///< the reasons for which it may be null
};
inline constexpr QuestionParameter kQuestionParameters[] = {
    {QuestionParameter::Kind::margin_rate, "margin_rate", expr::Type::real, kNoMargin},
    {QuestionParameter::Kind::nothing, "unknown_margin", expr::Type::real, kNoMargin},
    {QuestionParameter::Kind::nothing, "unknown_amount", expr::Type::real, kNoCurrency},
    {QuestionParameter::Kind::nothing, "nothing_sold", expr::Type::real, kNothingSold},
    {QuestionParameter::Kind::revenue_target, "revenue_target", expr::Type::money, kNoTarget},
    {QuestionParameter::Kind::period_months, "period_months"}};

/// Null: it is none of them.
constexpr const QuestionParameter* question_parameter(std::string_view name) {
  for (const QuestionParameter& one : kQuestionParameters)
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace vigie::catalog
