// How DuckDB writes scalars and the aggregates that trees need.
#include "store/database.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Type;

class DuckDbDialect final : public Dialect {
 public:
  std::string identifier(std::string_view name) const override { return quote_identifier(name); }
  std::string text(std::string_view value) const override { return quote_text(value); }

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
      case Type::money:
        return fmt::format("DECIMAL(38,{})", scale);
      case Type::boolean:
        return "BOOLEAN";
      case Type::real:
        return "DOUBLE";
      case Type::text:
        return "VARCHAR";
      case Type::date:
        return "INTEGER";
      case Type::integer:
      case Type::instant:
      case Type::duration:
      case Type::null:
        return "BIGINT";
    }
    return "BIGINT";
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

  std::string at_least(const std::string& value, const std::string& by) const override {
    return fmt::format("arg_min({}, {})", value, by);
  }
  std::string at_greatest(const std::string& value, const std::string& by) const override {
    return fmt::format("arg_max({}, {})", value, by);
  }

  std::string square_of_cents(const std::string& amount, int scale) const override {
    // round() takes halves away from zero. At a half, the even neighbour is twice the rounded half of the amount: 0.105
    // → 0.0525 → 0.05 → 0.10, and 0.115 → 0.0575 → 0.06 → 0.12. All of it in decimals.
    std::string cents = amount;
    if (scale > 2) {
      cents =
          fmt::format("CASE WHEN abs({0} % 0.01) = 0.005 THEN round({0} * 0.5, 2) * 2 ELSE round({0}, 2) END", amount);
    }
    // The cast makes the product DECIMAL(38,4); from DECIMAL(18,2) it would be DECIMAL(18,4), which 10⁸ squared passes.
    cents = fmt::format("CAST({} AS DECIMAL(19,2))", cents);
    return fmt::format("{0} * {0}", cents);
  }
};

}  // namespace

const Dialect& duckdb_dialect() {
  static const DuckDbDialect kDialect;
  return kDialect;
}

}  // namespace vigie::store
