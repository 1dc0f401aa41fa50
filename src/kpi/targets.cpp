#include "kpi/targets.h"

#include "plan/reporting_currency.h"

namespace vigie::kpi {

using plan::Span;

bool Targets::in_another_currency() const {
  return !question_.currency.empty() && question_.currency != session_.settings.currency;
}

const catalog::Target* Targets::find(std::string_view kpi, std::string_view variant, const calendar::Range& of,
                                     std::string_view relation) const {
  const auto is_of_these = [&](const catalog::Target& target) {
    if (target.relation.empty())
      return relation.empty() || relation == plan::leading_relation(session_.settings, session_.facts, as_of_);
    // Where nothing stands apart there is one kind of customers.
    const std::string_view only = session_.facts.has_payers(as_of_) ? plan::kContract : plan::kPurchase;
    return target.relation == (relation.empty() ? only : relation);
  };
  const catalog::Target* found = nullptr;
  for (const catalog::Target& target : session_.settings.targets) {
    const bool fits = target.kpi == kpi && target.variant == variant && target.from == of.from && target.to == of.to &&
                      is_of_these(target);
    // One that says of whom it is goes before one that leaves it to the headline.
    if (fits && (!found || found->relation.empty())) found = &target;
  }
  return found;
}

Value Targets::revenue(const Span& span, Level level) const {
  if (level == Level::split && !question_.by.empty()) return Value::null("no_target");
  if (!question_.where.empty()) return Value::null("target_of_the_whole");
  const catalog::Target* target = find("revenue", "default", {span.from, span.whole_to()});
  return target ? amount(*target) : Value::null("no_target");
}

Result<> Targets::plan(plan::MeasureRun& run, const expr::InstantLiteral& as_of) {
  const auto& all = session_.settings.targets;
  if (!in_another_currency() || all.empty()) return {};
  const std::string own = store::document_amount("amount");
  constexpr int kScale = expr::kMoneyScale;
  std::vector<std::vector<expr::Literal>> rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto value = all[i].value.rescaled(kScale);
    if (!value) continue;  // no amount has so many digits: it is of no KPI in money
    rows.push_back({static_cast<std::int64_t>(i), session_.settings.currency, all[i].from, *value, *value});
  }
  if (rows.empty()) return {};
  const store::RelPtr targets = store::values({{"target", expr::Type::integer},
                                               {"currency", expr::Type::text},
                                               {"priced_day", expr::Type::date},
                                               {"amount", expr::Type::money, kScale},
                                               {own, expr::Type::money, kScale}},
                                              std::move(rows));
  const std::map<std::string, expr::Literal> none;
  const plan::RelationContext context{session_.model,
                                      session_.settings,
                                      session_.calendar,
                                      session_.facts,
                                      plan::sale_event(session_.settings, session_.facts),
                                      as_of,
                                      none,
                                      {},
                                      question_.grain,
                                      question_.currency};
  const store::RelPtr priced = plan::converted_on(context, targets, "amount");
  rows_ = run.add_rows(
      store::project(priced, {{"target", store::col(priced, "target")}, {"amount", store::col(priced, "amount")}}));
  run_ = &run;
  return {};
}

Value Targets::amount(const catalog::Target& target) const {
  if (!in_another_currency()) return Value::of(target.value);
  const store::ResultSet* const rows = run_ ? run_->rows(rows_) : nullptr;
  const auto number = &target - session_.settings.targets.data();
  for (std::size_t row = 0; rows && row < rows->rows(); ++row)
    if (rows->int64(row, 0) == number && !rows->is_null(row, 1)) return Value::of(rows->decimal(row, 1));
  return Value::null("target_in_other_currency");
}

}  // namespace vigie::kpi
