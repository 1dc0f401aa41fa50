// Channels: which contacts brought a new customer, and the share of it that each is given under a model of attribution.
//
//   candidates   every new customer with its contacts of the window, in a row of its own where it has none
//   single       models that give the whole to one contact: the first row of each customer in some order
//   shared       models that share it: a weight for each contact, the shares rounded, the last contact taking the rest
#include "plan/channel_groups.h"
#include "plan/prospects.h"
#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr int kCreditScale = 12;  ///< decimals of a credit

// What a definition that reads credits without declaring the parameters gets: the handbook's.
constexpr std::string_view kDefaultModel = "last_non_direct";
constexpr std::int64_t kDefaultWindow = 90, kDefaultHalfLife = 7;  // days

Expr add(Expr a, Expr b) { return expr::call(Op::add, Type::integer, {std::move(a), std::move(b)}); }
Expr sub(Expr a, Expr b) { return expr::call(Op::sub, Type::integer, {std::move(a), std::move(b)}); }
Expr times(std::int64_t factor, Expr a) {
  return expr::call(Op::mul, Type::integer, {expr::integer(factor), std::move(a)});
}
Expr ratio(Expr a, Expr b) { return expr::call(Op::div, Type::real, {std::move(a), std::move(b)}); }
/// Rounded to the decimals of a credit.
Expr rounded(Expr a) { return expr::call(Op::as_number, Type::number, {std::move(a)}, kCreditScale); }
Expr whole() { return expr::literal(Decimal(1'000'000'000'000, kCreditScale)); }

expr::Micros days_param(const RelationContext& context, const std::string& name, std::int64_t fallback) {
  const auto found = context.params.find(name);
  return found == context.params.end() ? expr::Micros{fallback * kMicrosPerDay} : std::get<expr::Micros>(found->second);
}

std::string model_param(const RelationContext& context) {
  const auto found = context.params.find("model");
  return found == context.params.end() ? std::string(kDefaultModel) : std::get<std::string>(found->second);
}

/// Of each visitor, the customer that the first of its contacts to name one names: visitor_of, visitor_is.
RelPtr customers_of_visitors(const RelPtr& touches) {
  const RelPtr naming = store::filter(touches, expr::all_of({expr::is_not_null(col(touches, "toucher")),
                                                             expr::is_not_null(col(touches, "visitor_key"))}));
  const RelPtr first = store::first_per_key(naming, {"visitor_key"}, {{"touched_at"}, {"touch_key"}});
  return store::project(first, {{"visitor_of", col(first, "visitor_key")}, {"visitor_is", col(first, "toucher")}});
}

/// Contacts of somebody who is known, as columns that no customer has. One that names nobody is of the customer that
/// its visitor turns out to be.
RelPtr known_touches(const RelationBuilder& build) {
  RelPtr rows = build.events("touchpoints", "occurred_at");
  Expr who = col(rows, "customer_key");
  if (build.context().facts.has_leads) {
    rows = store::join(JoinKind::left, rows, customers_of_leads(build), {{"lead_key", "became_lead"}});
    who = coalesce({who, col(rows, "became")});
  }
  const RelPtr touches = store::project(rows, {{"toucher", who},
                                               {"visitor_key", col(rows, "visitor_key")},
                                               {"touch_key", col(rows, "key")},
                                               {"touched_at", col(rows, "occurred_at")},
                                               {"touch_channel", col(rows, "channel")},
                                               {"medium", col(rows, "medium")},
                                               {"traffic_source", col(rows, "traffic_source")}});
  rows = store::join(JoinKind::left, touches, customers_of_visitors(touches), {{"visitor_key", "visitor_of"}});
  std::vector<store::NamedExpr> columns{{"toucher", coalesce({col(rows, "toucher"), col(rows, "visitor_is")})}};
  for (const char* name : {"touch_key", "touched_at", "touch_channel", "medium", "traffic_source"})
    columns.push_back({name, col(rows, name)});
  rows = store::project(rows, std::move(columns));
  return store::filter(rows, expr::is_not_null(col(rows, "toucher")));
}

Expr is_direct(const RelPtr& grouped) { return is(grouped, model::kChannelGroup, "direct"); }

