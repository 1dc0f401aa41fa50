#pragma once
#include "expr/print.h"

namespace vigie::expr {

/// A dialect for the tests of this room, close to standard SQL and short to read.
class TestDialect : public Dialect {
 public:
  std::string identifier(std::string_view name) const override { return quoted(name, '"'); }
  std::string text(std::string_view value) const override { return quoted(value, '\''); }
  std::string decimal(const Decimal& value) const override { return value.to_string(); }
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
      default: return "BIGINT";
    }
  }
  std::string divide(const std::string& a, const std::string& b) const override {
    return fmt::format("({} / NULLIF({}, 0))", a, b);
  }
  std::string date_part(Op part, const std::string& day) const override {
    const char* name = part == Op::year      ? "year"
                       : part == Op::month   ? "month"
                       : part == Op::quarter ? "quarter"
                                             : "isodow";
    return fmt::format("{}({})", name, day);
  }
  std::string integer_divide(const std::string& a, const std::string& b) const override {
    return fmt::format("({} // {})", a, b);
  }

 private:
  static std::string quoted(std::string_view text, char mark) {
    std::string out(1, mark);
    for (const char c : text) {
      if (c == mark) out += mark;
      out += c;
    }
    return out + mark;
  }
};

}  // namespace vigie::expr
