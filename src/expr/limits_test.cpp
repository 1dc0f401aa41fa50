#include "expr/limits.h"

#include <gtest/gtest.h>

#include "expr/print.h"
#include "expr/test_dialect.h"
#include "expr/test_scope.h"
#include "expr/weight.h"

namespace vigie::expr {
namespace {

std::string code(std::string_view text) {
  const auto e = check(text);
  return e ? "fine" : e.error().code;
}

std::string times(std::size_t count, std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += part;
  return out;
}

TEST(Limits, LengthOfAText) {
  const std::string longest = "channel = '" + std::string(kMaxTextLength - 12, 'x') + "'";
  ASSERT_EQ(longest.size(), kMaxTextLength);
  EXPECT_EQ(code(longest), "fine");
  EXPECT_EQ(code(longest + " "), "expr.too_long");
}

TEST(Limits, LengthOfAList) {
  const std::string full = "quantity in (" + times(kMaxListLength - 1, "1,") + "1";
  EXPECT_EQ(code(full + ")"), "fine");
  EXPECT_EQ(code(full + ",1)"), "expr.too_long");
  EXPECT_EQ(code("is_first" + times(kMaxListLength - 1, " or is_first")), "fine");
  EXPECT_EQ(code("is_first" + times(kMaxListLength, " or is_first")), "expr.too_long");
  EXPECT_EQ(code("case" + times(kMaxListLength / 2, " when is_first then 1") + " else 2 end"), "expr.too_long");
}

TEST(Limits, DepthOfOperations) {
  // A chain of minuses nests to the left: 99 of them make a tree of depth 100.
  EXPECT_EQ(code("quantity" + times(99, " - 1") + " > 0"), "expr.too_deep");
  EXPECT_EQ(code("quantity" + times(98, " - 1") + " > 0"), "fine");
  EXPECT_EQ(code(times(99, "not ") + "is_first"), "fine");
  EXPECT_EQ(code(times(100, "not ") + "is_first"), "expr.too_deep");
}

TEST(Limits, NoTextReachesTheEndOfTheStack) {
  for (const std::string_view open : {"(", "not ", "- ", "abs(", "case when is_first then ", "quantity in ("}) {
    const auto e = check(times(kMaxTextLength / open.size(), open));
    ASSERT_FALSE(e);
    EXPECT_EQ(e.error().code, "expr.too_deep") << open;
  }
  EXPECT_EQ(code(times(150, "(") + "is_first" + times(150, ")")), "fine") << "parentheses alone make no tree";
}

TEST(Limits, SizeOfAQuery) {
  // A duration asks its ends for three facets, so each level repeats the one below: 3^20 is three thousand million,
  // which nothing may try to write, or even to count one by one.
  std::string text = "created_at";
  for (int level = 0; level < 20; ++level)
    text = fmt::format("case when duration({}, closed_at) > 1 day then created_at else closed_at end", text);
  const auto e = check("duration(" + text + ", closed_at) > 1 day");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code, "expr.too_long");
}

TEST(Limits, BetweenSharesItsLeftSide) {
  // Each between uses its left side twice: 40 levels would be 2^40 names if they were copied.
  std::string text = "quantity";
  for (int level = 0; level < 40; ++level) text = fmt::format("case when {} between 1 and 2 then 1 else 2 end", text);
  EXPECT_EQ(code(text), "expr.too_long");
}

TEST(Limits, TheSizeBoundsWhatIsPrinted) {
  const Expr e = *check(
      "within(created_at, closed_at, $window) and coalesce(created_at, closed_at) - signed_on > 2 days "
      "and least(created_at, closed_at) - due_on > 1 day and channel in ('a', medium)");
  const Expr bound = *bind(e, {{"window", Micros{1}}});
  const std::string sql = print(bound, TestDialect());
  std::int64_t names = 0;  // identifiers stand between quotes: two marks each
  for (const char c : sql) names += c == '"';
  EXPECT_LE(names / 2, printed_size(e));
}

}  // namespace
}  // namespace vigie::expr
