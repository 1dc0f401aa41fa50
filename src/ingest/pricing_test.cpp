// Amounts in other currencies: the rate of a day, crosses, and what new rates change.
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kRates = R"(
map: rates
source: ecb
table: fx_rates
input: rates.csv
columns: {date: day, currency: cur, per_euro: rate}
)";
constexpr std::string_view kPlainOrders = R"(
map: orders
source: s
table: orders
input: orders.csv
columns: {key: id, ordered_at: day, amount_net: amount, currency: cur}
)";
constexpr std::string_view kLines = R"(
map: lines
source: s
table: order_lines
input: lines.csv
columns: {key: id, order_key: order, amount_net: amount, currency: cur}
)";

class PricingTest : public ImportTest {
 protected:
  std::string base() { return rows("SELECT source_key, amount_net_base FROM orders ORDER BY source_key"); }
};

TEST_F(PricingTest, TheRateOfADayIsTheLastQuoteAtMostSevenDaysOld) {
  file("rates.csv", "day,cur,rate\n2025-01-03,USD,1.25\n2025-01-06,USD,1.6\n");
  take(kRates);
  file("orders.csv",
       "id,day,amount,cur\n"
       "1,2025-01-05,100,USD\n"  // Sunday: the quote of Friday, 100 / 1.25 = 80
       "2,2025-01-06,100,usd\n"  // 100 / 1.6 = 62.5
       "3,2025-01-13,100,USD\n"  // seven days after the 6th
       "4,2025-01-14,100,USD\n"  // eight: unpriced
       "5,2025-01-02,100,USD\n"  // before the first quote
       "6,2025-01-06,100,\n"     // no currency: the map's, else the workspace's
       "7,2025-01-06,,USD\n");   // no amount is not unpriced
  const Receipt receipt = take(kPlainOrders);
  EXPECT_EQ(base(), "1|80\n2|62.5\n3|62.5\n4|-\n5|-\n6|100\n7|-");
  EXPECT_EQ(receipt.unpriced, 2);
  EXPECT_EQ(receipt.warnings.size(), 1U);
}

TEST_F(PricingTest, ACodeThatIsoDoesNotHaveIsTakenAndTold) {
  const std::string csv = "id,day,amount\n1,2025-01-06,2\n";
  const std::string map =
      "map: m\nsource: s\ntable: orders\ninput: orders.csv\n"
      "columns: {key: id, ordered_at: day, amount_net: amount}\n";
  file("orders.csv", csv);
  EXPECT_EQ(take(map + "currency: XAU\n").warnings.size(), 1U) << "without a rate, and a code of ISO 4217";
  file("rates.csv", "day,cur,rate\n2025-01-06,BTC,0.00001\n");
  take(kRates);
  const Receipt of_map = take(map + "currency: BTC\n");
  EXPECT_EQ(of_map.warnings, std::vector<std::string>{
                                 "BTC, the currency that the map says, is no code of ISO 4217: what is in it has an "
                                 "amount on days for which a rate of that name is there"});
  EXPECT_EQ(base(), "1|200000");  // 2 / 0.00001
  EXPECT_EQ(import(map + "currency: btc\n").error().code, "map.currency");
  open("Europe/Paris", "BTC");
  EXPECT_EQ(take(map).warnings,
            std::vector<std::string>{"BTC, the currency that vigie.yaml says, is no code of ISO 4217: what is in "
                                     "another one has an amount on days for which a rate of that name is there"});
  EXPECT_EQ(base(), "1|2");
}

TEST_F(PricingTest, ACodeThatIsNearAnotherIsToldThatOneWhereNoRateHasItsName) {
  file("orders.csv", "id,day,amount\n1,2025-01-06,2\n");
  const Receipt receipt = take(
      "map: m\nsource: s\ntable: orders\ninput: orders.csv\ncurrency: ERU\n"
      "columns: {key: id, ordered_at: day, amount_net: amount}\n");
  ASSERT_FALSE(receipt.warnings.empty());
  EXPECT_EQ(receipt.warnings[0],
            "ERU, the currency that the map says, is no code of ISO 4217: what is in it has an amount on days for "
            "which a rate of that name is there; did you mean \"EUR\"?");
  file("rates.csv", "day,rate\n2025-01-06,0.00001\n");
  const std::string rates =
      "map: r\nsource: s\ntable: fx_rates\ninput: rates.csv\ncolumns: {date: day, currency: {value: BTC}, per_euro: "
      "rate}\n";
  const std::string told =
      "BTC, the currency that the map says, is no code of ISO 4217: its rates hold for amounts in a currency of that "
      "name";
  EXPECT_EQ(take(rates).warnings, std::vector<std::string>{told + "; did you mean \"BTN\"?"});
  file("rates.csv", "day,rate\n2025-01-06,0.00002\n");
  EXPECT_EQ(take(rates).warnings, std::vector<std::string>{told});
}

