#include "plan/measures.h"

#include <chrono>
#include <future>
#include <utility>

#include "plan/relations.h"
#include "store/print_rel.h"

namespace vigie::plan {
namespace {

using catalog::Measure;
using expr::Expr;
using store::AggregateFn;
using store::col;
using store::RelPtr;

constexpr std::string_view kDay = "bucket_day", kLate = "bucket_late", kSegment = "segment", kUnit = "unit";

bool is_additive(AggregateFn fn) {
  return fn == AggregateFn::count || fn == AggregateFn::sum || fn == AggregateFn::sum_squares;
}

std::string text_of(const store::Cell& cell) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) return {};
        else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::int64_t>) return fmt::format("{}", value);
        else if constexpr (std::is_same_v<T, Decimal>) return value.to_plain();
        else if constexpr (std::is_same_v<T, double>) return fmt::format("{}", value);
        else return value;
      },
      cell);
}

/// Reads the group columns that begin at `first`. A date reads as 2025-01-31.
Key key_of(const store::ResultSet& rows, std::size_t row, std::size_t first, std::size_t count) {
  Key key;
  for (std::size_t i = first; i < first + count; ++i) {
    if (rows.is_null(row, i)) key.emplace_back(std::nullopt);
    else if (rows.columns()[i].type == expr::Type::date)
      key.emplace_back(to_string(Date{static_cast<std::int32_t>(rows.int64(row, i))}));
    else key.emplace_back(text_of(rows.at(row, i)));
  }
  return key;
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

std::vector<store::NamedExpr> group_columns(const MeasureSpec& spec, const std::vector<std::string>& names) {
  std::vector<store::NamedExpr> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Expr value = col(spec.rel, names[i]);
    if (value->type == expr::Type::instant) value = expr::call(expr::Op::date_of, expr::Type::date, {value});
    out.push_back({fmt::format("g{}", i), std::move(value)});
  }
  return out;
}

std::vector<std::string> all_groups(const MeasureSpec& spec) {
  std::vector<std::string> out = spec.axes;
  out.insert(out.end(), spec.splits.begin(), spec.splits.end());
  return out;
}

Expr day_of(const MeasureSpec& spec) {
  const Expr at = col(spec.rel, spec.at);
  return at->type == expr::Type::date ? at : expr::call(expr::Op::date_of, expr::Type::date, {at});
}

/// True in the second half of the days that a cut divides: at or after the cut's instant.
Expr late_half(const MeasureSpec& spec, const std::vector<Span>& spans, const calendar::Calendar& calendar) {
  const Expr at = col(spec.rel, spec.at);
  std::vector<Expr> halves;
  for (const Span& span : spans)
    if (span.to_tod != 0 && at->type == expr::Type::instant)
      halves.push_back(expr::all_of(
          {expr::eq(day_of(spec), expr::literal(span.to)), expr::ge(at, expr::literal(end_of(calendar, span)))}));
  if (halves.empty()) return expr::literal(false);
  return halves.size() == 1 ? halves.front() : expr::call(expr::Op::or_, expr::Type::boolean, std::move(halves));
}

RelPtr between_days(const MeasureSpec& spec, Date first, Date last) {
  const Expr day = day_of(spec);
  return store::filter(spec.rel,
                       expr::all_of({expr::ge(day, expr::literal(first)), expr::le(day, expr::literal(last))}));
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

/// Specs that can share one pass: same relation, time, grouping.
std::string identity(const std::string& rel, const MeasureSpec& spec) {
  std::string id = rel + "|" + spec.at + "|" + std::to_string(spec.axes.size());
  for (const std::string& group : all_groups(spec)) id += "|" + group;
  if (!spec.measure->per.empty()) id += "|per " + spec.measure->per;
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
  for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, print, i));
  print(0);
  for (auto& other : others) other.get();
  std::vector<std::string> out;
  for (const MeasureSpec& spec : specs) out.push_back(identity(printed.at(spec.rel.get()), spec));
  return out;
}

void collect(const std::vector<Span>& spans, std::vector<Span>& into) {
  for (const Span& span : spans)
    if (!span.empty() && std::ranges::find(into, span) == into.end()) into.push_back(span);
}

