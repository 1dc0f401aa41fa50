#include "plan/measures.h"

#include <chrono>
#include <utility>

#include "base/threads.h"
#include "plan/measure_columns.h"
#include "plan/relations.h"
#include "plan/tree_names.h"
#include "plan/unit_pass.h"
#include "store/print_rel.h"

namespace vigie::plan {
namespace {

using catalog::Measure;

constexpr std::string_view kSegment = "segment";

bool is_additive(AggregateFn fn) {
  return fn == AggregateFn::count || fn == AggregateFn::sum || fn == AggregateFn::sum_squares;
}

Result<> add_to(Parts& into, AggregateFn fn, const Decimal& value, bool null) {
  if (null) {
    if (is_additive(fn)) into.null = false;
    return {};
  }
  if (into.null) {
    into.number = value;
    into.null = false;
    return {};
  }
  if (fn == AggregateFn::min) into.number = std::min(into.number, value);
  else if (fn == AggregateFn::max || fn == AggregateFn::max_abs) into.number = std::max(into.number, value);
  else {
    VIGIE_TRY(into.number, into.number.plus(value));
  }
  return {};
}

/// The totals of a measure from its values by axes and splits.
Result<> add_splits(MeasureValues& values, AggregateFn fn, std::size_t axes) {
  for (const auto& [span, keys] : values.split_values)
    for (const auto& [key, parts] : keys) {
      const Key whole(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(axes));
      VIGIE_CHECK(add_to(values.total_values[span][whole], fn, parts.number, parts.null));
    }
  return {};
}

using BySpan = std::map<Span, MeasureValues::ByKey>;

/// Each half of a day of the segments, with the number of its segment: the days become segments in the engine, so that
/// what travels is as small as the answer.
RelPtr days_of(const Segments& segments) {
  std::vector<std::vector<expr::Literal>> rows;
  for (Date day = segments.first_day(); day <= segments.last_day(); day = day + 1)
    for (const bool late : {false, true}) {
      if (late && segments.cut() == 0) continue;
      if (const auto at = segments.at(day, late)) rows.push_back({day, late, static_cast<std::int64_t>(*at)});
    }
  return store::values({{"day", Type::date}, {"half", Type::boolean}, {std::string(kSegment), Type::integer}},
                       std::move(rows));
}

/// What a measure amounts to in a segment.
struct Amount {
  AggregateFn fn;
  Decimal number;
  bool null;
};

/// Adds it to every span that was asked for and holds the segment.
Result<> add_segment(const Segments& segments, std::size_t segment, const std::vector<Span>& asked, const Key& key,
                     const Amount& amount, BySpan& into) {
  for (const Span& span : asked) {
    if (span.empty()) continue;
    const auto [from, to] = segments.of(span);
    if (segment >= from && segment < to) VIGIE_CHECK(add_to(into[span][key], amount.fn, amount.number, amount.null));
  }
  return {};
}

/// The bins of a histogram over the periods of a relation: `width` columns of groups, the period, value, outcome,
/// count.
void read_bins(const store::ResultSet& rows, std::size_t width, const std::vector<Span>& periods, BySpan& into) {
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Span& span = periods[static_cast<std::size_t>(rows.int64(row, width))];
    Parts& parts = into[span][key_of(rows, row, 0, width)];
    parts.null = false;
    parts.bins.push_back(
        {rows.decimal(row, width + 1), static_cast<int>(rows.int64(row, width + 2)), rows.int64(row, width + 3)});
  }
  for (auto& [span, keys] : into)
    for (auto& [key, parts] : keys)
      std::ranges::sort(parts.bins, [](const Bin& a, const Bin& b) {
        return std::pair(a.value, a.outcome) < std::pair(b.value, b.outcome);
      });
}

store::AggregateColumn aggregate_of(const MeasureSpec& spec, std::size_t index) {
  const std::string name = fmt::format("m{}", index);
  const AggregateFn fn = spec.measure->fn;
  if (!store::find_column(spec.rel, kStandsFor)) return {name, fn, spec.value, spec.where};
  // A row that stands for several counts as many.
  const Expr times = col(spec.rel, kStandsFor);
  if (fn == AggregateFn::count) {
    std::vector<Expr> conditions;
    if (spec.value) conditions.push_back(expr::is_not_null(spec.value));
    if (spec.where) conditions.push_back(spec.where);
    return {name, AggregateFn::sum, times, conditions.empty() ? nullptr : expr::all_of(std::move(conditions))};
  }
  if (fn == AggregateFn::sum)
    return {name, fn, expr::call(expr::Op::mul, spec.value->type, {spec.value, times}, spec.value->scale), spec.where};
  return {name, fn, spec.value, spec.where};
}

/// Specs that can share one pass: same relation, time, grouping, and unit of what is counted by units.
std::string identity(const std::string& rel, const MeasureSpec& spec) {
  std::string id = rel + "|" + spec.at + "|" + std::to_string(spec.axes.size());
  for (const std::string& group : all_groups(spec)) id += "|" + group;
  if (!spec.measure->per.empty()) id += "|per " + spec.measure->per;
  else if (spec.measure->fn == AggregateFn::count_distinct) id += "|distinct " + expr::to_text(spec.value);
  return id;
}

/// Of each spec. Relations are printed once each, on as many threads as the engine has lanes: those of a board take a
/// twentieth of its time.
std::vector<std::string> identities(store::Engine& engine, const std::vector<MeasureSpec>& specs) {
  constexpr std::size_t kWorthAThread = 8;
  std::map<const store::Rel*, std::string> printed;
  std::vector<std::pair<RelPtr, std::string*>> rels;
  for (const MeasureSpec& spec : specs)
    if (const auto [place, fresh] = printed.try_emplace(spec.rel.get()); fresh)
      rels.emplace_back(spec.rel, &place->second);
  const std::size_t threads = std::min(engine.lanes().size(), rels.size() / kWorthAThread + 1);
  const auto print = [&](std::size_t first) {
    for (std::size_t i = first; i < rels.size(); i += threads) *rels[i].second = engine.sql(rels[i].first);
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(kWhereItCan, print, i));
  print(0);
  for (auto& other : others) other.get();
  std::vector<std::string> out;
  for (const MeasureSpec& spec : specs) out.push_back(identity(printed.at(spec.rel.get()), spec));
  return out;
}

/// Do two that share a pass come to the same, wherever both are asked for?
bool are_alike(const MeasureSpec& a, const MeasureSpec& b) {
  const auto same = [](const Expr& one, const Expr& other) {
    return one && other ? expr::same(one, other) : !one && !other;
  };
  return a.measure->fn == b.measure->fn && a.measure->form == b.measure->form && a.measure->per == b.measure->per &&
         same(a.value, b.value) && same(a.where, b.where) && same(a.outcome, b.outcome) &&
         a.period_spans == b.period_spans;
}

/// In order, each once: a span asked twice (a period that is also what another is compared with) must not be added
/// twice.
void add_spans(const std::vector<Span>& more, std::vector<Span>& spans) {
  spans.insert(spans.end(), more.begin(), more.end());
  std::ranges::sort(spans);
  const auto rest = std::ranges::unique(spans);
  spans.erase(rest.begin(), rest.end());
}

}  // namespace