/// `base` (a row per new customer) with each contact in [acquired_at − window, acquired_at]; touched_at is null in the
/// row of a customer without.
RelPtr candidates(const RelationBuilder& build, const RelPtr& base) {
  const RelationContext& context = build.context();
  const RelPtr grouped = with_channel_group(context, base, "channel");
  // Without a contact: its own channel where that is the direct one, else "unknown".
  const Expr own = when(is_direct(grouped), col(grouped, "channel"), expr::text(std::string(model::kUnknownGroup)));
  const RelPtr placed = kept_beside(base, grouped, {{"own_channel", own}});
  const RelPtr touches = known_touches(build);
  const RelPtr shape = side_by_side(placed, touches);
  const expr::Micros window = days_param(context, "window", kDefaultWindow);
  const Expr recent =
      expr::call(Op::matured, Type::boolean,
                 {col(shape, "acquired_at"), col(shape, "touched_at"), expr::literal(expr::Micros{-window.value})});
  const Expr before = expr::le(col(shape, "touched_at"), col(shape, "acquired_at"));
  return store::join(JoinKind::left, placed, touches, {{"customer_key", "toucher"}}, "",
                     expr::all_of({before, recent}));
}

/// The columns of `base` with the channel of the contact, and `credits` beside them.
RelPtr credited(const RelPtr& rows, const RelPtr& base, std::vector<store::NamedExpr> credits) {
  const Expr is_touch = expr::is_not_null(col(rows, "touched_at"));
  std::vector<store::NamedExpr> more{{"channel", when(is_touch, col(rows, "touch_channel"), col(rows, "own_channel"))}};
  for (const char* name : {"touched_at", "medium", "traffic_source"}) more.push_back({name, col(rows, name)});
  std::ranges::move(credits, std::back_inserter(more));
  return kept_beside(base, rows, std::move(more));
}

bool takes_all(std::string_view model) { return model == "first" || model == "last" || model == kDefaultModel; }

/// Adds `is_direct`: 1 for a contact through the direct channel, which takes the whole only where there is no other.
RelPtr with_direct(const RelationContext& context, const RelPtr& rows) {
  const RelPtr grouped = with_channel_group(context, rows, "touch_channel");
  return store::extend(grouped, {{"is_direct", flag(is_direct(grouped))}});
}

/// One row per customer: the contact that takes the whole.
RelPtr single(const RelationContext& context, const RelPtr& rows, std::string_view model) {
  if (model == "first") return store::first_per_key(rows, {"customer_key"}, {{"touched_at"}, {"touch_key"}});
  if (model == "last") return store::first_per_key(rows, {"customer_key"}, {{"touched_at", true}, {"touch_key", true}});
  return store::first_per_key(with_direct(context, rows), {"customer_key"},
                              {{"is_direct"}, {"touched_at", true}, {"touch_key", true}});
}

/// Adds `choice`: 1 for the contact that the default model gives the whole to.
RelPtr with_last_non_direct(const RelationContext& context, const RelPtr& rows) {
  return store::neighbours(with_direct(context, rows), {"customer_key"},
                           {{"is_direct"}, {"touched_at", true}, {"touch_key", true}},
                           {{"choice", NeighbourFn::row_number, ""}});
}

/// Weights of the first contact, of those between and of the last; the ends' hold for as many contacts as lie between.
struct Position {
  std::int64_t first, between, last;
};

/// 40/20/40 is 2 : 1 : 2 where the 20 is one contact; of n contacts the ends weigh 2(n − 2) each and the others 1.
Expr position_weight(const RelPtr& rows, Position weights) {
  const Expr rank = col(rows, "rank"), touches = col(rows, "touches");
  const Expr between = sub(touches, expr::integer(2));
  const Expr is_first = expr::eq(rank, expr::integer(1)), is_last = expr::eq(rank, touches);
  const Expr two = when(is_first, expr::integer(weights.first), expr::integer(weights.last));
  const Expr more = when(is_first, times(weights.first, between),
                         when(is_last, times(weights.last, between), expr::integer(weights.between)));
  return when(expr::le(touches, expr::integer(1)), expr::integer(1),
              when(expr::eq(touches, expr::integer(2)), two, more));
}

