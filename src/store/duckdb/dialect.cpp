// How DuckDB writes scalars and the aggregates that trees need.
#include "store/database.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Type;

class DuckDbDialect final : public Dialect {
 public:
  std::string identifier(std::string_view name) const override { return quote_identifier(name); }
  /// Composed as the texts of the warehouse are (NFC), however it was typed.
  std::string text(std::string_view value) const override {
    const bool plain = std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return plain ? quote_text(value) : fmt::format("nfc_normalize({})", quote_text(value));
  }

  std::string decimal(const Decimal& value) const override {
    // "1.50" is DECIMAL(3,2) here; a whole number would be an integer.
    if (value.scale() == 0) return fmt::format("CAST({} AS DECIMAL(38,0))", value.to_string());
    return value.units() < 0 ? fmt::format("({})", value.to_string()) : value.to_string();
  }

  std::string is_same(const std::string& a, const std::string& b) const override {
    return fmt::format("({} IS NOT DISTINCT FROM {})", a, b);
  }

  std::string type_name(Type type, int scale) const override {
    switch (type) {
      case Type::number:
      case Type::money: return fmt::format("DECIMAL(38,{})", scale);
      case Type::boolean: return "BOOLEAN";
      case Type::real: return "DOUBLE";
      case Type::text: return "VARCHAR";
      case Type::date: return "INTEGER";
      case Type::integer:
      case Type::instant:
      case Type::duration:
      case Type::null: return "BIGINT";
    }
    return "BIGINT";
  }

  std::string product(const std::string& a, int scale_of_a, const std::string& b, int scale_of_b) const override {
    const std::string wide = Dialect::product(a, scale_of_a, b, scale_of_b);
    // In 64 bits where the product fits 18 digits for sure: twice as fast.
    constexpr int kMostScale = 10;
    constexpr std::size_t kLongest = 64;  // each side is written three times
    if (scale_of_a + scale_of_b > kMostScale || std::max(a.size(), b.size()) > kLongest) return wide;
    return fmt::format(
        "(CASE WHEN {0} BETWEEN -9999 AND 9999 AND {2} BETWEEN -9999 AND 9999 THEN CAST({0} AS DECIMAL(18,{1})) * "
        "CAST({2} AS DECIMAL(18,{3})) ELSE {4} END)",
        a, scale_of_a, b, scale_of_b, wide);
  }

  std::string divide(const std::string& a, const std::string& b) const override {
    return fmt::format("({} / NULLIF({}, 0))", a, b);  // x / 0 would be an infinity
  }

  std::string date_part(expr::Op part, const std::string& day_number) const override {
    std::string_view name = "year";
    if (part == expr::Op::month) name = "month";
    if (part == expr::Op::quarter) name = "quarter";
    if (part == expr::Op::weekday) name = "isodow";
    return fmt::format("{}(DATE '1970-01-01' + {})", name, day_number);
  }

  std::string integer_divide(const std::string& a, const std::string& b) const override {
    return fmt::format("({} // {})", a, b);
  }

  std::string aggregate(std::string_view name, const std::string& argument,
                        const std::string& condition) const override {
    return fmt::format("{}({}){}", name, argument, where(condition));
  }
  std::string at_least(const std::string& value, const std::string& by, const std::string& condition) const override {
    return fmt::format("arg_min({}, {}){}", value, by, where(condition));
  }
  std::string at_greatest(const std::string& value, const std::string& by,
                          const std::string& condition) const override {
    return fmt::format("arg_max({}, {}){}", value, by, where(condition));
  }

  std::string list_column(const std::string& items, const std::string& type) const override {
    return fmt::format("unnest(CAST('[{}]' AS {}[]))", items, type);
  }
  std::string computed_once(const std::string& name, const std::string& query, bool first) const override {
    return fmt::format("{}{} AS MATERIALIZED ({})", first ? "WITH " : ",\n", identifier(name), query);
  }

  std::string sum_squares(const std::string& amount, int scale, const std::string& condition) const override {
    // In whole cents, and in 64 bits where the square fits: twice as fast as squares of DECIMAL(38,2).
    const std::string cents = cents_of(amount, scale);
    const std::string small = fmt::format("{} BETWEEN -3000000000 AND 3000000000", cents);
    const std::string narrow = fmt::format("sum(CASE WHEN {0} THEN {1} * {1} END){2}", small, cents, where(condition));
    const std::string wide =
        fmt::format("sum(CASE WHEN NOT {0} THEN CAST({1} AS HUGEINT) * {1} END){2}", small, cents, where(condition));
    return fmt::format("CAST(COALESCE({0} + {1}, {0}, {1}) AS DECIMAL(38,0)) * 0.0001", narrow, wide);
  }

 private:
  static std::string where(const std::string& condition) {
    return condition.empty() ? "" : fmt::format(" FILTER (WHERE {})", condition);
  }

  /// round() takes halves away from zero. At a half, the even neighbour is twice the rounded half of the amount: 0.105
  /// → 0.0525 → 0.05 → 0.10, and 0.115 → 0.0575 → 0.06 → 0.12. All of it in decimals.
  static std::string cents_of(const std::string& amount, int scale) {
    if (scale <= 2) return fmt::format("CAST({} * 100 AS BIGINT)", amount);
    const std::string wide = rounded_cents(amount, scale);
    // 38 digits are divided in software, a hundred times slower than 18: amounts that fit there go through them.
    constexpr int kNarrow = 10;
    if (scale > kNarrow) return wide;
    return fmt::format(
        "(CASE WHEN {0} BETWEEN CAST(-30000000 AS DECIMAL(38,{1})) AND CAST(30000000 AS DECIMAL(38,{1})) THEN {2} ELSE "
        "{3} END)",
        amount, scale, rounded_cents(fmt::format("CAST({} AS DECIMAL(18,{}))", amount, scale), scale), wide);
  }

  static std::string rounded_cents(const std::string& amount, int scale) {
    return fmt::format(
        "(CASE WHEN abs({0} % 0.01) = 0.005 THEN CAST(round(CAST({0} AS DECIMAL(38,{1})) * 0.5, 2) * 200 AS BIGINT) "
        "ELSE CAST(round({0}, 2) * 100 AS BIGINT) END)",
        amount, scale);
  }
};

}  // namespace

const Dialect& duckdb_dialect() {
  static const DuckDbDialect kDialect;
  return kDialect;
}

}  // namespace vigie::store
