#include "expr/expr.h"

#include <gtest/gtest.h>

namespace vigie::expr {
namespace {

Decimal decimal(std::string_view digits) { return *Decimal::parse(digits); }

/// $name, as written at line 7, column 12 of a definition.
Expr written(std::string name, Type type) {
  Node node = *parameter(std::move(name), type);
  node.where = {"kpis/x.yaml", 7, 12};
  return std::make_shared<const Node>(node);
}

TEST(Expr, LiteralsKnowTheirTypes) {
  EXPECT_EQ(literal(true)->type, Type::boolean);
  EXPECT_EQ(literal(Micros{5})->type, Type::duration);
  EXPECT_EQ(literal(decimal("1.250"))->type, Type::number);
  EXPECT_EQ(literal(decimal("1.250"))->scale, 3);
  EXPECT_EQ(literal(MoneyLiteral{decimal("1.25"), "EUR"})->type, Type::money);
  EXPECT_EQ(literal(MoneyLiteral{decimal("1.25"), "EUR"})->scale, 6);
  EXPECT_EQ(literal(InstantLiteral{})->type, Type::instant);
  EXPECT_EQ(null_of(Type::text)->type, Type::text);
}

TEST(Expr, AllOfNothingIsTrue) {
  EXPECT_TRUE(same(all_of({}), literal(true)));
  const Expr paid = column("is_paid", Type::boolean);
  EXPECT_EQ(all_of({paid}), paid);
  EXPECT_EQ(all_of({paid, paid})->op, Op::and_);
}

TEST(Expr, SameLooksAtEverythingButPlaces) {
  const Node here{.type = Type::text, .literal = std::string("a"), .where = {"x", 1, 1}};
  const Node there{.type = Type::text, .literal = std::string("a"), .where = {"y", 9, 9}};
  EXPECT_TRUE(same(std::make_shared<const Node>(here), std::make_shared<const Node>(there)));
  EXPECT_FALSE(same(text("a"), text("b")));
  EXPECT_FALSE(same(literal(decimal("1.0")), literal(decimal("1.00")))) << "the scale is part of the type";
  EXPECT_FALSE(same(eq(text("a"), text("b")), eq(text("a"), text("c"))));
}

TEST(Expr, NamesEachColumnOnce) {
  const Expr amount = column("amount", Type::money, 6), paid = column("is_paid", Type::boolean);
  std::vector<std::string> names{"is_paid"};
  columns_of(all_of({paid, gt(amount, amount), is_null(column("customer.segment", Type::text))}), names);
  EXPECT_EQ(names, (std::vector<std::string>{"is_paid", "amount", "customer.segment"}));
}

TEST(Expr, MapsColumnsAndSharesTheRest) {
  const Expr untouched = is_null(column("b", Type::text));
  const Expr e = all_of({eq(column("a", Type::text), text("x")), untouched});
  const Expr mapped =
      map_columns(e, [](const Node& node) { return node.name == "a" ? column("t_a", Type::text) : nullptr; });
  EXPECT_TRUE(same(mapped, all_of({eq(column("t_a", Type::text), text("x")), untouched})));
  EXPECT_EQ(mapped->args[1], untouched);
  EXPECT_EQ(map_columns(e, [](const Node&) { return nullptr; }), e);
}

TEST(Bind, ReplacesParametersByValues) {
  const Expr e = lt(column("age", Type::duration), written("window", Type::duration));
  const auto bound = bind(e, {{"window", Micros{30 * kMicrosPerDay}}});
  ASSERT_TRUE(bound);
  EXPECT_TRUE(same(*bound, lt(column("age", Type::duration), literal(Micros{30 * kMicrosPerDay}))));
}

TEST(Bind, SaysWhichValueIsMissing) {
  const auto bound = bind(not_(written("strict", Type::boolean)), {});
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, "parameter.missing");
  EXPECT_EQ(bound.error().kind, ErrorKind::usage);
  EXPECT_EQ(bound.error().text(), "kpis/x.yaml:7:12: parameter $strict has no value");
}

TEST(Bind, TakesAWholeNumberAsANumberAndNothingElse) {
  const Expr e = written("q", Type::number);
  EXPECT_TRUE(same(*bind(e, {{"q", std::int64_t{2}}}), literal(decimal("2.000000"))));
  EXPECT_TRUE(same(*bind(e, {{"q", decimal("0.5")}}), literal(decimal("0.500000"))));
  EXPECT_EQ(bind(e, {{"q", std::string("0.5")}}).error().text(),
            "kpis/x.yaml:7:12: parameter $q wants a number, found a text");
  EXPECT_EQ(bind(e, {{"q", decimal("0.1234567")}}).error().code, "parameter.type");
  EXPECT_TRUE(same(*bind(e, {{"q", std::monostate{}}}), null_of(Type::number)));
}

TEST(Bind, RefusesAPatternThatEndsInTheMiddle) {
  const Expr e = call(Op::like, Type::boolean, {column("name", Type::text), written("pattern", Type::text)});
  EXPECT_TRUE(bind(e, {{"pattern", std::string("50\\%")}}));
  EXPECT_TRUE(bind(e, {{"pattern", std::string("back\\\\")}}));
  EXPECT_EQ(bind(e, {{"pattern", std::string("50\\")}}).error().code, "parameter.type");
}

TEST(CheckCurrency, RefusesAnotherCurrencyThanTheReportingOne) {
  const Expr e = gt(column("amount", Type::money, 6), literal(MoneyLiteral{decimal("100.00"), "USD"}));
  EXPECT_TRUE(check_currency(e, "USD"));
  EXPECT_EQ(check_currency(e, "EUR").error().text(),
            "100 USD is not in the reporting currency; write the amount in EUR");
}

}  // namespace
}  // namespace vigie::expr