TEST_F(PricingTest, RoundsOnceHalfToEvenAtSixDecimals) {
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,3\n2025-01-06,IDR,8000\n");
  take(kRates);
  // 0.0001 / 8000 = 0.0000000125; 0.004 / 8000 = 0.0000005 → 0.000000 (even); 0.012 / 8000 = 0.0000015 → 0.000002
  // (even)
  file("orders.csv",
       "id,day,amount,cur\n1,2025-01-06,1,USD\n2,2025-01-06,-2,USD\n3,2025-01-06,0.004,IDR\n4,2025-01-06,0.012,IDR\n"
       "5,2025-01-06,-0.012,IDR\n");
  take(kPlainOrders);
  EXPECT_EQ(base(), "1|0.333333\n2|-0.666667\n3|0\n4|0.000002\n5|-0.000002");
}

TEST_F(PricingTest, ACrossGoesThroughTheEuroUnrounded) {
  open("Europe/Paris", "USD");
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,1.2\n2025-01-06,GBP,0.9\n");
  take(kRates);
  file("orders.csv",
       "id,day,amount,cur\n1,2025-01-06,1,GBP\n2,2025-01-06,10,EUR\n3,2025-01-06,7,USD\n4,2025-01-20,1,EUR\n");
  const Receipt receipt = take(kPlainOrders);
  // 1 GBP = 1 / 0.9 EUR = 1.2 / 0.9 USD = 1.333333; through a rounded 1.111111 it would be 1.333333 too, 10 EUR = 12
  // USD
  EXPECT_EQ(base(), "1|1.333333\n2|12\n3|7\n4|-");
  EXPECT_EQ(receipt.unpriced, 1);
}

TEST_F(PricingTest, NewRatesPriceWhatWasUnpricedAndWhatChanged) {
  file("orders.csv", "id,day,amount,cur\n1,2025-01-06,100,USD\n2,2025-01-07,100,USD\n3,2025-01-07,5,EUR\n");
  EXPECT_EQ(take(kPlainOrders).unpriced, 2);
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,1.25\n");
  EXPECT_EQ(take(kRates).repriced, 2);
  EXPECT_EQ(base(), "1|80\n2|80\n3|5");
  file("rates.csv", "day,cur,rate\n2025-01-07,USD,2\n");
  EXPECT_EQ(take(kRates).repriced, 1);
  EXPECT_EQ(base(), "1|80\n2|50\n3|5");
}

TEST_F(PricingTest, LinesTakeTheDayOfTheirOrderAlsoWhenItComesLater) {
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,1.25\n");
  take(kRates);
  file("lines.csv", "id,order,amount,cur\na,1,100,USD\n");
  EXPECT_EQ(take(kLines).unpriced, 1);
  file("orders.csv", "id,day,amount,cur\n1,2025-01-06,,\n");
  EXPECT_EQ(take(kPlainOrders).repriced, 1);
  EXPECT_EQ(rows("SELECT amount_net_base FROM order_lines"), "80");
}

TEST_F(PricingTest, AnAmountChangesWithItsCurrency) {
  file("rates.csv", "day,cur,rate\n2025-01-06,USD,1.25\n");
  take(kRates);
  file("orders.csv", "id,day,amount,cur\n1,2025-01-06,100,USD\n");
  take(kPlainOrders);
  file("orders.csv", "id,day,amount,cur\n1,2025-01-06,100,EUR\n");
  EXPECT_EQ(take(kPlainOrders).updated, 1);
  EXPECT_EQ(base(), "1|100");
}

TEST_F(PricingTest, CurrenciesAndAmountsThatCannotBe) {
  file(
      "orders.csv",
      "id,day,amount,cur\n1,2025-01-06,100,Euro\n2,2025-01-06,1000000000000,EUR\n3,2025-01-06,999999999999.9999,EUR\n");
  take(kPlainOrders);
  EXPECT_EQ(quarantine(), "cast.currency|cur|2\ncast.overflow|amount|3");
  EXPECT_EQ(base(), "3|999999999999.9999");
}

TEST_F(PricingTest, ACodeThatIsoDoesNotHaveIsTakenAndToldWhereverTheMapWritesIt) {
  file("orders.csv", "id,day,amount,cur\n1,2025-01-06,2,Bitcoin\n");
  for (const char* currency :
       {"{value: btc}", "{from: cur, values: {Bitcoin: BTC, Euro: EUR}}", "{from: cur, values: {Euro: EUR}, else: BTC}",
        "{from: cur, null_values: [Bitcoin], default: BTC}"}) {
    open("Europe/Paris", "EUR");
    const Receipt receipt = take(fmt::format(
        "map: m\nsource: s\ntable: orders\ninput: orders.csv\ncolumns: {{key: id, ordered_at: day, amount_net: amount, "
        "currency: {}}}\n",
        currency));
    EXPECT_EQ(rows("SELECT currency FROM orders"), "BTC") << currency;
    EXPECT_EQ(std::ranges::count(receipt.warnings,
                                 "BTC, the currency that the map says, is no code of ISO 4217: what is in it has an "
                                 "amount on days for which a rate of that name is there; did you mean \"BTN\"?"),
              1)
        << currency;
  }
}

}  // namespace
}  // namespace vigie::ingest
