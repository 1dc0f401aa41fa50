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

Date Targets::end_of_whole(const Span& span, Level level) const {
  if (level == Level::total && span.from == question_.from) return std::max(question_.to.value_or(span.to), span.to);
  if (question_.grain == calendar::Grain::total)
    return span.from == question_.from ? std::max(question_.to.value_or(span.to), span.to) : span.to;
  const auto grain = question_.grain == calendar::Grain::hour ? calendar::Grain::day : question_.grain;
  return level == Level::total ? span.to : session_.calendar.period_of(span.from, grain).to;
}

Value Targets::revenue(const Span& span, Level level) const {
  if (!question_.by.empty() || !question_.where.empty()) return Value::null("no_target");
  if (in_another_currency()) return Value::null("target_in_other_currency");
  const Date whole_to = end_of_whole(span, level);
  const catalog::Target* target = find("revenue", "default", {span.from, whole_to});
  return target ? Value::of(target->value) : Value::null("no_target");
}

}  // namespace vigie::kpi