const Parts* MeasureValues::find(const Span& span, const Key& key) const {
  const ByKey* keys = of(span);
  if (!keys) return nullptr;
  const auto found = keys->find(key);
  return found == keys->end() ? nullptr : &found->second;
}
const MeasureValues::ByKey* MeasureValues::of(const Span& span) const {
  const auto found = split_values.find(span);
  return found == split_values.end() ? nullptr : &found->second;
}
const Parts* MeasureValues::find_total(const Span& span, const Key& axes) const {
  const ByKey* keys = totals_of(span);
  if (!keys) return nullptr;
  const auto found = keys->find(axes);
  return found == keys->end() ? nullptr : &found->second;
}
const MeasureValues::ByKey* MeasureValues::totals_of(const Span& span) const {
  const auto found = total_values.find(span);
  return found == total_values.end() ? nullptr : &found->second;
}

std::size_t MeasureRun::add(MeasureSpec spec) {
  for (std::vector<Span>* spans : {&spec.split_spans, &spec.total_spans}) add_spans({}, *spans);
  // A relation may know more decimals of an amount than it declares; sums of squares round by them.
  if (spec.value && spec.value->op == expr::Op::column) spec.value = col(spec.rel, spec.value->name);
  specs_.push_back(std::move(spec));
  values_.emplace_back();
  return specs_.size() - 1;
}

