#include "kpi/bound_question.h"

#include "base/text.h"
#include "kpi/answering.h"
#include "kpi/horizon.h"
#include "model/money.h"

namespace vigie::kpi {

namespace {

/// Amounts can be given in the workspace's currency, and in those that some rate is known for.
Result<> check_currency(const Session& session, const std::string& currency) {
  if (currency.empty() || currency == session.settings.currency) return {};
  std::set<std::string> priced = session.facts.quoted;
  if (!priced.empty()) priced.emplace(model::kQuoteBase);
  if (priced.contains(currency)) return {};
  priced.insert(session.settings.currency);
  const std::vector<std::string> known(priced.begin(), priced.end());
  return fail(ErrorKind::usage, "currency.unknown", fmt::format("no exchange rate of \"{}\" was imported", currency),
              {},
              session.facts.quoted.empty()
                  ? fmt::format("import exchange rates (the table fx_rates), or ask in {}", session.settings.currency)
                  : suggestion(currency, known));
}

/// What is asked; a side left open is that of the last twelve months, this one among them, in whole periods of the
/// grain: no more than a year, whatever it is compared with, or its total would share days with that of the year
/// before. A grid of cohorts, which is compared with nothing, begins one period earlier: the first cohort has a whole
/// year behind it.
calendar::Range range_of(const Session& session, const plan::Question& asked, const expr::InstantLiteral& as_of,
                         bool is_grid) {
  using calendar::Grain;
  calendar::Range range = default_range(session, as_of);
  const Grain unit = asked.grain == Grain::total || asked.grain == Grain::hour ? Grain::month : asked.grain;
  range = {session.calendar.period_of(range.from, unit).from, session.calendar.period_of(range.to - 1, unit).to};
  // A year of 4-4-5 weeks may have 53 of them; so may a range that begins and ends within a week.
  const int longest = unit == Grain::week ? 52 * 7 : 53 * 7;
  while (range.to - range.from > longest) range.from = session.calendar.period_of(range.from, unit).to;
  if (is_grid) range.from = session.calendar.period_of(range.from - 1, unit).from;
  return {asked.from.value_or(range.from), asked.to.value_or(range.to)};
}

/// A side that nobody gave is told as such: who reads of it has not typed it.
Result<> check_order(const plan::Question& asked, const calendar::Range& range) {
  if (range.from < range.to) return {};
  const std::string from = to_string(range.from), to = to_string(range.to);
  const auto refused = [](const char* code, const std::string& message, const std::string& hint) {
    return fail(ErrorKind::usage, code, message, {}, hint);
  };
  if (!asked.from)
    return refused(
        "period.reversed",
        fmt::format("the period ends on {}, and no first day was given: the one taken, {}, is not before it", to, from),
        "say from too");
  if (!asked.to)
    return refused(
        "period.reversed",
        fmt::format("the period starts on {}, and no end was given: the one taken, {}, is not after it", from, to),
        "say to too");
  if (range.to == range.from)
    return refused("period.empty", fmt::format("the period is empty: it starts and ends on {}", from),
                   fmt::format("to is the first day after the last: for that day alone, {}", to_string(range.to + 1)));
  return refused("period.reversed", fmt::format("the period ends ({}) before it starts ({})", to, from),
                 "from is the first day, to the first day after the last");
}

/// At grain total too: every day of what is asked is looked at.
Result<> check_length(const calendar::Range& range) {
  constexpr int kMostDays = 73'050;
  if (range.to - range.from <= kMostDays) return {};
  return fail(ErrorKind::usage, "period.too_long",
              fmt::format("the period from {} to {} is of {} days; {} is the most, 200 years", to_string(range.from),
                          to_string(range.to), range.to - range.from, kMostDays),
              {}, "choose a shorter range");
}

std::int64_t days_between(Instant from, Instant to) {
  return (to.micros - from.micros + kMicrosPerDay - 1) / kMicrosPerDay;
}

}  // namespace

Result<BoundQuestion> bind_question(const Session& session, const plan::Question& asked) {
  const Date today = session.calendar.zone().day_of(session.now);
  VIGIE_TRY(const catalog::Definition* definition, session.catalog.find(asked.kpi, asked.version, today));
  const catalog::Variant* variant = definition->variant(asked.variant);
  if (!variant) {
    std::vector<std::string> known;
    for (const catalog::Variant& one : definition->variants) known.push_back(one.name);
    return fail(ErrorKind::usage, "variant.unknown",
                fmt::format("{} has no variant \"{}\"", definition->id, asked.variant), {},
                suggestion(asked.variant, known));
  }
  VIGIE_CHECK(check_currency(session, asked.currency));
  VIGIE_TRY(auto params, bind_parameters(*definition, *variant, asked.params, asked.measured, session.settings));
  const auto event = plan::sale_event(session.settings, session.facts);
  const auto tables = tables_of(*definition, *variant, session.catalog, session.facts, event, today);
  const expr::InstantLiteral known = horizon(session, tables);
  const expr::InstantLiteral as_of = asked.as_of.value_or(known);
  const calendar::Range range = range_of(session, asked, as_of, variant->form == catalog::Form::cohort);
  VIGIE_CHECK(check_order(asked, range));
  VIGIE_CHECK(check_length(range));
  for (const plan::Comparison& one : asked.compare)
    if (one.kind == plan::Comparison::Kind::range) VIGIE_CHECK(check_length({one.from, one.to}));
  return BoundQuestion{{definition, variant, std::move(params), as_of},
                       range,
                       std::max<std::int64_t>(0, days_between(known.at, as_of.at)),
                       asked.as_of ? std::nullopt : source_behind(session, tables),
                       failing_checks(session, tables, asked.as_of ? as_of.at : session.now),
                       asked.as_of ? std::vector<LateSource>() : late_sources(session, tables)};
}

Result<plan::Question> with_own_splits(const Session& session, plan::Question asked) {
  const auto definition = session.catalog.find(asked.kpi, asked.version, session.calendar.zone().day_of(session.now));
  const catalog::Variant* variant = definition ? (*definition)->variant(asked.variant) : nullptr;
  if (!variant) return asked;
  const auto stands_by = [&](const std::string& by) {
    return std::ranges::any_of(variant->axes, [&](const catalog::Axis& axis) {
      return axis.shown == catalog::Axis::Shown::always && (axis.name == by || axis.column == by);
    });
  };
  if (asked.top && !asked.by.empty() && stands_by(asked.by.front()))
    return fail(ErrorKind::usage, "question.top",
                fmt::format("{}:{} has a row for each \"{}\" by itself, and none of them is folded into others",
                            (*definition)->id, variant->name, asked.by.front()),
                {}, "leave top out, or name another dimension first");
  std::erase_if(asked.by, stands_by);
  for (std::size_t i = variant->splits.size(); i-- > 0;)
    if (std::ranges::find(asked.by, variant->splits[i]) == asked.by.end())
      asked.by.insert(asked.by.begin(), variant->splits[i]);
  return asked;
}

std::string parameter_text(const expr::Literal& literal) {
  if (const auto* micros = std::get_if<expr::Micros>(&literal)) return fmt::format("{}", micros->value / kMicrosPerDay);
  if (const auto* integer = std::get_if<std::int64_t>(&literal)) return fmt::format("{}", *integer);
  if (const auto* decimal = std::get_if<Decimal>(&literal)) return decimal->to_plain();
  if (const auto* choice = std::get_if<std::string>(&literal)) return *choice;
  return {};
}

}  // namespace vigie::kpi
