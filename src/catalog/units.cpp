// What a formula makes: amounts, days, a count of things or a plain number. Its unit must say the same.
#include "catalog/kpi_name.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;

/// The powers of what a figure is made of: money per sale is an amount over a thing.
struct Dimension {
  int money = 0, days = 0, things = 0;
  bool operator==(const Dimension&) const = default;
};
/// Empty: nobody can tell, or it is a plain number written into the formula, which takes the kind of what is beside it.
using Known = std::optional<Dimension>;

Known of_type(Type type) {
  if (type == Type::money) return Dimension{.money = 1};
  if (type == Type::duration) return Dimension{.days = 1};
  return std::nullopt;  // a quantity or a mark: either may be counted or shared
}

Known of_measure(const Measure& measure) {
  using store::AggregateFn;
  if (measure.form == Measure::Form::histogram) return measure.value ? of_type(measure.value->type) : std::nullopt;
  switch (measure.fn) {
    case AggregateFn::count:
    case AggregateFn::count_distinct: return Dimension{.things = 1};
    case AggregateFn::sum_squares: return std::nullopt;
    default: return measure.value ? of_type(measure.value->type) : std::nullopt;
  }
}

Known of_unit(Unit unit) {
  switch (unit) {
    case Unit::money: return Dimension{.money = 1};
    case Unit::days: return Dimension{.days = 1};
    case Unit::count: return Dimension{.things = 1};
    case Unit::rate:
    case Unit::ratio: return Dimension{};
    case Unit::months:
    case Unit::score:
    case Unit::mark: return std::nullopt;
  }
  return std::nullopt;
}

bool is_number(const Expr& e) {
  if (e->op == Op::literal) return e->type == Type::integer || e->type == Type::number || e->type == Type::real;
  return !e->args.empty() && std::ranges::all_of(e->args, is_number);
}

class Reader {
 public:
  Reader(const Definition& definition, const UnitOf& unit_of) : definition_(definition), unit_of_(unit_of) {}

  Known of(const Expr& e) const {
    switch (e->op) {
      case Op::literal: return of_type(e->type);
      case Op::column: return of_name(e->name);
      case Op::neg:
      case Op::abs:
      case Op::as_real:
      case Op::as_number: return of(e->args.front());
      case Op::add:
      case Op::sub:
      case Op::coalesce:
      case Op::least:
      case Op::greatest: return alike(e->args);
      case Op::case_: return alike(results_of(e->args));
      case Op::mul: return product(e->args[0], e->args[1], 1);
      case Op::div: return product(e->args[0], e->args[1], -1);
      default: return std::nullopt;
    }
  }

 private:
  Known of_name(const std::string& name) const {
    if (const auto other = kpi_named(name)) {
      const auto unit = unit_of_(*other);
      return unit ? of_unit(*unit) : std::nullopt;
    }
    const auto found = definition_.measures.find(name);
    return found == definition_.measures.end() ? std::nullopt : of_measure(found->second);
  }

  static std::vector<Expr> results_of(const std::vector<Expr>& args) {
    std::vector<Expr> out;
    for (std::size_t i = 0; i + 1 < args.size(); i += 2) out.push_back(args[i + 1]);
    out.push_back(args.back());
    return out;
  }

  /// Of what is added or chosen from: they are of one kind, or nobody can tell.
  Known alike(const std::vector<Expr>& args) const {
    Known out;
    for (const Expr& arg : args) {
      if (is_number(arg) || expr::is_null_literal(arg)) continue;
      const Known kind = of(arg);
      if (!kind || (out && *out != *kind)) return std::nullopt;
      out = kind;
    }
    return out;
  }

  Known product(const Expr& a, const Expr& b, int sign) const {
    // cycle / 1 day is the same time, in days.
    const bool in_days = sign < 0 && b->op == Op::literal && b->type == Type::duration;
    const Known left = is_number(a) ? Dimension{} : of(a), right = is_number(b) || in_days ? Dimension{} : of(b);
    if (!left || !right) return std::nullopt;
    return Dimension{left->money + sign * right->money, left->days + sign * right->days,
                     left->things + sign * right->things};
  }

  const Definition& definition_;
  const UnitOf& unit_of_;
};

bool fits(const Dimension& kind, Unit unit) {
  switch (unit) {
    case Unit::money: return kind.money == 1;
    case Unit::days: return kind.money == 0 && kind.days == 1;
    case Unit::rate: return kind == Dimension{};
    case Unit::mark: return false;  // what people answered on a scale: a quantity, of which nobody can tell
    case Unit::score: return kind == Dimension{};
    case Unit::count:
    case Unit::ratio:
    case Unit::months: return kind.money == 0 && kind.days == 0;
  }
  return true;
}

/// What is said of a figure of a kind whose unit is another, and the unit that it has; empty: none of them.
std::pair<std::string_view, std::string_view> words_of(const Dimension& kind) {
  if (kind.money == 1) return {"{} is an amount of money, and its unit is {}", "money"};
  if (kind.money == 0 && kind.days == 1) return {"{} is a number of days, and its unit is {}", "days"};
  if (kind == Dimension{}) return {"{} is a share or a ratio, and its unit is {}", "rate"};
  if (kind == Dimension{.things = 1}) return {"{} is a count, and its unit is {}", "count"};
  if (kind.money == 0 && kind.days == 0) return {"{} is a count of one thing for another, and its unit is {}", "ratio"};
  return {"{} is something else, and its unit is {}", ""};
}

Result<> check(const Known& kind, Unit unit, const std::string& name, const SourcePosition& where) {
  if (!kind || fits(*kind, unit)) return {};
  const auto [sentence, natural] = words_of(*kind);
  return fail(ErrorKind::usage, "definition.unit", fmt::format(fmt::runtime(sentence), name, name_of(unit)), where,
              natural.empty() ? std::string() : fmt::format("write unit: {}", natural));
}

}  // namespace

Result<> check_units(const Definition& definition, const UnitOf& unit_of) {
  const Reader reader(definition, unit_of);
  for (const Variant& variant : definition.variants) {
    const Unit unit = variant.unit.value_or(definition.unit);
    const std::string name = fmt::format("{}:{}", definition.id, variant.name);
    // A count over a count may be items an order; that it is a share, its interval says.
    if (variant.interval.kind == IntervalKind::wilson && unit != Unit::rate)
      return fail(ErrorKind::usage, "definition.unit",
                  fmt::format("{} is a share, as its interval says, and its unit is {}", name, name_of(unit)),
                  variant.value ? variant.value->where : variant.written, "write unit: rate");
    if (variant.value && !is_number(variant.value))
      VIGIE_CHECK(check(reader.of(variant.value), unit, name, variant.value->where));
    for (const TableRow& row : variant.table)
      if (!is_number(row.value)) VIGIE_CHECK(check(reader.of(row.value), unit, name + " " + row.key, row.value->where));
    const bool one_of_them =
        variant.form == Form::quantile || variant.form == Form::survival || variant.form == Form::mean_within;
    const auto histogram = definition.measures.find(variant.histogram);
    if (one_of_them && histogram != definition.measures.end())
      VIGIE_CHECK(check(of_measure(histogram->second), unit, name, variant.written));
  }
  return {};
}

}  // namespace vigie::catalog
