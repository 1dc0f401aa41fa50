#include "kpi/targets.h"

namespace vigie::kpi {

using plan::Span;

bool Targets::in_another_currency() const {
  return !question_.currency.empty() && question_.currency != session_.settings.currency;
}

const catalog::Target* Targets::find(std::string_view kpi, std::string_view variant, const calendar::Range& of) const {
  const auto& all = session_.settings.targets;
  const auto found = std::ranges::find_if(all, [&](const catalog::Target& target) {
    return target.kpi == kpi && target.variant == variant && target.from == of.from && target.to == of.to;
  });
  return found == all.end() ? nullptr : &*found;
}

Value Targets::revenue(const Span& span, Level level) const {
  if (level == Level::split && !question_.by.empty()) return Value::null("no_target");
  if (!question_.where.empty()) return Value::null("target_of_the_whole");
  if (in_another_currency()) return Value::null("target_in_other_currency");
  const catalog::Target* target = find("revenue", "default", {span.from, span.whole_to()});
  return target ? Value::of(target->value) : Value::null("no_target");
}

}  // namespace vigie::kpi