std::size_t MeasureRun::add_rows(RelPtr query) {
  std::string text = engine_.sql(query);
  const auto known = std::ranges::find(row_queries_, text, &std::pair<std::string, RelPtr>::first);
  if (known != row_queries_.end()) return static_cast<std::size_t>(known - row_queries_.begin());
  row_queries_.emplace_back(std::move(text), std::move(query));
  rows_.emplace_back();
  return rows_.size() - 1;
}

Result<store::ResultSet> MeasureRun::query(const RelPtr& plan) {
  const auto start = std::chrono::steady_clock::now();
  VIGIE_TRY(store::ResultSet rows, scratch_ ? scratch_->query(plan, limits_) : engine_.query(plan, limits_));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  queries_.push_back({scratch_ ? scratch_->sql(plan) : engine_.sql(plan), took.count(), rows.rows()});
  return rows;
}

Result<> MeasureRun::run() {
  std::map<std::string, std::vector<std::size_t>> additive, by_unit, periodic;
  std::vector<std::size_t> histograms;
  const std::vector<std::string> ids = identities(engine_, specs_);
  // KPIs that rest on the same measure ask for it once each: it is computed once, over the spans of all of them.
  std::vector<std::pair<std::size_t, std::size_t>> copies;  // of which
  const auto place = [&](std::size_t i, std::vector<std::size_t>& members) {
    const auto known = std::ranges::find_if(
        members, [&](std::size_t m) { return ids[m] == ids[i] && are_alike(specs_[m], specs_[i]); });
    if (known == members.end()) return members.push_back(i);
    add_spans(specs_[i].split_spans, specs_[*known].split_spans);
    add_spans(specs_[i].total_spans, specs_[*known].total_spans);
    copies.emplace_back(i, *known);
  };
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const MeasureSpec& spec = specs_[i];
    if (spec.at.empty()) place(i, periodic[ids[i]]);
    else if (spec.measure->form == Measure::Form::histogram) place(i, histograms);
    else if (spec.measure->fn == AggregateFn::count_distinct || !spec.measure->per.empty()) place(i, by_unit[ids[i]]);
    else place(i, additive[ids[i]]);
  }
  std::vector<Group> groups;
  for (const auto& [id, members] : additive) groups.push_back({&MeasureRun::run_additive, members, {}});
  for (const auto& [id, members] : by_unit) groups.push_back({&MeasureRun::run_units, members, {}});
  for (const auto& [id, members] : periodic) groups.push_back({&MeasureRun::run_periodic, members, {}});
  for (const std::size_t member : histograms) groups.push_back({&MeasureRun::run_histogram, {member}, {}});
  VIGIE_CHECK(run_groups(groups));
  for (const auto& [copy, of] : copies) values_[copy] = values_[of];
  return {};
}

