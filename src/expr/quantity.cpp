#include "expr/quantity.h"

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "expr/limits.h"

namespace vigie::expr {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
/// From large to small. A week is read, not written: 14 days say the same.
constexpr Unit kUnits[] = {{"day", kMicrosPerDay},
                           {"hour", 3'600 * kMicrosPerSecond},
                           {"minute", 60 * kMicrosPerSecond},
                           {"second", kMicrosPerSecond},
                           {"millisecond", 1'000},
                           {"microsecond", 1},
                           {"week", 7 * kMicrosPerDay}};

std::optional<std::int64_t> unit_micros(std::string_view word) {
  for (const Unit& unit : kUnits)
    if (word == unit.name || (word.ends_with('s') && word.substr(0, word.size() - 1) == unit.name)) return unit.micros;
  return std::nullopt;
}

std::string upper_ascii(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

Result<Decimal> read_decimal(const Source& source, const std::string& number, std::size_t offset) {
  const Result<Decimal> value = Decimal::parse(number);
  if (!value) return source.error("expr.syntax", offset, fmt::format("{} has more than 38 digits", number));
  if (value->scale() > kMaxScale)
    return source.error("expr.syntax", offset, fmt::format("{} has more than {} decimals", number, kMaxScale));
  return *value;
}

Result<Literal> read_duration(const Source& source, const Decimal& count, std::int64_t unit, std::size_t offset) {
  const Result<Decimal> micros = count.times(Decimal::integer(unit));
  const Result<Decimal> whole = micros ? micros->rescaled(0) : micros;
  if (!whole || whole->units() > std::numeric_limits<std::int64_t>::max() ||
      whole->units() < std::numeric_limits<std::int64_t>::min())
    return source.error("expr.syntax", offset, "a duration of more than 292,000 years");
  if (*whole != *micros) return source.error("expr.syntax", offset, "a duration finer than a microsecond");
  return Micros{static_cast<std::int64_t>(whole->units())};
}

Result<Literal> read_real(const Source& source, const std::string& number, std::size_t offset) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(value))
    return source.error("expr.syntax", offset, fmt::format("{} is beyond what a real number holds", number));
  return value;
}

Result<Literal> read_plain(const Source& source, const std::string& number, std::size_t offset) {
  if (number.find('.') == std::string::npos) {
    std::int64_t whole = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), whole).ec == std::errc{}) return whole;
  }
  VIGIE_TRY(const Decimal value, read_decimal(source, number, offset));
  return value;
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + "'";
}

std::string written_duration(std::int64_t micros) {
  for (const Unit& unit : kUnits)
    if (micros % unit.micros == 0) {
      const std::int64_t count = micros / unit.micros;
      return fmt::format("{} {}{}", count, unit.name, count == 1 || count == -1 ? "" : "s");
    }
  std::unreachable();
}

/// Offset of the local time, from the end of an instant's text that has been read: Z, +01:00, -0330.
int offset_minutes(std::string_view text) {
  const auto sign = text.find_last_of("+-Z");
  if (text[sign] == 'Z') return 0;
  std::string digits(text.substr(sign + 1));
  std::erase(digits, ':');
  const int number = std::stoi(digits);
  return (text[sign] == '-' ? -1 : 1) * (number / 100 * 60 + number % 100);
}

Date local_day(Instant at, int offset) {
  const std::int64_t wall = at.micros + offset * 60 * kMicrosPerSecond;
  return Date{
      static_cast<std::int32_t>((wall - ((wall % kMicrosPerDay) + kMicrosPerDay) % kMicrosPerDay) / kMicrosPerDay)};
}

