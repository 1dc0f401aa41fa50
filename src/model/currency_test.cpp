#include "model/currency.h"

#include <gtest/gtest.h>

namespace vigie::model {
namespace {

const std::string kOfNoCurrency(3, 'X');

TEST(Currency, IsACodeInForceOrReplacedSinceTheEuro) {
  for (const char* code : {"EUR", "USD", "ZWG", "XCG", "XDR", "DEM", "FRF", "HRK", "BGN", "BYB", "BGL", "MGF", "ZWN",
                           "TPE", "ECS", "ADP", "AOR", "XEU"})
    EXPECT_TRUE(is_currency(code)) << code;
  for (const char* metal : {"XAG", "XAU", "XPD", "XPT"}) EXPECT_TRUE(is_currency(metal)) << metal;
  for (const char* none : {"BTC", "ZZZ", "XTS", "eur", "euro", "", "E", "R U", " US", "USD "})
    EXPECT_FALSE(is_currency(none)) << none;
  EXPECT_FALSE(is_currency(kOfNoCurrency));
}

TEST(Currency, OfNoneIsToldWhatWasMeant) {
  const auto told = [](std::string_view code) {
    const auto checked = check_currency(code);
    return checked ? "" : checked.error().text();
  };
  EXPECT_EQ(told("EUR"), "");
  EXPECT_EQ(told("XAU"), "");
  EXPECT_EQ(told("ERU"), "\"ERU\" is not a currency code; did you mean \"EUR\"?");
  EXPECT_EQ(told("euro"), "\"euro\" is not a currency code; did you mean \"EUR\"?");
  EXPECT_EQ(told("ZZZ"), "\"ZZZ\" is not a currency code; write the three letters of ISO 4217, such as EUR");
  for (const std::string& none : {kOfNoCurrency, std::string("XTS")})
    EXPECT_EQ(told(none), none + " stands for no currency in ISO 4217; write that of the company, such as EUR");
}

}  // namespace
}  // namespace vigie::model