/// Splits spans into lists whose members do not overlap, as few as a greedy pass gives.
std::vector<std::vector<Span>> layers(std::vector<Span> spans) {
  std::ranges::sort(spans);
  std::vector<std::vector<Span>> out;
  for (const Span& span : spans) {
    const auto fits = [&](const std::vector<Span>& layer) {
      return std::pair(layer.back().to, layer.back().to_tod) <= std::pair(span.from, std::int64_t{0});
    };
    const auto place = std::ranges::find_if(out, fits);
    if (place == out.end()) out.push_back({span});
    else place->push_back(span);
  }
  return out;
}

std::string layer_column(std::size_t layer) { return fmt::format("layer{}", layer); }

/// (day, half) → for each layer the number of the span in it that holds that half of the day, if one does.
RelPtr layer_table(const std::vector<std::vector<Span>>& layers) {
  std::map<std::pair<Date, bool>, std::vector<expr::Literal>> halves;
  const auto put = [&](Date day, bool late, std::size_t layer, std::size_t number) {
    auto& row = halves.try_emplace({day, late}, layers.size(), std::monostate{}).first->second;
    row[layer] = static_cast<std::int64_t>(number);
  };
  const bool cut = std::ranges::any_of(layers, [](const auto& layer) {
    return std::ranges::any_of(layer, [](const Span& span) { return span.to_tod != 0; });
  });
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::size_t i = 0; i < layers[l].size(); ++i) {
      const Span& span = layers[l][i];
      for (Date day = span.from; day < span.to; day = day + 1)
        for (const bool late : {false, true})
          if (!late || cut) put(day, late, l, i);
      if (span.to_tod != 0) put(span.to, false, l, i);
    }
  std::vector<store::Column> columns{{"day", expr::Type::date}, {"half", expr::Type::boolean}};
  for (std::size_t l = 0; l < layers.size(); ++l) columns.push_back({layer_column(l), expr::Type::integer});
  std::vector<std::vector<expr::Literal>> rows;
  for (const auto& [half, numbers] : halves) {
    std::vector<expr::Literal> row{half.first, half.second};
    row.insert(row.end(), numbers.begin(), numbers.end());
    rows.push_back(std::move(row));
  }
  return store::values(std::move(columns), std::move(rows));
}

/// The sums are made by unit, then squared, and the squares added.
RelPtr squares_of_sums(const RelPtr& rows, std::vector<store::NamedExpr> groups,
                       std::vector<store::AggregateColumn> sums) {
  std::vector<store::NamedExpr> by_unit = groups;
  by_unit.push_back({std::string(kUnit), col(rows, kUnit)});
  const RelPtr units = store::aggregate(rows, std::move(by_unit), sums);
  for (store::NamedExpr& group : groups) group.value = col(units, group.name);
  for (store::AggregateColumn& sum : sums) sum = {sum.name, AggregateFn::sum_squares, col(units, sum.name), nullptr};
  return store::aggregate(units, std::move(groups), std::move(sums));
}

RelPtr on_days(RelPtr left, RelPtr days) {
  return store::join(store::JoinKind::inner, std::move(left), std::move(days),
                     {{std::string(kDay), "day"}, {std::string(kLate), "half"}});
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
  // A span asked twice (a period that is also what another is compared with) must not be added twice.
  for (std::vector<Span>* spans : {&spec.split_spans, &spec.total_spans}) {
    std::ranges::sort(*spans);
    const auto rest = std::ranges::unique(*spans);
    spans->erase(rest.begin(), rest.end());
  }
  // A relation may know more decimals of an amount than it declares; sums of squares round by them.
  if (spec.value && spec.value->op == expr::Op::column) spec.value = col(spec.rel, spec.value->name);
  specs_.push_back(std::move(spec));
  values_.emplace_back();
  return specs_.size() - 1;
}

Result<store::ResultSet> MeasureRun::query(const RelPtr& plan) {
  const auto start = std::chrono::steady_clock::now();
  VIGIE_TRY(store::ResultSet rows, scratch_ ? scratch_->query(plan, limits_) : engine_.query(plan, limits_));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  queries_.push_back({scratch_ ? scratch_->sql(plan) : engine_.sql(plan), took.count(), rows.rows()});
  return rows;
}