std::string written_instant(const InstantLiteral& value) {
  std::string text = to_string(Instant{value.at.micros + value.offset_minutes * 60 * kMicrosPerSecond});
  text.pop_back();  // the Z
  const int minutes = std::abs(value.offset_minutes);
  text += value.offset_minutes == 0
              ? "Z"
              : fmt::format("{}{:02}:{:02}", value.offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
  if (value.day != local_day(value.at, value.offset_minutes)) text += " day " + to_string(value.day);
  if (value.bare) text += " bare";
  return fmt::format("instant '{}'", text);
}

std::string written_real(double value) {
  const std::string digits = fmt::format("{}", value);
  return digits.find('e') == std::string::npos ? digits + "e0" : digits;
}

}  // namespace

Result<Literal> read_quantity(const Source& source, const std::string& number, std::size_t offset,
                              const std::optional<Token>& unit) {
  const bool real = number.find_first_of("eE") != std::string::npos;
  if (!unit) return real ? read_real(source, number, offset) : read_plain(source, number, offset);
  const std::string word = lower_ascii(unit->text);
  const std::optional<std::int64_t> micros = unit_micros(word);
  if (!micros && !looks_like_currency(upper_ascii(word)))
    return source.error("expr.syntax", unit->begin,
                        fmt::format("\"{}\" is neither a unit of time nor a currency", unit->text),
                        word.starts_with("month") || word.starts_with("year") || word.starts_with("quarter")
                            ? "months and years differ in length: write 30 days"
                            : "write 30 days, 12 hours or 100 EUR");
  if (real) return source.error("expr.syntax", offset, "an exponent before a unit", "write all the digits");
  VIGIE_TRY(const Decimal count, read_decimal(source, number, offset));
  if (micros) return read_duration(source, count, *micros, offset);
  const Result<Decimal> amount = count.rescaled(kMoneyScale);
  if (!amount || *amount != count)
    return source.error(
        "expr.syntax", offset, fmt::format("{} is finer or larger than an amount can be", number),
        fmt::format("an amount has at most {} decimals and {} digits before them", kMoneyScale, 38 - kMoneyScale));
  return MoneyLiteral{count, upper_ascii(unit->text)};
}

Result<Literal> read_date(std::string_view text, const SourcePosition& where) {
  const Result<Date> date = parse_date(text);
  if (!date) return fail(ErrorKind::usage, "expr.syntax", date.error().message, where, date.error().hint);
  return *date;
}

Result<Literal> read_instant(std::string_view text, const SourcePosition& where) {
  InstantLiteral value;
  std::string_view point = text;
  if (point.ends_with(" bare")) {
    value.bare = true;
    point.remove_suffix(5);
  }
  std::optional<std::string_view> day;
  if (const auto at = point.find(" day "); at != point.npos) {
    day = point.substr(at + 5);
    point = point.substr(0, at);
  }
  const Result<Instant> instant = parse_instant(point);
  if (!instant) return fail(ErrorKind::usage, "expr.syntax", instant.error().message, where, instant.error().hint);
  value.at = *instant;
  value.offset_minutes = offset_minutes(point);
  value.day = local_day(value.at, value.offset_minutes);
  if (day) {
    VIGIE_TRY(const Literal written_day, read_date(*day, where));
    value.day = std::get<Date>(written_day);
  }
  return value;
}

bool looks_like_currency(std::string_view code) {
  constexpr std::size_t kLetters = 3;
  return code.size() == kLetters && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string written(const Literal& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    // The point makes a number without decimals a number, not an integer.
    std::string operator()(const Decimal& v) const { return v.to_string() + (v.scale() == 0 ? "." : ""); }
    std::string operator()(double v) const { return written_real(v); }
    std::string operator()(const std::string& v) const { return in_quotes(v); }
    std::string operator()(Date v) const { return fmt::format("date '{}'", to_string(v)); }
    std::string operator()(const InstantLiteral& v) const { return written_instant(v); }
    std::string operator()(Micros v) const { return written_duration(v.value); }
    std::string operator()(const MoneyLiteral& v) const {
      return fmt::format("{} {}", v.amount.to_plain(), v.currency);
    }
  };
  return std::visit(Writer{}, value);
}

}  // namespace vigie::expr
