#pragma once
#include "plan/relations.h"
#include "plan/terms.h"

namespace vigie::plan {

/// What the builders of relations share: scans of canonical tables as they stand at as_of.
class RelationBuilder {
 public:
  explicit RelationBuilder(const RelationContext& context) : context_(context) {}

  const RelationContext& context() const { return context_; }
  /// A canonical table with its amounts in the currency of the answer.
  store::RelPtr table(std::string_view name) const;
  store::RelPtr history(std::string_view name) const;  ///< its versions: store::history_scan, amounts as in `table`
  /// Rows of a table whose `time` column lies before as_of, and before their deletion.
  store::RelPtr events(std::string_view name, std::string_view time) const;
  /// A canonical table as it is, without the rows whose own time lies at or after as_of.
  store::RelPtr rows_before_as_of(std::string_view name) const;
  /// The condition, and that the row of that table was not deleted at t: a deleted row leaves states from then on.
  expr::Expr if_there(std::string_view table, const store::RelPtr& rows, const expr::Expr& t,
                      expr::Expr condition) const;
  /// What is dated at (an instant or a day) from the deletion of its row on did not happen: the rows dated before it
  /// (or not at all); the condition, and that it is dated before.
  store::RelPtr before_deletion(std::string_view table, store::RelPtr rows, const expr::Expr& at) const;
  expr::Expr if_before_deletion(std::string_view table, const store::RelPtr& rows, const expr::Expr& at,
                                expr::Expr condition) const;
  /// Where a state ends (an instant or a day; null: not yet): with its row at the latest.
  expr::Expr ended_or_deleted(std::string_view table, const store::RelPtr& rows, expr::Expr ended) const;
  /// Was the row deleted before as_of?
  expr::Expr gone(std::string_view table, const store::RelPtr& rows) const;
  /// An instant of the reporting zone from its µs, of one that no facets are stored of: a deletion, an end of a
  /// version. What lies after as_of is put on the clock of as_of.
  expr::Expr on_clock(const expr::Expr& micros) const;
  expr::Expr as_of() const { return expr::literal(context_.as_of); }
  expr::Expr param(std::string_view name) const;  ///< asserts that the question carries it
  /// One row per period: period_id, opens_at, closes_at and ends_at (instants): the last two are one moment, ends_at as
  /// an end of ages (seen_until), and last_day is the last day of which anything is seen. whole_to is the day after the
  /// last of the whole period, where as_of or the range asked cuts it.
  store::RelPtr periods() const;
  /// Every row of `input` with every period for which the condition holds; adds period_id, opens_at, closes_at.
  using OfPeriod = std::function<expr::Expr(const store::RelPtr&)>;  ///< of a row beside a period
  store::RelPtr in_periods(store::RelPtr input, const OfPeriod& condition) const;
  /// The same where the condition begins with two comparisons (< ≤ > ≥) of the row with the period: the work grows with
  /// what comes out, not with the number of periods.
  store::RelPtr inside_periods(store::RelPtr input, const OfPeriod& condition) const;
  /// A tree that several parts of a relation read: made by the first that asks for it. A function that is given nothing
  /// but the builder makes the same of it each time, so it names the tree.
  using Made = store::RelPtr (*)(const RelationBuilder&);
  store::RelPtr once(Made make) const;

