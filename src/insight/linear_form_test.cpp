#include "insight/linear_form.h"

#include <gtest/gtest.h>

namespace vigie::insight {
namespace {

using expr::Op;
using expr::Type;

expr::Expr measure(const char* name) { return expr::column(name, Type::integer); }
expr::Expr call(Op op, std::vector<expr::Expr> args) { return expr::call(op, Type::number, std::move(args)); }

std::optional<LinearRatio> read(const expr::Expr& formula) {
  const kpi::Lookup parameters = [](const std::string&) -> Result<kpi::Value> { return kpi::Value::of(0.5); };
  auto out = linear_ratio_of(formula, parameters);
  return out ? *out : std::nullopt;
}

double number(const stats::Fraction& value) {
  return static_cast<double>(value.numerator) / static_cast<double>(value.denominator);
}

TEST(LinearForm, ARatioOfSumsKeepsItsItemsInOrder) {
  // (leavers + early_losses) / (opening + joiners)
  const auto form = read(call(Op::div, {call(Op::add, {measure("leavers"), measure("early_losses")}),
                                        call(Op::add, {measure("opening"), measure("joiners")})}));
  ASSERT_TRUE(form);
  ASSERT_EQ(form->numerator.terms.size(), 2U);
  EXPECT_EQ(form->numerator.terms[0].first, "leavers");
  EXPECT_EQ(form->numerator.terms[1].first, "early_losses");
  EXPECT_EQ(form->denominator.terms[1].first, "joiners");
}

TEST(LinearForm, AFactorReachesEveryItem) {
  // 100 · (promoters − detractors) / n: 100 and −100
  const auto form = read(
      call(Op::div, {call(Op::mul, {expr::integer(100), call(Op::sub, {measure("promoters"), measure("detractors")})}),
                     measure("n")}));
  ASSERT_TRUE(form);
  EXPECT_EQ(number(form->numerator.terms[0].second), 100);
  EXPECT_EQ(number(form->numerator.terms[1].second), -100);
}

TEST(LinearForm, AnItemTakenAwayFromItselfIsGone) {
  const auto form = read(call(Op::sub, {call(Op::add, {measure("a"), measure("b")}), measure("a")}));
  ASSERT_TRUE(form);
  ASSERT_EQ(form->numerator.terms.size(), 1U);
  EXPECT_EQ(form->numerator.terms[0].first, "b");
}

TEST(LinearForm, AParameterIsANumber) {
  const auto form = read(call(Op::mul, {measure("revenue"), expr::parameter("margin_rate", Type::number)}));
  ASSERT_TRUE(form);
  EXPECT_EQ(number(form->numerator.terms[0].second), 0.5);
}

TEST(LinearForm, ProductsOfMeasuresAndChoicesAreNoSuchRatio) {
  EXPECT_FALSE(read(call(Op::mul, {measure("a"), measure("b")})));
  EXPECT_FALSE(read(call(Op::least, {measure("a"), measure("b")})));
  EXPECT_FALSE(
      read(call(Op::add, {call(Op::div, {measure("a"), measure("b")}), call(Op::div, {measure("c"), measure("d")})})));
}

TEST(LinearForm, ADoubleIsTakenToItsLastBit) {
  const auto tenth = exact(kpi::Value::of(0.1));
  ASSERT_TRUE(tenth);
  EXPECT_EQ(number(*tenth), 0.1);
  EXPECT_FALSE(stats::is_zero(*tenth - stats::Fraction{1, 10}));  // the double nearest to a tenth is not a tenth
}

}  // namespace
}  // namespace vigie::insight
