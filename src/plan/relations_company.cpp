// What the company spends, and whom it employs.
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

Expr before_as_of(const RelationBuilder& build, const RelPtr& rows, std::string_view day) {
  return expr::le(col(rows, day),
                  expr::literal(build.context().calendar.zone().day_of(Instant{build.context().as_of.at.micros - 1})));
}

/// Adds `left_truncated`: the cost of days whose new customers may be old ones. Where sources say since when people are
/// customers, new ones are known one by one.
RelPtr with_truncation(const RelationContext& context, const RelPtr& rows, std::string_view day) {
  const auto days = context.facts.has_customer_since ? std::nullopt : truncated_days(context);
  if (!days) return store::extend(rows, {{"left_truncated", expr::literal(false)}});
  const Expr before = expr::lt(col(rows, day), expr::literal(days->until));
  return store::extend(
      rows, {{"left_truncated",
              days->from ? expr::all_of({expr::ge(col(rows, day), expr::literal(*days->from)), before}) : before}});
}

/// Employments; one whose row was deleted ended with it.
RelPtr headcount(const RelationBuilder& build) {
  const RelPtr table = build.table("headcount");
  if (!build.context().facts.deleted.contains("headcount")) return table;
  const RelPtr rows = build.before_deletion("headcount", table, col(table, "from_date"));
  return kept_beside(rows, rows, {{"to_date", build.ended_or_deleted("headcount", rows, col(rows, "to_date"))}});
}

/// Employments of people with a name, and how many others of the same person go on when each of them starts (`before`)
/// and ends (`after`): a change of contract is neither an arrival nor a departure.
RelPtr employments(const RelationBuilder& build) {
  const RelPtr table = headcount(build);
  const RelPtr people = store::filter(table, expr::is_not_null(col(table, "employee_key")));
  const RelPtr others = store::project(people, {{"whose", col(people, "employee_key")},
                                                {"other", col(people, "key")},
                                                {"other_from", col(people, "from_date")},
                                                {"other_to", col(people, "to_date")}});
  RelPtr rows = people;
  for (const auto& [end, name] : {std::pair{"from_date", "before"}, std::pair{"to_date", "after"}}) {
    const Expr day = col(people, end);
    const Expr from = col(others, "other_from"), to = col(others, "other_to");
    // On the first day no longer employed, another employment that starts that day takes over; the day before the
    // first, one that ends with it did.
    const Expr goes_on = std::string_view(end) == "to_date"
                             ? expr::all_of({expr::le(from, day), any_of({expr::is_null(to), expr::gt(to, day)})})
                             : expr::all_of({expr::lt(from, day), any_of({expr::is_null(to), expr::ge(to, day)})});
    const Expr another = expr::not_(expr::eq(col(others, "other"), col(people, "key")));
    const RelPtr met =
        store::join(JoinKind::inner, people, others, {{"employee_key", "whose"}}, "", expr::all_of({another, goes_on}));
    const std::string of = fmt::format("{}_of", name);
    const RelPtr counted =
        store::aggregate(met, {{of, col(met, "key")}}, {{name, AggregateFn::count, nullptr, nullptr}});
    rows = store::join(JoinKind::left, rows, counted, {{"key", of}});
  }
  return rows;
}

RelPtr moves_on(const RelPtr& rows, std::string_view day, std::string_view others, std::string_view move) {
  const RelPtr alone =
      store::filter(rows, expr::all_of({expr::is_not_null(col(rows, day)), expr::is_null(col(rows, others))}));
  return store::project(alone, {{"employee_key", col(alone, "employee_key")},
                                {"team_key", col(alone, "team_key")},
                                {"function", col(alone, "function")},
                                {"role", col(alone, "role")},
                                {"kind", col(alone, "kind")},
                                {"people", col(alone, "people")},
                                {"leave_reason", col(alone, "leave_reason")},
                                {"moved_on", col(alone, day)},
                                {"move", expr::text(std::string(move))}});
}

}  // namespace

Result<RelPtr> spend(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr table = build.table("channel_spend");
  const RelPtr rows = build.before_deletion("channel_spend", table, col(table, "date"));
  return with_truncation(context, store::filter(rows, before_as_of(build, rows, "date")), "date");
}

Result<RelPtr> costs(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr table = build.table("costs");
  const RelPtr rows = build.before_deletion("costs", table, col(table, "booked_on"));
  return with_truncation(context, store::filter(rows, before_as_of(build, rows, "booked_on")), "booked_on");
}

Result<RelPtr> channel_costs(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, costs(context));
  const Expr serves = expr::call(expr::Op::in, expr::Type::boolean,
                                 {col(rows, "function"), expr::text("sales"), expr::text("marketing")});
  return store::filter(rows, expr::all_of({serves, expr::is_not_null(col(rows, "channel"))}));
}

Result<RelPtr> staff(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr people = headcount(build);
  return build.in_periods(people, [](const RelPtr& r) {
    const Expr day = day_of(col(r, "closes_at"));
    return covers(col(r, "from_date"), col(r, "to_date"), day);
  });
}

Result<RelPtr> staff_moves(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr rows = employments(build);
  const RelPtr all = store::union_all(
      {moves_on(rows, "from_date", "before", "arrival"), moves_on(rows, "to_date", "after", "departure")});
  return store::filter(all, before_as_of(build, all, "moved_on"));
}

Result<RelPtr> staff_periods(const RelationContext& context) {
  const RelationBuilder build(context);
  const auto at = [](const RelPtr& r, std::string_view end) {
    return covers(col(r, "from_date"), col(r, "to_date"), day_of(col(r, end)));
  };
  const RelPtr rows = build.in_periods(
      headcount(build), [&](const RelPtr& r) { return any_of({at(r, "opens_at"), at(r, "closes_at")}); });
  return store::extend(rows, {{"opening", at(rows, "opens_at")},
                              {"closing", at(rows, "closes_at")},
                              {"named", expr::is_not_null(col(rows, "employee_key"))}});
}

}  // namespace vigie::plan
