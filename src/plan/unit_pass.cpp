#include "plan/unit_pass.h"

#include <utility>

#include "plan/measure_columns.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr const char *kUnit = "unit", *kMet = "met", *kUnits = "units", *kSet = "in_set", *kSpan = "span",
                     *kBits = "bits", *kTrack = "track";

std::string group(std::size_t number) { return fmt::format("g{}", number); }
std::string value_of(std::size_t member) { return fmt::format("v{}", member); }
std::string where_of(std::size_t member) { return fmt::format("w{}", member); }
std::string met_by(std::size_t member) { return fmt::format("met{}", member); }
std::string measured(std::size_t member) { return fmt::format("m{}", member); }

store::NamedExpr same(const RelPtr& rel, const std::string& name) { return {name, col(rel, name)}; }

std::vector<store::NamedExpr> groups(const RelPtr& rel, std::size_t count) {
  std::vector<store::NamedExpr> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(same(rel, group(i)));
  return out;
}

Expr shares_a_bit(const std::string& met) {
  return expr::call(expr::Op::any_bit, expr::Type::boolean,
                    {expr::column(met, expr::Type::integer), expr::column(kBits, expr::Type::integer)});
}

}  // namespace

UnitPass::UnitPass(std::vector<const MeasureSpec*> members, const calendar::Calendar& calendar)
    : members_(std::move(members)), calendar_(calendar) {
  std::vector<Span> split_spans, total_spans;
  for (const MeasureSpec* member : members_)
    collect(member->split_spans, split_spans), collect(member->total_spans, total_spans);
  totals_are_splits_ = first().splits.empty();
  if (totals_are_splits_) collect(std::exchange(total_spans, {}), split_spans);
  collect(split_spans, spans_);
  collect(total_spans, spans_);
  const std::size_t most = squares() ? 1 : SpanSet::kMost;
  tracks_ = tracks_of(std::move(split_spans), most);
  split_tracks_ = tracks_.size();
  std::ranges::move(tracks_of(std::move(total_spans), most), std::back_inserter(tracks_));
}

RelPtr UnitPass::plan() const {
  const RelPtr read = rows();
  std::vector<RelPtr> all;
  for (std::size_t track = 0; track < tracks_.size(); ++track) all.push_back(counted(read, track));
  return store::union_all(std::move(all));
}

/// What is needed of each row: its groups, its unit, its set and segment on each track, and of each measure what is
/// summed and whether the row counts.
RelPtr UnitPass::rows() const {
  const Segments reach(spans_);
  std::vector<std::string> names = first().axes;
  names.insert(names.end(), first().splits.begin(), first().splits.end());
  std::vector<store::NamedExpr> columns = group_columns(first(), names);
  columns.push_back({std::string(kDay), day_of(first())});
  columns.push_back({std::string(kLate), late_half(first(), spans_, calendar_)});
  columns.push_back({kUnit, squares() ? col(first().rel, first().measure->per) : first().value});
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (squares()) columns.push_back({value_of(i), members_[i]->value});
    if (members_[i]->where) columns.push_back({where_of(i), members_[i]->where});
  }
  const RelPtr near = store::project(between_days(first(), reach.first_day(), reach.last_day()), std::move(columns));
  const RelPtr placed = on_days(near, track_table(tracks_));
  std::vector<store::NamedExpr> kept;
  for (const store::Column& column : placed->columns)
    if (column.name != kDay && column.name != kLate && column.name != "day" && column.name != "half")
      kept.push_back(same(placed, column.name));
  return store::shared(store::project(placed, std::move(kept)));
}

/// track, span, the groups (of totals the axes alone, the rest empty), what each measure amounts to.
RelPtr UnitPass::counted(const RelPtr& rows, std::size_t track) const {
  const RelPtr inside = store::filter(rows, expr::is_not_null(col(rows, set_column(track))));
  const RelPtr taken = squares() ? squared(inside, track) : distinct(inside, track);
  std::vector<store::NamedExpr> columns{{kTrack, expr::integer(static_cast<std::int64_t>(track))}};
  columns.push_back(same(taken, kSet));
  columns.push_back(same(taken, kSpan));
  for (std::size_t i = 0; i < width(); ++i)
    columns.push_back(i < groups_of(track) ? same(taken, group(i))
                                           : store::NamedExpr{group(i), expr::null_of(col(rows, group(i))->type)});
  for (std::size_t i = 0; i < members_.size(); ++i) columns.push_back(same(taken, measured(i)));
  return store::project(taken, std::move(columns));
}