/// 30/30/30 for the first, the middle and the last (of four, the second is the middle), 10 over the rest; up to three
/// share alike.
Expr w_weight(const RelPtr& rows) {
  const Expr rank = col(rows, "rank"), touches = col(rows, "touches");
  const Expr is_middle = expr::call(Op::in, Type::boolean, {times(2, rank), touches, add(touches, expr::integer(1))});
  const Expr stands_out = any_of({expr::eq(rank, expr::integer(1)), expr::eq(rank, touches), is_middle});
  const Expr rest = sub(touches, expr::integer(3));
  return when(expr::le(rest, expr::integer(0)), expr::integer(1), when(stands_out, times(9, rest), expr::integer(3)));
}

/// 2^(−age / half-life), as a decimal; ages are counted from the youngest contact, so that it never fades away.
Expr decay_weight(const RelPtr& rows, expr::Micros half_life) {
  const Expr older = sub(col(rows, "touch_age"), col(rows, "least_age"));
  const Expr exponent = ratio(real(sub(expr::integer(0), older)), expr::literal(static_cast<double>(half_life.value)));
  return rounded(expr::call(Op::exp2, Type::real, {exponent}));
}

Expr weight_of(const RelPtr& rows, std::string_view model, expr::Micros half_life) {
  if (model == "first") return flag(expr::eq(col(rows, "rank"), expr::integer(1)));
  if (model == "last") return flag(expr::eq(col(rows, "rank"), col(rows, "touches")));
  if (model == kDefaultModel) return flag(expr::eq(col(rows, "choice"), expr::integer(1)));
  if (model == "time_decay") return decay_weight(rows, half_life);
  if (model == "position_u") return position_weight(rows, {2, 1, 2});
  if (model == "position_w") return w_weight(rows);
  if (model == "position_j") return position_weight(rows, {1, 1, 3});
  if (model == "position_inverse_j") return position_weight(rows, {3, 1, 1});
  return expr::integer(1);  // linear
}

/// Adds the place of each contact among those of its customer, from the oldest, and their number.
RelPtr ranked(const RelPtr& rows) {
  const Expr age = duration(col(rows, "touched_at"), col(rows, "acquired_at"));
  const RelPtr counted = store::extend(rows, {{"one", expr::integer(1)}, {"touch_age", age}});
  return store::neighbours(counted, {"customer_key"}, {{"touched_at"}, {"touch_key"}},
                           {{"rank", NeighbourFn::row_number, ""},
                            {"touches", NeighbourFn::total, "one"},
                            {"least_age", NeighbourFn::least, "touch_age"}});
}

/// Replaces each weight by credits: those of a customer's contacts, 1 in all, exactly. All models in the same two
/// passes.
RelPtr with_credits(const RelPtr& rows, const std::vector<store::NamedExpr>& weights) {
  std::vector<store::NamedExpr> weighed, shared, credited;
  std::vector<store::NeighbourColumn> all_weights, all_shares;
  for (const store::NamedExpr& one : weights) {
    // Without a contact, one row that takes all.
    weighed.push_back({one.name + ".weight", coalesce({one.value, expr::integer(1)})});
    all_weights.push_back({one.name + ".weights", NeighbourFn::total, one.name + ".weight"});
    all_shares.push_back({one.name + ".shares", NeighbourFn::total, one.name + ".share"});
  }
  RelPtr out =
      store::neighbours(store::extend(rows, std::move(weighed)), {"customer_key"}, {{"rank"}}, std::move(all_weights));
  for (const store::NamedExpr& one : weights)
    shared.push_back({one.name + ".share",
                      rounded(ratio(real(col(out, one.name + ".weight")), real(col(out, one.name + ".weights"))))});
  out = store::neighbours(store::extend(out, std::move(shared)), {"customer_key"}, {{"rank"}}, std::move(all_shares));
  const auto number = [](Op op, Expr a, Expr b) {
    return expr::call(op, Type::number, {std::move(a), std::move(b)}, kCreditScale);
  };
  const Expr is_last = expr::eq(col(out, "rank"), col(out, "touches"));
  for (const store::NamedExpr& one : weights) {
    const Expr share = col(out, one.name + ".share"), rest = number(Op::sub, whole(), col(out, one.name + ".shares"));
    credited.push_back({one.name, when(is_last, number(Op::add, share, rest), share)});
  }
  return store::extend(out, std::move(credited));
}

