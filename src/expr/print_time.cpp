#include "expr/printer.h"

namespace vigie::expr {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kMicrosPerHour = 60 * kMicrosPerMinute;

/// What is known of an end before any row is read: whether it is a day without a time.
enum class Bareness { never, always, by_row };
constexpr std::string_view kAlways = "TRUE";

Bareness bareness(const Expr& e) {
  if (e->type == Type::date) return Bareness::always;
  if (const auto* at = std::get_if<InstantLiteral>(&e->literal)) return at->bare ? Bareness::always : Bareness::never;
  if (e->op == Op::on_clock) return Bareness::never;
  return Bareness::by_row;
}

std::int64_t floor_modulo(std::int64_t a, std::int64_t b) { return ((a % b) + b) % b; }

std::int64_t wall_of(const InstantLiteral& at) { return at.at.micros + at.offset_minutes * kMicrosPerMinute; }

}  // namespace

std::string Printer::instant_facet(const InstantLiteral& at, Facet facet) const {
  switch (facet) {
    case Facet::value: return integer64(at.at.micros);
    case Facet::day: return fmt::format("{}", at.day.days);
    case Facet::offset: return fmt::format("{}", at.offset_minutes);
    case Facet::bare: return dialect_.boolean(at.bare);
  }
  std::unreachable();
}

std::string Printer::null_facet(Facet facet) const {
  switch (facet) {
    case Facet::value: return cast("NULL", Type::instant);
    case Facet::day: return cast("NULL", Type::date);
    case Facet::offset: return cast("NULL", Type::integer);
    case Facet::bare: return cast("NULL", Type::boolean);
  }
  std::unreachable();
}

std::string Printer::facet(const Expr& e, Facet facet) const {
  if (e->type == Type::date) {
    if (facet == Facet::day) return value(e);
    if (facet == Facet::bare) return dialect_.boolean(true);
    throw std::logic_error("a date has neither an instant nor an offset");
  }
  if (facet == Facet::value) return value(e);
  switch (e->op) {
    case Op::literal: {
      const auto* at = std::get_if<InstantLiteral>(&e->literal);
      return at ? instant_facet(*at, facet) : null_facet(facet);
    }
    case Op::column: return dialect_.identifier(facet_name(e->name, facet));
    case Op::on_clock: return clock_facet(*e, facet);
    case Op::case_: return case_of(*e, facet);
    case Op::coalesce: return coalesce_facet(*e, facet);
    case Op::least:
    case Op::greatest: return extreme_facet(*e, facet);
    default: throw std::logic_error("only an instant has facets, and a parameter has none before it is bound");
  }
}

std::string Printer::clock_facet(const Node& node, Facet facet) const {
  switch (facet) {
    case Facet::value: return value(node.args[0]);
    case Facet::offset: return value(node.args[1]);
    case Facet::bare: return dialect_.boolean(false);
    case Facet::day:
      return day_at(fmt::format("{} + {} * {}", value(node.args[0]), value(node.args[1]), integer64(kMicrosPerMinute)));
  }
  std::unreachable();
}

std::string Printer::coalesce_facet(const Node& node, Facet facet_wanted) const {
  std::string out = "(CASE";
  for (const Expr& arg : std::span(node.args).first(node.args.size() - 1))
    out += fmt::format(" WHEN ({} IS NOT NULL) THEN {}", value(arg), facet(arg, facet_wanted));
  return out + fmt::format(" ELSE {} END)", facet(node.args.back(), facet_wanted));
}

/// The facet of the one that is least (greatest): a null is equal to nothing, so it is never taken for it.
std::string Printer::extreme_facet(const Node& node, Facet facet_wanted) const {
  const std::string taken = dialect_.extreme(node.op, typed(node));
  std::string out = "(CASE";
  for (const Expr& arg : std::span(node.args).first(node.args.size() - 1))
    out += fmt::format(" WHEN ({} = {}) THEN {}", value(arg), taken, facet(arg, facet_wanted));
  return out + fmt::format(" ELSE {} END)", facet(node.args.back(), facet_wanted));
}

std::string Printer::wall(const Expr& e) const {
  if (e->type == Type::date) return fmt::format("({} * {})", value(e), kMicrosPerDay);
  if (const auto* at = std::get_if<InstantLiteral>(&e->literal)) return integer64(wall_of(*at));
  return fmt::format("({} + {} * {})", value(e), facet(e, Facet::offset), integer64(kMicrosPerMinute));
}