Result<> MeasureRun::run_additive(const std::vector<std::size_t>& members) {
  std::vector<Span> spans;
  for (const std::size_t m : members) collect(specs_[m].split_spans, spans), collect(specs_[m].total_spans, spans);
  if (spans.empty()) return {};
  const Segments segments(spans);
  const MeasureSpec& first = specs_[members.front()];

  std::vector<store::NamedExpr> groups = group_columns(first, all_groups(first));
  const std::size_t width = groups.size();
  groups.push_back({std::string(kDay), day_of(first)});
  groups.push_back({std::string(kLate), late_half(first, spans, calendar_)});
  std::vector<store::AggregateColumn> aggregates;
  for (std::size_t i = 0; i < members.size(); ++i) aggregates.push_back(aggregate_of(specs_[members[i]], i));
  const RelPtr daily =
      store::aggregate(between_days(first, segments.first_day(), segments.last_day()), groups, aggregates);

  const RelPtr joined = on_days(daily, days_of(segments));
  std::vector<store::NamedExpr> outer;
  for (std::size_t i = 0; i < width; ++i) outer.push_back({fmt::format("g{}", i), col(joined, fmt::format("g{}", i))});
  outer.push_back({std::string(kSegment), col(joined, kSegment)});
  std::vector<store::AggregateColumn> sums;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const AggregateFn fn = specs_[members[i]].measure->fn;
    const std::string name = fmt::format("m{}", i);
    sums.push_back({name, is_additive(fn) ? AggregateFn::sum : fn, col(joined, name), nullptr});
  }
  VIGIE_TRY(const store::ResultSet rows, query(store::aggregate(joined, outer, sums)));

  const std::size_t axes = first.axes.size();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto segment = static_cast<std::size_t>(rows.int64(row, width));
    const Key key = key_of(rows, row, 0, width);
    const Key total_key(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(axes));
    for (std::size_t i = 0; i < members.size(); ++i) {
      const MeasureSpec& spec = specs_[members[i]];
      MeasureValues& values = values_[members[i]];
      const Amount amount{spec.measure->fn, rows.decimal(row, width + 1 + i), rows.is_null(row, width + 1 + i)};
      VIGIE_CHECK(add_segment(segments, segment, spec.split_spans, key, amount, values.split_values));
      VIGIE_CHECK(add_segment(segments, segment, spec.total_spans, total_key, amount, values.total_values));
    }
  }
  return {};
}

Result<> MeasureRun::run_units(const std::vector<std::size_t>& members) {
  std::vector<const MeasureSpec*> specs;
  std::vector<MeasureValues*> values;
  for (const std::size_t m : members) specs.push_back(&specs_[m]), values.push_back(&values_[m]);
  const UnitPass pass(std::move(specs), calendar_);
  if (pass.nothing_asked()) return {};
  VIGIE_TRY(const store::ResultSet rows, query(pass.plan()));
  pass.read(rows, values);
  return {};
}

Result<> MeasureRun::run_histogram(const std::vector<std::size_t>& members) {
  const std::size_t member = members.front();  // its bins are its own
  const MeasureSpec& spec = specs_[member];
  std::vector<Span> spans;
  collect(spec.split_spans, spans);
  collect(spec.total_spans, spans);
  if (spans.empty()) return {};
  const Segments segments(spans);
  std::vector<store::NamedExpr> groups = group_columns(spec, all_groups(spec));
  const std::size_t width = groups.size();
  groups.push_back({std::string(kDay), day_of(spec)});
  groups.push_back({std::string(kLate), late_half(spec, spans, calendar_)});
  groups.push_back({"value", spec.value});
  groups.push_back({"outcome", spec.outcome ? spec.outcome : expr::integer(1)});
  RelPtr input = between_days(spec, segments.first_day(), segments.last_day());
  input = store::filter(input, spec.where);
  input = store::filter(input, expr::is_not_null(spec.value));
  const RelPtr plan = store::aggregate(input, groups, {{"bin_count", AggregateFn::count, nullptr, nullptr}});
  VIGIE_TRY(const store::ResultSet rows, query(plan));

  std::map<Span, std::map<Key, std::map<std::pair<Decimal, int>, std::int64_t>>> split, total;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Date day{static_cast<std::int32_t>(rows.int64(row, width))};
    const auto segment = segments.at(day, rows.boolean(row, width + 1));
    if (!segment) continue;
    const Key key = key_of(rows, row, 0, width);
    const Key total_key(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(spec.axes.size()));
    const std::pair bin{rows.decimal(row, width + 2), static_cast<int>(rows.int64(row, width + 3))};
    const std::int64_t count = rows.int64(row, width + 4);
    for (const auto& [wanted, into, of] :
         {std::tuple{&spec.split_spans, &split, &key}, std::tuple{&spec.total_spans, &total, &total_key}})
      for (const Span& span : *wanted) {
        const auto [from, to] = segments.of(span);
        if (*segment >= from && *segment < to) (*into)[span][*of][bin] += count;
      }
  }
  const auto store_bins = [](auto& from, auto& into) {
    for (auto& [span, keys] : from)
      for (auto& [key, bins] : keys) {
        Parts& parts = into[span][key];
        parts.null = false;
        for (const auto& [bin, count] : bins) parts.bins.push_back({bin.first, bin.second, count});
      }
  };
  store_bins(split, values_[member].split_values);
  store_bins(total, values_[member].total_values);
  return {};
}

