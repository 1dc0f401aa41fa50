#include "propose/written.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace vigie::propose {
namespace {

constexpr double kMostly = 0.9;  ///< of a kind: the others are slips, and the quarantine tells them

bool mostly(std::int64_t n, std::int64_t all) { return static_cast<double>(n) >= kMostly * static_cast<double>(all); }

bool is_key_of_digits(const NumberTally& numbers, const ColumnSketch& column) {
  return numbers.leading_zeros() > 0 || column.long_digits() > 0;
}

Kind kind_of(const ColumnSketch& column) {
  const std::int64_t n = column.filled();
  if (n == 0) return Kind::empty;
  if (column.yes_no() == n && column.few() && column.values().size() <= 4) return Kind::yes_no;
  if (mostly(column.dates().dates(), n))
    return column.dates().times() == DateTally::Times::none ? Kind::day : Kind::moment;
  const NumberTally& numbers = column.numbers();
  if (mostly(numbers.numbers(), n) && mostly(numbers.verdict().read, n)) {
    if (is_key_of_digits(numbers, column)) return Kind::code;
    return numbers.whole() ? Kind::whole : Kind::decimal;
  }
  if (column.currencies() == n) return Kind::currency;
  if (mostly(column.emails(), n)) return Kind::email;
  if (mostly(column.links(), n)) return Kind::link;
  if (column.few() && n >= 2 * static_cast<std::int64_t>(column.values().size())) return Kind::few;
  if (mostly(column.codes(), n)) return Kind::code;
  return column.few() && column.values().size() <= 3 ? Kind::few : Kind::text;
}

/// Days since 1900 as spreadsheets count them, seconds and milliseconds since 1970: what lies within some decades of
/// now.
std::string serial_of(const ColumnSketch& column) {
  const NumberTally& numbers = column.numbers();
  const auto between = [&](double least, double most) { return numbers.least() >= least && numbers.most() <= most; };
  if (between(20'000, 60'000)) return "excel";               // 1954 to 2064
  if (between(600'000'000, 2'600'000'000.0)) return "unix";  // 1989 to 2052
  if (between(600'000'000'000.0, 2'600'000'000'000.0)) return "unix_ms";
  return "";
}

/// What the file's other columns tell, where all that tell anything tell the same.
struct SameFile {
  std::optional<DateOrder> order;
  std::string order_column;
  bool orders_differ = false;
  std::optional<char> decimal;
  bool decimals_differ = false;
};

SameFile same_file(const TableSketch& sketch, const std::vector<Written>& all) {
  SameFile out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ColumnSketch& column = sketch.columns()[i];
    if (is_date(all[i].kind)) {
      const auto verdict = column.dates().verdict();
      if (verdict.order == DateTally::Order::contradicted) out.orders_differ = true;
      if (!verdict.told) continue;
      if (out.order && out.order != verdict.told) out.orders_differ = true;
      if (!out.order) out.order = verdict.told, out.order_column = column.name();
    }
    // Cells that are numbers in their file tell nothing of how people write the others.
    if (all[i].kind == Kind::decimal && !column.numbers().of_cells_alone()) {
      const auto verdict = column.numbers().verdict();
      if (verdict.undecided || column.numbers().most_decimals() == 0) continue;
      if (out.decimal && out.decimal != verdict.format.decimal) out.decimals_differ = true;
      out.decimal = verdict.format.decimal;
    }
  }
  return out;
}

void read_dates(const ColumnSketch& column, const SameFile& file, const Wishes& wishes, Written& out) {
  const DateTally& dates = column.dates();
  auto verdict = dates.verdict();
  out.order = verdict.told;
  if (verdict.order == DateTally::Order::told) out.told_by = verdict.example;
  if (verdict.order == DateTally::Order::not_told || verdict.order == DateTally::Order::contradicted) {
    const bool contradicted = verdict.order == DateTally::Order::contradicted;
    if (wishes.date_order) {
      out.order = wishes.date_order;
      out.as_said = true;
    } else if (!contradicted && file.order && !file.orders_differ) {
      out.order = file.order;
      out.as_in = file.order_column;
    } else {
      out.date_undecided = true;
      out.date_contradicted = contradicted;
      out.told_by = verdict.example;
    }
    verdict = dates.verdict(out.order);
  }
  if (verdict.order == DateTally::Order::swapped) {
    if (wishes.date_order) {
      out.as_said = true;
    } else {
      out.date_undecided = true;
      out.told_by = verdict.example;
      out.swapped_with = verdict.other_example;
    }
  }
  out.without_days = dates.without_days();
  out.date_formats = verdict.formats;
  out.dates = verdict.read;
  out.times = dates.times();
  out.date_only = out.times == DateTally::Times::midnight || out.times == DateTally::Times::leaked;
}

/// What each number of a column is multiplied by, as brackets in its name say: 1000 of "Montant HT (k€)", "Amount (in
/// thousands)"; a hundredth of "Amount (cents)".
Decimal unit_in_header(const std::string& name) {
  const auto open = name.find_first_of("(["), end = name.find_first_of(")]", open);
  if (end == std::string::npos) return Decimal::integer(1);
  std::string unit = lower_ascii(name.substr(open + 1, end - open - 1));
  std::erase(unit, ' ');
  for (const std::string_view before : {"en", "in"})
    if (unit.starts_with(before)) unit.erase(0, before.size());
  for (const std::string_view money : {"€", "$", "£", "eur", "usd", "gbp", "chf", "cad"})
    if (unit.ends_with(money) && unit.size() > money.size()) unit.resize(unit.size() - money.size());
  static const std::map<std::string_view, std::string_view> kUnits{
      {"k", "1000"},    {"milliers", "1000"},    {"milliersd'", "1000"}, {"thousands", "1000"}, {"000", "1000"},
      {"000s", "1000"}, {"millions", "1000000"}, {"mio", "1000000"},     {"cents", "0.01"},     {"centimes", "0.01"}};
  const bool millions = unit == "m" && !name.ends_with("(m)");  // "(m)" alone may be metres
  const auto known = kUnits.find(unit);
  if (known == kUnits.end() && !millions) return Decimal::integer(1);
  return Decimal::parse(millions ? "1000000" : known->second).value_or(Decimal::integer(1));
}

void read_numbers(const ColumnSketch& column, const SameFile& file, const Wishes& wishes, Written& out) {
  const NumberTally& numbers = column.numbers();
  auto verdict = numbers.verdict();
  out.number_undecided = verdict.undecided;
  if (verdict.undecided) {
    std::optional<char> decimal = wishes.decimal;
    if (!decimal && file.decimal && !file.decimals_differ) decimal = file.decimal;
    if (decimal) {
      verdict = numbers.verdict(decimal);
      out.number_undecided = false;
    } else {
      out.undecided_number = verdict.example;
    }
  }
  out.number = verdict.format;
  out.number.factor = unit_in_header(column.name());
  out.numbers = verdict.read;
  out.percent = numbers.percents() > 0;
}

}  // namespace

bool is_number(Kind kind) { return kind == Kind::whole || kind == Kind::decimal; }
bool reads_as_dates(const Written& how, const ColumnSketch& column) {
  return how.dates > 0 && how.dates * 2 >= column.filled();
}

bool reads_as_numbers(const Written& how, const ColumnSketch& column) {
  return how.numbers > 0 && how.numbers * 2 >= column.filled();
}

bool is_date(Kind kind) { return kind == Kind::day || kind == Kind::moment; }

std::vector<Written> written(const TableSketch& sketch, const Wishes& wishes) {
  std::vector<Written> out;
  for (const ColumnSketch& column : sketch.columns()) {
    Written one;
    const bool unwanted =
        std::ranges::any_of(wishes.without, [&](const std::string& name) { return bare(name) == bare(column.name()); });
    if (!unwanted) one.kind = kind_of(column);
    out.push_back(std::move(one));
  }
  const SameFile file = same_file(sketch, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const ColumnSketch& column = sketch.columns()[i];
    if (out[i].kind == Kind::empty) continue;  // nothing stands in it, or somebody does not want it
    if (column.dates().dates() > 0) read_dates(column, file, wishes, out[i]);
    if (column.numbers().numbers() > 0) read_numbers(column, file, wishes, out[i]);
    if (is_number(out[i].kind) && !out[i].number_undecided) out[i].serial = serial_of(column);
  }
  return out;
}

}  // namespace vigie::propose