/// A day moved by a duration: the day that its first instant, so moved, falls on.
std::string Printer::moved_day(const Node& node) const {
  const std::string_view sign = node.op == Op::add ? "+" : "-";
  const Expr &day = node.args[0], &move = node.args[1];
  if (const auto* micros = std::get_if<Micros>(&move->literal); micros && micros->value % kMicrosPerDay == 0)
    return fmt::format("({} {} {})", value(day), sign, micros->value / kMicrosPerDay);
  return day_at(fmt::format("{} * {} {} {}", value(day), kMicrosPerDay, sign, value(move)));
}

std::string Printer::day_at(const std::string& wall) const {
  // Integer division goes toward zero; 50 million days more make every dividend positive, so that it rounds down.
  constexpr std::int64_t kShift = 50'000'000;
  const std::string dividend = fmt::format("({} + {})", wall, kShift * kMicrosPerDay);
  return cast(fmt::format("({} - {})", dialect_.integer_divide(dividend, fmt::format("{}", kMicrosPerDay)), kShift),
              Type::date);
}

/// Empty: never; kAlways: whatever the row; else a condition.
std::string Printer::either_is_bare(const Expr& from, const Expr& to) const {
  const Bareness a = bareness(from), b = bareness(to);
  if (a == Bareness::always || b == Bareness::always) return std::string(kAlways);
  std::vector<std::string> bare;
  if (a == Bareness::by_row) bare.push_back(facet(from, Facet::bare));
  if (b == Bareness::by_row) bare.push_back(facet(to, Facet::bare));
  return fmt::format("{}", fmt::join(bare, " OR "));
}

std::string Printer::days_between(const Expr& from, const Expr& to) const {
  return fmt::format("(({} - {}) * {})", facet(to, Facet::day), facet(from, Facet::day), kMicrosPerDay);
}

std::string Printer::duration(const Node& node) const {
  const Expr &from = node.args[0], &to = node.args[1];
  const std::string condition = either_is_bare(from, to);
  if (condition == kAlways) return days_between(from, to);
  const std::string elapsed = fmt::format("({} - {})", value(to), value(from));
  if (condition.empty()) return elapsed;
  return fmt::format("(CASE WHEN {} THEN {} ELSE {} END)", condition, days_between(from, to), elapsed);
}

/// Calendar days on the wall clock. Whole days between the two where either is a bare date, which has no clock; but
/// whether a window has closed is told by time alone, a bare date being its first instant.
std::string Printer::window(const Node& node) const {
  const Expr &from = node.args[0], &to = node.args[1];
  const std::string begin = wall(from), end = wall(to), window = value(node.args[2]);
  if (node.op == Op::matured) return fmt::format("(({} + {}) <= {})", begin, window, end);
  const std::string by_clock = fmt::format("({} < ({} + {}))", end, begin, window);
  const std::string condition = either_is_bare(from, to);
  if (condition.empty()) return by_clock;
  const std::string by_day = fmt::format("({} < {})", days_between(from, to), window);
  if (condition == kAlways) return by_day;
  return fmt::format("(CASE WHEN {} THEN {} ELSE {} END)", condition, by_day, by_clock);
}

std::string Printer::hour(const Expr& e) const {
  if (const auto* at = std::get_if<InstantLiteral>(&e->literal))
    return integer64(floor_modulo(wall_of(*at), kMicrosPerDay) / kMicrosPerHour);
  // The remainder has the sign of the dividend: before 1970 it is brought back above zero.
  const std::string of_day =
      fmt::format("((({} % {}) + {}) % {})", wall(e), kMicrosPerDay, kMicrosPerDay, kMicrosPerDay);
  return dialect_.integer_divide(of_day, fmt::format("{}", kMicrosPerHour));
}

std::string Printer::time_call(const Node& node) const {
  switch (node.op) {
    case Op::date_of: return facet(node.args[0], Facet::day);
    case Op::year:
    case Op::month:
    case Op::quarter:
    case Op::weekday: return dialect_.date_part(node.op, facet(node.args[0], Facet::day));
    case Op::hour: return hour(node.args[0]);
    case Op::utc_offset: return cast(facet(node.args[0], Facet::offset), Type::integer);
    case Op::duration: return duration(node);
    case Op::within:
    case Op::matured: return window(node);
    default: std::unreachable();
  }
}

}  // namespace vigie::expr