Result<> MeasureRun::run_periodic(const std::vector<std::size_t>& members) {
  const MeasureSpec& first = specs_[members.front()];
  const auto pass = [&](const std::vector<std::size_t>& asked, const std::vector<std::string>& group_names,
                        bool total) -> Result<> {
    std::vector<store::NamedExpr> groups = group_columns(first, group_names);
    const std::size_t width = groups.size();
    groups.push_back({"period_id", col(first.rel, "period_id")});
    for (const std::size_t m : asked) {
      if (specs_[m].measure->form != Measure::Form::histogram) continue;
      std::vector<store::NamedExpr> binned = groups;
      binned.push_back({"value", specs_[m].value});
      binned.push_back({"outcome", specs_[m].outcome ? specs_[m].outcome : expr::integer(1)});
      const RelPtr input = store::filter(store::filter(first.rel, specs_[m].where), expr::is_not_null(specs_[m].value));
      VIGIE_TRY(const store::ResultSet rows,
                query(store::aggregate(input, binned, {{"bin_count", AggregateFn::count, nullptr, nullptr}})));
      read_bins(rows, width, first.period_spans, total ? values_[m].total_values : values_[m].split_values);
    }
    std::vector<std::size_t> plain;
    std::vector<store::AggregateColumn> aggregates;
    for (const std::size_t m : asked)
      if (specs_[m].measure->form != Measure::Form::histogram) {
        aggregates.push_back(aggregate_of(specs_[m], plain.size()));
        plain.push_back(m);
      }
    if (plain.empty()) return {};
    VIGIE_TRY(const store::ResultSet rows, query(store::aggregate(first.rel, groups, aggregates)));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Span& span = first.period_spans[static_cast<std::size_t>(rows.int64(row, width))];
      const Key key = key_of(rows, row, 0, width);
      for (std::size_t i = 0; i < plain.size(); ++i) {
        Parts& parts = (total ? values_[plain[i]].total_values : values_[plain[i]].split_values)[span][key];
        VIGIE_CHECK(add_to(parts, specs_[plain[i]].measure->fn, rows.decimal(row, width + 1 + i),
                           rows.is_null(row, width + 1 + i)));
      }
    }
    return {};
  };
  VIGIE_CHECK(pass(members, all_groups(first), false));
  if (first.splits.empty()) {
    for (const std::size_t m : members) values_[m].total_values = values_[m].split_values;
    return {};
  }
  // A row has one value of each split, so that sums over the values are those of the whole; distinct counts are counted
  // again.
  std::vector<std::size_t> again;
  for (const std::size_t m : members) {
    const Measure& measure = *specs_[m].measure;
    const bool adds_up = measure.form == Measure::Form::aggregate && measure.fn != AggregateFn::count_distinct;
    if (adds_up) VIGIE_CHECK(add_splits(values_[m], measure.fn, first.axes.size()));
    else again.push_back(m);
  }
  return again.empty() ? Result<>() : pass(again, first.axes, true);
}

}  // namespace vigie::plan