RelPtr UnitPass::distinct(const RelPtr& inside, std::size_t track) const {
  // Of each unit where it is met at all, so that a group is known though nothing counts in it, and where each measure
  // counts it. A row without a unit counts nowhere.
  std::vector<store::NamedExpr> by_unit = groups(inside, groups_of(track));
  by_unit.push_back({kSet, col(inside, set_column(track))});
  by_unit.push_back(same(inside, kUnit));
  const Expr bit = col(inside, bit_column(track));
  std::vector<store::AggregateColumn> met{{kMet, AggregateFn::any_bits, bit, nullptr}};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    std::vector<Expr> counts{expr::is_not_null(col(inside, kUnit))};
    if (members_[i]->where) counts.push_back(col(inside, where_of(i)));
    met.push_back({met_by(i), AggregateFn::any_bits, bit, expr::all_of(std::move(counts))});
  }
  const RelPtr units = store::aggregate(inside, std::move(by_unit), std::move(met));

  std::vector<store::NamedExpr> alike = groups(units, groups_of(track));
  for (const char* name : {kSet, kMet}) alike.push_back(same(units, name));
  for (std::size_t i = 0; i < members_.size(); ++i) alike.push_back(same(units, met_by(i)));
  const RelPtr patterns = store::aggregate(units, std::move(alike), {{kUnits, AggregateFn::count, nullptr, nullptr}});

  const RelPtr spans =
      store::join(store::JoinKind::inner, patterns, spans_of(track), {{kSet, "of_set"}}, "", shares_a_bit(kMet));
  std::vector<store::NamedExpr> by_span = groups(spans, groups_of(track));
  for (const char* name : {kSet, kSpan}) by_span.push_back(same(spans, name));
  std::vector<store::AggregateColumn> counts;
  for (std::size_t i = 0; i < members_.size(); ++i)
    counts.push_back({measured(i), AggregateFn::sum, col(spans, kUnits), shares_a_bit(met_by(i))});
  return store::aggregate(spans, std::move(by_span), std::move(counts));
}

RelPtr UnitPass::squared(const RelPtr& inside, std::size_t track) const {
  std::vector<store::NamedExpr> by_unit = groups(inside, groups_of(track));
  by_unit.push_back({kSet, col(inside, set_column(track))});
  by_unit.push_back(same(inside, kUnit));
  std::vector<store::AggregateColumn> sums;
  for (std::size_t i = 0; i < members_.size(); ++i)
    sums.push_back({measured(i), AggregateFn::sum, col(inside, value_of(i)),
                    members_[i]->where ? col(inside, where_of(i)) : nullptr});
  const RelPtr units = store::aggregate(inside, std::move(by_unit), std::move(sums));

  std::vector<store::NamedExpr> by_set = groups(units, groups_of(track));
  by_set.push_back(same(units, kSet));
  std::vector<store::AggregateColumn> squares;
  for (std::size_t i = 0; i < members_.size(); ++i)
    squares.push_back({measured(i), AggregateFn::sum_squares, col(units, measured(i)), nullptr});
  const RelPtr sets = store::aggregate(units, std::move(by_set), std::move(squares));
  return store::join(store::JoinKind::inner, sets, spans_of(track), {{kSet, "of_set"}});
}

/// The spans of a track: the set of each, its number in it, its bits.
RelPtr UnitPass::spans_of(std::size_t track) const {
  std::vector<std::vector<expr::Literal>> rows;
  for (std::size_t set = 0; set < tracks_[track].size(); ++set) {
    const SpanSet& spans = tracks_[track][set];
    for (std::size_t i = 0; i < spans.spans().size(); ++i)
      rows.push_back({static_cast<std::int64_t>(set), static_cast<std::int64_t>(i), spans.bits(spans.spans()[i])});
  }
  return store::values({{"of_set", expr::Type::integer}, {kSpan, expr::Type::integer}, {kBits, expr::Type::integer}},
                       std::move(rows));
}

void UnitPass::read(const store::ResultSet& rows, const std::vector<MeasureValues*>& into) const {
  constexpr std::size_t kFirstGroup = 3;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto number = [&](std::size_t column) { return static_cast<std::size_t>(rows.int64(row, column)); };
    const std::size_t track = number(0);
    const Span& span = tracks_[track][number(1)].spans()[number(2)];
    const Key key = key_of(rows, row, kFirstGroup, groups_of(track));
    for (std::size_t i = 0; i < members_.size(); ++i) {
      Parts& parts = (is_total(track) ? into[i]->total_values : into[i]->split_values)[span][key];
      const std::size_t column = kFirstGroup + width() + i;
      // Squares of nothing are 0, as counts are.
      if (!rows.is_null(row, column)) parts.number = rows.decimal(row, column);
      parts.null = false;
    }
  }
  if (!totals_are_splits_) return;
  for (std::size_t i = 0; i < members_.size(); ++i)
    for (const Span& span : members_[i]->total_spans)
      if (const MeasureValues::ByKey* found = into[i]->of(span)) into[i]->total_values[span] = *found;
}

}  // namespace vigie::plan