Result<> MeasureRun::run() {
  std::map<std::string, std::vector<std::size_t>> additive, distinct, periodic;
  std::vector<std::size_t> histograms;
  const std::vector<std::string> ids = identities(engine_, specs_);
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const MeasureSpec& spec = specs_[i];
    if (spec.at.empty()) periodic[ids[i]].push_back(i);
    else if (spec.measure->form == Measure::Form::histogram) histograms.push_back(i);
    else if (spec.measure->fn == AggregateFn::count_distinct || !spec.measure->per.empty())
      distinct[ids[i]].push_back(i);
    else additive[ids[i]].push_back(i);
  }
  std::vector<Group> groups;
  for (const auto& [id, members] : additive) groups.push_back({&MeasureRun::run_additive, members, {}});
  for (const auto& [id, members] : distinct) groups.push_back({&MeasureRun::run_distinct, members, {}});
  for (const auto& [id, members] : periodic) groups.push_back({&MeasureRun::run_periodic, members, {}});
  for (const std::size_t member : histograms) groups.push_back({&MeasureRun::run_histogram, {member}, {}});
  return run_groups(groups);
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

  // The days become segments in the engine, so that what travels is as small as the answer.
  std::vector<std::vector<expr::Literal>> day_rows;
  for (Date day = segments.first_day(); day <= segments.last_day(); day = day + 1)
    for (const bool late : {false, true}) {
      if (late && segments.cut() == 0) continue;
      if (const auto at = segments.at(day, late)) day_rows.push_back({day, late, static_cast<std::int64_t>(*at)});
    }
  const RelPtr days = store::values(
      {{"day", expr::Type::date}, {"half", expr::Type::boolean}, {std::string(kSegment), expr::Type::integer}},
      std::move(day_rows));
  const RelPtr joined = on_days(daily, days);
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
      const Decimal number = rows.decimal(row, width + 1 + i);
      const bool null = rows.is_null(row, width + 1 + i);
      const auto inside = [&](const Span& span) {
        const auto [from, to] = segments.of(span);
        return segment >= from && segment < to;
      };
      for (const Span& span : spec.split_spans)
        if (!span.empty() && inside(span))
          VIGIE_CHECK(add_to(values.split_values[span][key], spec.measure->fn, number, null));
      for (const Span& span : spec.total_spans)
        if (!span.empty() && inside(span))
          VIGIE_CHECK(add_to(values.total_values[span][total_key], spec.measure->fn, number, null));
    }
  }
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

Result<> MeasureRun::run_distinct(const std::vector<std::size_t>& members) {
  // Distinct counts do not add up: spans that overlap stand in layers, each counted over the rows, which are read once.
  std::vector<Span> split_spans, total_spans;
  for (const std::size_t m : members)
    collect(specs_[m].split_spans, split_spans), collect(specs_[m].total_spans, total_spans);
  // Without splits a total is what its span has: it is counted with the others.
  const bool whole = specs_[members.front()].splits.empty();
  if (whole) collect(std::exchange(total_spans, {}), split_spans);
  std::vector<std::vector<Span>> all = layers(split_spans);
  const std::size_t split_layers = all.size();
  std::ranges::move(layers(total_spans), std::back_inserter(all));
  if (all.empty()) return {};
  const RelPtr rows_in = distinct_rows(members, all);
  std::vector<RelPtr> counts;
  for (std::size_t l = 0; l < all.size(); ++l) counts.push_back(distinct_layer(members, rows_in, l, l >= split_layers));
  VIGIE_TRY(const store::ResultSet rows, query(store::union_all(std::move(counts))));

  const MeasureSpec& first = specs_[members.front()];
  const std::size_t axes = first.axes.size(), width = axes + first.splits.size();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto layer = static_cast<std::size_t>(rows.int64(row, 0));
    const Span& span = all[layer][static_cast<std::size_t>(rows.int64(row, 1))];
    const bool total = layer >= split_layers;
    const Key key = key_of(rows, row, 2, total ? axes : width);
    for (std::size_t i = 0; i < members.size(); ++i) {
      MeasureValues& values = values_[members[i]];
      Parts& parts = (total ? values.total_values : values.split_values)[span][key];
      // Squares of nothing are 0, as counts are.
      if (!rows.is_null(row, 2 + width + i)) parts.number = rows.decimal(row, 2 + width + i);
      parts.null = false;
    }
  }
  if (!whole) return {};
  for (const std::size_t m : members)
    for (const Span& span : specs_[m].total_spans)
      if (const MeasureValues::ByKey* found = values_[m].of(span)) values_[m].total_values[span] = *found;
  return {};
}