 private:
  const RelationContext& context_;
  mutable std::map<Made, store::RelPtr> made_;
};

/// The state just before t of something that began at `started` and ended at `ended` (null: still there):
/// started < t and (ended is null or ended >= t).
expr::Expr covers(expr::Expr started, expr::Expr ended, expr::Expr t);

/// Appends the attributes that maps added (x_NAME) of `rel`, those aside that `columns` has by that name; read from
/// "<prefix>x_NAME".
void keep_attributes(const store::RelPtr& rel, std::vector<store::NamedExpr>& columns, std::string_view prefix = "");
/// Subscriptions begun before as_of, in stretches that are paid or trials (trials.h): customer_key, subscription (over
/// its priced periods), plan_key, started_at, ended_at, is_trial_stretch, owed (in the document's currency), mrr (empty
/// without a rate), past_due_since, renews_on, channel, owner_key.
store::RelPtr subscription_stretches(const RelationBuilder& build);
/// Those that are paid, from when they are: no trials, nothing free (an amount of 0; one that is not known is not).
store::RelPtr paid_subscriptions(const RelationBuilder& build);
/// Customers under contract (contract_of): whoever pays a subscription, and whom its own row calls so.
store::RelPtr contract_customers(const RelationBuilder& build);
/// Adds `relation`, contract or purchase, of the row's customer_key: never both.
store::RelPtr with_relation(const RelationBuilder& build, store::RelPtr rows);
/// A past-due subscription is active for so many days, then its customer has left: state just before t.
expr::Expr not_too_long_past_due(const RelationContext& context, const store::RelPtr& rows, const expr::Expr& t);

/// Days whose new customers may be old ones: the first H days of the data of sources that are not known to be whole.
/// Where others are, they tell who was new before `from`; else what lies before is as doubtful. Empty: all sources are
/// whole.
struct Truncated {
  std::optional<Date> from;
  Date until;
};
std::optional<Truncated> truncated_days(const RelationContext& context);
/// The group that each answer to an NPS question puts its customer in (nps_group of the customer group_of), from the
/// answer (group_from) to the customer's next one (group_to; null: none yet).
store::RelPtr nps_groups(const RelationBuilder& build);

// The relations, by what they are about. Each asserts nothing about the data: an absent table is an empty one.
Result<store::RelPtr> sales(const RelationContext& context);
Result<store::RelPtr> documents(const RelationContext& context);
Result<store::RelPtr> refunds(const RelationContext& context);
Result<store::RelPtr> sale_lines(const RelationContext& context);
Result<store::RelPtr> acquisitions(const RelationContext& context);
Result<store::RelPtr> customer_periods(const RelationContext& context);
Result<store::RelPtr> discounted_value(const RelationContext& context);
Result<store::RelPtr> known_customers(const RelationContext& context);
Result<store::RelPtr> customer_lives(const RelationContext& context);
Result<store::RelPtr> trials(const RelationContext& context);
Result<store::RelPtr> subscription_periods(const RelationContext& context);
Result<store::RelPtr> subscription_lives(const RelationContext& context);
Result<store::RelPtr> deals(const RelationContext& context);
Result<store::RelPtr> prospects(const RelationContext& context);
Result<store::RelPtr> deal_periods(const RelationContext& context);
Result<store::RelPtr> open_deals(const RelationContext& context);
Result<store::RelPtr> stays(const RelationContext& context);
Result<store::RelPtr> stage_passages(const RelationContext& context);
Result<store::RelPtr> spend(const RelationContext& context);
Result<store::RelPtr> costs(const RelationContext& context);
Result<store::RelPtr> survey_answers(const RelationContext& context);
Result<store::RelPtr> latest_answers(const RelationContext& context);
Result<store::RelPtr> account_answers(const RelationContext& context);
Result<store::RelPtr> questionnaires(const RelationContext& context);
Result<store::RelPtr> ratings(const RelationContext& context);
Result<store::RelPtr> cohort_activity(const RelationContext& context);
Result<store::RelPtr> cohort_last(const RelationContext& context);
Result<store::RelPtr> baskets(const RelationContext& context);
Result<store::RelPtr> basket_gains(const RelationContext& context);
Result<store::RelPtr> category_purchases(const RelationContext& context);
Result<store::RelPtr> category_pairs(const RelationContext& context);
Result<store::RelPtr> category_baskets(const RelationContext& context);
Result<store::RelPtr> repeat_sales(const RelationContext& context);
Result<store::RelPtr> tagged_deals(const RelationContext& context);
Result<store::RelPtr> tagged_sales(const RelationContext& context);
Result<store::RelPtr> tag_strata(const RelationContext& context);
Result<store::RelPtr> repeat_buyers(const RelationContext& context);
Result<store::RelPtr> sale_margins(const RelationContext& context);
Result<store::RelPtr> refund_margins(const RelationContext& context);
Result<store::RelPtr> customer_value(const RelationContext& context);
Result<store::RelPtr> staff(const RelationContext& context);
Result<store::RelPtr> channel_costs(const RelationContext& context);
Result<store::RelPtr> credits(const RelationContext& context);
Result<store::RelPtr> credited_value(const RelationContext& context);
Result<store::RelPtr> model_credits(const RelationContext& context);
Result<store::RelPtr> staff_moves(const RelationContext& context);
Result<store::RelPtr> staff_periods(const RelationContext& context);

using BuildRelation = Result<store::RelPtr> (*)(const RelationContext&);
struct RelationEntry {
  std::string_view name;
  BuildRelation build;
  bool periodic = false;
  std::vector<std::string> tables;  ///< "<sale>" stands for the table of the sale event
  std::string_view moment = {};     ///< of a periodic relation whose rows are events: their instant, else its opening
  bool by_paths = false;            ///< built for the paths and the rows that its context names
};
/// One table of all relations; each builders' file contributes its part.
const std::vector<RelationEntry>& relation_entries();

}  // namespace vigie::plan
