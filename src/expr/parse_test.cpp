#include <gtest/gtest.h>

#include "expr/print.h"
#include "expr/test_scope.h"

namespace vigie::expr {
namespace {

bool reads_alike(std::string_view a, std::string_view b) {
  const auto x = check(a), y = check(b);
  if (!x) ADD_FAILURE() << a << ": " << x.error().text();
  if (!y) ADD_FAILURE() << b << ": " << y.error().text();
  return x && y && same(*x, *y);
}

TEST(Parse, BindsAsPeopleExpect) {
  // or < and < not < comparisons < + - < * / < minus
  EXPECT_TRUE(reads_alike("is_first or is_first and is_first", "is_first or (is_first and is_first)"));
  EXPECT_TRUE(reads_alike("not is_first and is_first", "(not is_first) and is_first"));
  EXPECT_TRUE(reads_alike("not quantity = 1", "not (quantity = 1)"));
  EXPECT_TRUE(reads_alike("quantity + 1 = 2 * 3", "(quantity + 1) = (2 * 3)"));
  EXPECT_TRUE(reads_alike("1 + 2 * 3", "1 + (2 * 3)"));
  EXPECT_TRUE(reads_alike("quantity - 2 - 3", "(quantity - 2) - 3"));
  EXPECT_TRUE(reads_alike("quantity / 2 / 3", "(quantity / 2) / 3"));
  EXPECT_TRUE(reads_alike("- quantity * 2", "(- quantity) * 2"));
  EXPECT_TRUE(reads_alike("quantity + 1 is null", "(quantity + 1) is null"));
  EXPECT_TRUE(
      reads_alike("quantity between 1 + 1 and 4 and is_first", "(quantity between (1 + 1) and 4) and is_first"));
  EXPECT_FALSE(reads_alike("quantity - (2 - 3)", "quantity - 2 - 3"));
  EXPECT_FALSE(reads_alike("(is_first or is_first) and is_first", "is_first or is_first and is_first"));
}

TEST(Parse, WritesOnlyTheParenthesesThatAreNeeded) {
  EXPECT_EQ(read("((quantity)) - ((2 - 3))"), "quantity - (2 - 3)");
  EXPECT_EQ(read("(quantity - 2) - 3"), "quantity - 2 - 3");
  EXPECT_EQ(read("(is_first or is_first) and not (is_first and is_first)"),
            "(is_first or is_first) and not (is_first and is_first)");
  EXPECT_EQ(read("not (channel in ('a'))"), "channel not in ('a')");
  EXPECT_EQ(read("-(5)"), "-(5)");
  EXPECT_EQ(read("-(-quantity)"), "-(-quantity)");
}

TEST(Parse, ReadsKeywordsInAnyCase) {
  EXPECT_TRUE(reads_alike("NOT channel IS NULL AND channel NOT IN ('a') OR FALSE",
                          "not channel is null and channel not in ('a') or false"));
  EXPECT_TRUE(reads_alike("Case When is_first Then 1 Else 2 End", "case when is_first then 1 else 2 end"));
  EXPECT_TRUE(reads_alike("COALESCE(channel, 'none')", "coalesce(channel, 'none')"));
}

TEST(Parse, ReadsTwoSpellingsOfUnequal) { EXPECT_TRUE(reads_alike("quantity <> 1", "quantity != 1")); }

TEST(Parse, ReadsNumbers) {
  EXPECT_EQ(read("12"), "12");
  EXPECT_EQ(read("12.50"), "12.50");
  EXPECT_EQ(read("5."), "5.") << "a number without decimals, not an integer";
  EXPECT_EQ(read("1.5e3"), "1500e0");
  EXPECT_EQ(read("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(read("9223372036854775808"), "9223372036854775808.") << "too large for an integer: an exact number";
  EXPECT_EQ(read("1.0000000000000000001"), "1:1: 1.0000000000000000001 has more than 18 decimals");
  EXPECT_EQ(read("100000000000000000000000000000000000000"),
            "1:1: 100000000000000000000000000000000000000 has more than 38 digits");
  EXPECT_EQ(read("1e999"), "1:1: 1e999 is beyond what a real number holds");
}

TEST(Parse, ReadsDurations) {
  EXPECT_EQ(read("30 days"), "30 days");
  EXPECT_EQ(read("2 weeks"), "14 days");
  EXPECT_EQ(read("24 hours"), "1 day");
  EXPECT_EQ(read("1.5 Hours"), "90 minutes");
  EXPECT_EQ(read("-30days"), "-30 days");
  EXPECT_EQ(
      read("3 months"),
      "1:3: \"months\" is neither a unit of time nor a currency; months and years differ in length: write 30 days");
  EXPECT_EQ(read("0.0000001 seconds"), "1:1: a duration finer than a microsecond");
  EXPECT_EQ(read("999999999999 days"), "1:1: a duration of more than 292,000 years");
}

TEST(Parse, ReadsMoney) {
  EXPECT_EQ(read("100 EUR"), "100 EUR");
  EXPECT_EQ(read("-100.50 eur"), "-100.5 EUR");
  EXPECT_EQ(read("0.0000001 EUR"),
            "1:1: 0.0000001 is finer or larger than an amount can be; an amount has at most 6 decimals and 32 digits "
            "before them");
  EXPECT_EQ(read("100 euros"),
            "1:5: \"euros\" is neither a unit of time nor a currency; write 30 days, 12 hours or 100 EUR");
}

TEST(Parse, ReadsDaysAndInstants) {
  EXPECT_EQ(read("date '2025-01-31'"), "date '2025-01-31'");
  EXPECT_EQ(read("instant '2025-01-31T10:00:00+01:00'"), "instant '2025-01-31T10:00:00+01:00'");
  EXPECT_EQ(read("instant '2025-01-31 09:00Z'"), "instant '2025-01-31T09:00:00Z'");
  EXPECT_EQ(read("instant '2025-02-01T00:00:00+01:00 day 2025-01-31 bare'"),
            "instant '2025-02-01T00:00:00+01:00 day 2025-01-31 bare'");
  EXPECT_EQ(read("date '2025-02-30'"), "1:6: \"2025-02-30\" is not a date; write it as 2025-01-31");
  EXPECT_EQ(read("instant '2025-01-31'"),
            "1:9: \"2025-01-31\" is not an instant; write it as 2025-01-31T10:00:00Z or with an offset such as +01:00");
}

TEST(Parse, ReadsTextsAndNames) {
  EXPECT_EQ(read("'it''s'"), "'it''s'");
  EXPECT_EQ(read("''"), "''");
  EXPECT_EQ(read("customer.segment = 'PME'"), "customer.segment = 'PME'");
  EXPECT_EQ(read("\"Montant HT\" > 1"), "\"Montant HT\" > 1");
  EXPECT_EQ(read("`Montant HT` > 1"), "\"Montant HT\" > 1");
  EXPECT_EQ(read("\"end\" > 1"), "\"end\" > 1") << "a keyword in quotes is a column";
  EXPECT_EQ(read("channel\u00A0=\u00A0'a'"), "channel = 'a'") << "blanks as word processors leave them";
}

TEST(Parse, ReadsAsOfWithoutASign) { EXPECT_TRUE(reads_alike("created_at < as_of", "created_at < $as_of")); }

TEST(Parse, AnInjectionIsASyntaxErrorOrAHarmlessText) {
  EXPECT_EQ(read("channel = 'x'; drop table orders; --'"),
            "1:14: unexpected \";\"; an expression is one condition or value, not several statements");
  EXPECT_EQ(read("channel = 'it''s; drop'"), "channel = 'it''s; drop'");
  EXPECT_EQ(read("channel = 'x' -- comment"),
            "1:18: unknown column \"comment\" in orders; a text stands between single quotes: 'comment'");
  EXPECT_EQ(read("channel = 'x' /* */"), "1:16: expected a value, a column or \"(\", found \"*\"");
  EXPECT_EQ(read("channel = 'x' union select 1"), "1:15: expected the end or an operator, found \"union\"");
  EXPECT_EQ(read("channel = 'x' or 1=1) or (1=1"), "1:21: expected the end or an operator, found \")\"");
  EXPECT_EQ(read(std::string_view("channel = 'x\0'", 14)), "1:13: a control character (U+0000); take it out");
  EXPECT_EQ(read("channel = 'x\xFF'"), "1:13: a byte that is not UTF-8; save the text as UTF-8");
  EXPECT_EQ(read("read_csv('/etc/passwd')"), "1:1: unknown function \"read_csv\"");
}

TEST(Parse, SaysWhatWasExpected) {
  EXPECT_EQ(read(""), "1:1: an empty text; an expression was expected");
  EXPECT_EQ(read("   "), "1:1: an empty text; an expression was expected");
  EXPECT_EQ(read("quantity ="), "1:11: expected a value, a column or \"(\", found the end of the text");
  EXPECT_EQ(read("(quantity = 1"), "1:14: expected \")\", found the end of the text");
  EXPECT_EQ(read("channel in 'a'"), "1:12: expected \"(\", found the text 'a'");
  EXPECT_EQ(read("channel in ()"), "1:13: expected a value, a column or \"(\", found \")\"");
  EXPECT_EQ(read("channel in ('a' 'b')"), "1:17: expected \",\" or \")\", found the text 'b'");
  EXPECT_EQ(read("channel is 'a'"), "1:12: expected \"null\", found the text 'a'");
  EXPECT_EQ(read("channel not 'a'"),
            "1:13: expected \"in\", \"like\" or \"between\" after \"not\", found the text 'a'");
  EXPECT_EQ(read("case channel when 'a' then 1 end"),
            "1:6: expected \"when\", found \"channel\"; write: case when condition then value else value end");
  EXPECT_EQ(read("case when is_first then 1"),
            "1:26: expected \"when\", \"else\" or \"end\", found the end of the text");
  EXPECT_EQ(read("1 < quantity < 5"),
            "1:14: a second comparison, \"<\"; join two comparisons with and, or put one in parentheses");
  EXPECT_EQ(read("channel = 'paid"), "1:11: this ' has no end; close it with '; a ' inside is written twice");
  EXPECT_EQ(read("quantity == 1"), "1:10: unexpected \"=\"; write = for \"is equal\"");
  EXPECT_EQ(read("is_first && is_first"), "1:10: unexpected \"&\"; write and");
  EXPECT_EQ(read("channel = \u2018paid\u2019"),
            "1:11: unexpected \"\u2018\"; texts stand between straight quotes: 'paid'");
  EXPECT_EQ(read("amount \u2265 1 EUR"), "1:8: unexpected \"\u2265\"; write >=");
  EXPECT_EQ(read("$"), "1:1: $ without a name; a parameter is written $window");
}

TEST(Parse, PointsAtTheCharacterInItsFile) {
  const auto at = [](std::string_view text, SourcePosition where) {
    return parse_and_check(text, kScope, std::move(where)).error().text();
  };
  // The text begins at line 7, column 12: "amout" is its first word, "chanel" its third, twelve characters on.
  EXPECT_EQ(at("amout > 5 EUR", {"kpis/x.yaml", 7, 12}),
            "kpis/x.yaml:7:12: unknown column \"amout\" in orders; did you mean \"amount\"?");
  EXPECT_EQ(at("is_first and chanel = 'a'", {"kpis/x.yaml", 7, 12}),
            "kpis/x.yaml:7:25: unknown column \"chanel\" in orders; did you mean \"channel\"?");
  // A block of YAML: every line begins in the column of the first.
  EXPECT_EQ(at("is_first\n  and chanel = 'a'", {"kpis/x.yaml", 7, 5}),
            "kpis/x.yaml:8:11: unknown column \"chanel\" in orders; did you mean \"channel\"?");
  // Columns count characters: é is one.
  EXPECT_EQ(at("channel = 'été' and chanel = 'a'", {"", 1, 1}),
            "1:21: unknown column \"chanel\" in orders; did you mean \"channel\"?");
}

}  // namespace
}  // namespace vigie::expr