/// What the counts need of each row: its groups, its span in each layer, and of each measure the value and whether it
/// counts.
RelPtr MeasureRun::distinct_rows(const std::vector<std::size_t>& members,
                                 const std::vector<std::vector<Span>>& layers) const {
  const MeasureSpec& first = specs_[members.front()];
  std::vector<Span> spans;
  for (const auto& layer : layers) spans.insert(spans.end(), layer.begin(), layer.end());
  const Segments reach(spans);
  std::vector<store::NamedExpr> columns = group_columns(first, all_groups(first));
  columns.push_back({std::string(kDay), day_of(first)});
  columns.push_back({std::string(kLate), late_half(first, spans, calendar_)});
  for (std::size_t i = 0; i < members.size(); ++i) {
    const MeasureSpec& spec = specs_[members[i]];
    columns.push_back({fmt::format("v{}", i), spec.value});
    if (spec.where) columns.push_back({fmt::format("w{}", i), spec.where});
  }
  if (!first.measure->per.empty()) columns.push_back({std::string(kUnit), col(first.rel, first.measure->per)});
  const RelPtr cut = store::project(between_days(first, reach.first_day(), reach.last_day()), std::move(columns));
  const RelPtr joined = on_days(cut, layer_table(layers));
  std::vector<store::NamedExpr> kept;
  for (const store::Column& column : joined->columns)
    if (column.name != kDay && column.name != kLate && column.name != "day" && column.name != "half")
      kept.push_back({column.name, col(joined, column.name)});
  return store::shared(store::project(joined, std::move(kept)));
}

/// layer, span, the groups (of totals the axes alone, the rest empty), the counts.
RelPtr MeasureRun::distinct_layer(const std::vector<std::size_t>& members, const RelPtr& rows, std::size_t layer,
                                  bool total) const {
  const MeasureSpec& first = specs_[members.front()];
  const RelPtr inside = store::filter(rows, expr::is_not_null(col(rows, layer_column(layer))));
  const std::size_t width = first.axes.size() + first.splits.size(), counted_by = total ? first.axes.size() : width;
  std::vector<store::NamedExpr> groups{{std::string(kSegment), col(inside, layer_column(layer))}};
  for (std::size_t i = 0; i < counted_by; ++i)
    groups.push_back({fmt::format("g{}", i), col(inside, fmt::format("g{}", i))});
  const bool squares = !first.measure->per.empty();
  std::vector<store::AggregateColumn> counts;
  for (std::size_t i = 0; i < members.size(); ++i)
    counts.push_back({fmt::format("m{}", i), squares ? AggregateFn::sum : AggregateFn::count_distinct,
                      col(inside, fmt::format("v{}", i)),
                      specs_[members[i]].where ? col(inside, fmt::format("w{}", i)) : nullptr});
  const RelPtr counted = squares ? squares_of_sums(inside, std::move(groups), std::move(counts))
                                 : store::aggregate(inside, std::move(groups), std::move(counts));
  std::vector<store::NamedExpr> columns{{"layer", expr::integer(static_cast<std::int64_t>(layer))},
                                        {std::string(kSegment), col(counted, kSegment)}};
  for (std::size_t i = 0; i < width; ++i) {
    const std::string name = fmt::format("g{}", i);
    columns.push_back({name, i < counted_by ? col(counted, name) : expr::null_of(col(rows, name)->type)});
  }
  for (std::size_t i = 0; i < members.size(); ++i)
    columns.push_back({fmt::format("m{}", i), col(counted, fmt::format("m{}", i))});
  return store::project(counted, std::move(columns));
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
      for (std::size_t row = 0; row < rows.rows(); ++row) {
        const Span& span = first.period_spans[static_cast<std::size_t>(rows.int64(row, width))];
        Parts& parts = (total ? values_[m].total_values : values_[m].split_values)[span][key_of(rows, row, 0, width)];
        parts.null = false;
        parts.bins.push_back(
            {rows.decimal(row, width + 1), static_cast<int>(rows.int64(row, width + 2)), rows.int64(row, width + 3)});
      }
      for (auto& [span, keys] : total ? values_[m].total_values : values_[m].split_values)
        for (auto& [key, parts] : keys)
          std::ranges::sort(parts.bins, [](const Bin& a, const Bin& b) {
            return std::pair(a.value, a.outcome) < std::pair(b.value, b.outcome);
          });
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