/// Where nobody's contacts are known, the whole of each customer is its own channel's.
RelPtr by_own_channel(const RelPtr& base, std::vector<store::NamedExpr> credits) {
  std::vector<store::NamedExpr> more{
      {"channel", coalesce({col(base, "channel"), expr::text(std::string(model::kUnknownGroup))})},
      {"touched_at", expr::null_of(Type::instant)}};
  for (const char* name : {"medium", "traffic_source"}) more.push_back({name, expr::null_of(Type::text)});
  std::ranges::move(credits, std::back_inserter(more));
  return kept_beside(base, base, std::move(more));
}

/// `base` by the contacts that have credit under the question's model, with `credit`.
RelPtr attributed(const RelationBuilder& build, const RelPtr& base) {
  const RelationContext& context = build.context();
  if (!context.knows_touches()) return by_own_channel(base, {{"credit", whole()}});
  const std::string model = model_param(context);
  const RelPtr rows = candidates(build, base);
  if (takes_all(model)) return credited(single(context, rows, model), base, {{"credit", whole()}});
  const RelPtr placed = ranked(rows);
  const RelPtr shared =
      with_credits(placed, {{"credit", weight_of(placed, model, days_param(context, "half_life", kDefaultHalfLife))}});
  const RelPtr some = store::filter(shared, expr::gt(col(shared, "credit"), expr::literal(Decimal(0, kCreditScale))));
  return credited(some, base, {{"credit", col(some, "credit")}});
}

/// Whether the row's channel is one that money was ever spent on.
RelPtr with_paid(const RelationBuilder& build, const RelPtr& rows) {
  const RelPtr spent = build.rows_before_as_of("channel_spend");
  const RelPtr some = store::filter(spent, expr::all_of({expr::gt(col(spent, "spend"), expr::literal(Decimal(0, 6))),
                                                         expr::is_not_null(col(spent, "channel"))}));
  const RelPtr paid = store::aggregate(some, {{"paid_channel", col(some, "channel")}}, {});
  const RelPtr joined = store::join(JoinKind::left, rows, paid, {{"channel", "paid_channel"}});
  return kept_beside(rows, joined, {{"paid", expr::is_not_null(col(joined, "paid_channel"))}});
}

constexpr std::string_view kAmounts[] = {"revenue", "margin", "revenue_first_year", "margin_first_year"};

Expr share_of(const RelPtr& rows, std::string_view amount, std::string_view credit) {
  const Expr whole_amount = col(rows, amount);
  return expr::call(Op::mul, Type::money, {whole_amount, col(rows, credit)}, whole_amount->scale + kCreditScale);
}

}  // namespace

Result<RelPtr> credits(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr came, acquisitions(context));
  return with_paid(build, attributed(build, came));
}

Result<RelPtr> credited_value(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr base, customer_value(context));
  RelPtr rows = attributed(build, base);
  if (!context.knows_touches()) return rows;
  std::vector<store::NamedExpr> shares;
  for (const std::string_view amount : kAmounts)
    shares.push_back({std::string(amount), share_of(rows, amount, "credit")});
  return kept_beside(rows, rows, std::move(shares));
}

Result<RelPtr> model_credits(const RelationContext& context) {
  static constexpr std::string_view kModels[] = {"first",      "last",       "last_non_direct",
                                                 "linear",     "time_decay", "position_u",
                                                 "position_w", "position_j", "position_inverse_j"};
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr base, customer_value(context));
  const auto credit = [](std::string_view model) { return "credit_" + std::string(model); };
  std::vector<store::NamedExpr> credits;
  RelPtr rows;
  if (!context.knows_touches()) {
    for (const std::string_view model : kModels) credits.push_back({credit(model), whole()});
    rows = by_own_channel(base, std::move(credits));
  } else {
    rows = with_last_non_direct(context, ranked(candidates(build, base)));
    const expr::Micros half_life = days_param(context, "half_life", kDefaultHalfLife);
    std::vector<store::NamedExpr> weights;
    for (const std::string_view model : kModels) weights.push_back({credit(model), weight_of(rows, model, half_life)});
    rows = with_credits(rows, weights);
    for (const std::string_view model : kModels) credits.push_back({credit(model), col(rows, credit(model))});
    rows = credited(rows, base, std::move(credits));
  }
  std::vector<store::NamedExpr> margins;
  for (const std::string_view model : kModels)
    margins.push_back({"margin_" + std::string(model), share_of(rows, "margin_first_year", credit(model))});
  return store::extend(rows, std::move(margins));
}

}  // namespace vigie::plan
