#include "stats/decomposition.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "stats/apportionment.h"
#include "stats/test_decimal.h"

namespace vigie::stats {
namespace {

RatioItem item(std::string_view n0, std::string_view d0, std::string_view n1, std::string_view d1) {
  return {dec(n0), dec(d0), dec(n1), dec(d1)};
}
Decimal sum(const std::vector<RatioEffect>& effects) {
  Decimal total;
  for (const RatioEffect& effect : effects) total = *total.plus(effect.total);
  return total;
}

TEST(DecomposeRatio, SimpsonsParadox) {
  // Conversion of two channels. Each gets better, the whole gets worse, since the weak one grew.
  //   shop: 20/50 = 0.40 → 9/20 = 0.45      web: 5/50 = 0.10 → 12/80 = 0.15      all: 0.25 → 0.21
  //   rate: shop (0.5+0.2)/2 · 0.05 = 0.0175, web (0.5+0.8)/2 · 0.05 = 0.0325
  //   mix, against (0.25+0.21)/2 = 0.23: shop −0.3 · (0.425 − 0.23) = −0.0585, web 0.3 · (0.125 − 0.23) = −0.0315
  const std::vector<RatioItem> items{item("20", "50", "9", "20"), item("5", "50", "12", "80")};
  const auto out = decompose_ratio(items);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->before.to_plain(), "0.25");
  EXPECT_EQ(out->after.to_plain(), "0.21");
  EXPECT_EQ(out->change.to_plain(), "-0.04");
  EXPECT_EQ(out->items[0].rate.to_plain(), "0.0175");
  EXPECT_EQ(out->items[0].mix.to_plain(), "-0.0585");
  EXPECT_EQ(out->items[1].rate.to_plain(), "0.0325");
  EXPECT_EQ(out->items[1].mix.to_plain(), "-0.0315");
  EXPECT_EQ(out->rate.to_plain(), "0.05");
  EXPECT_EQ(out->mix.to_plain(), "-0.09");
  EXPECT_EQ(sum(out->items), out->change);
}

TEST(DecomposeRatio, ThirdsAddUpToTheLastDigit) {
  // 1/3 → 2/3: no digit of these ratios ends, yet the parts add up.
  const std::vector<RatioItem> items{item("1", "3", "1", "7"), item("0", "0", "5", "2"), item("2", "6", "0", "0")};
  const auto out = decompose_ratio(items);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->before.to_string(), "0.333333333333333333");
  EXPECT_EQ(out->after.to_string(), "0.666666666666666667");
  EXPECT_EQ(sum(out->items), out->change);
  EXPECT_EQ(out->change.to_string(), "0.333333333333333334");
}

TEST(DecomposeRatio, WhatAppearsOrVanishesIsMix) {
  // a: 10/10 → 10/10 stays at 1; b, 0/10, vanishes; c, 40/10, appears. All: 10/20 = 0.5 → 50/20 = 2.5; mean 1.5.
  //   b: (0 − 0.5) · (0 − 1.5) = 0.75      c: (0.5 − 0) · (4 − 1.5) = 1.25      a: weight 0.5 → 0.5: 0
  const std::vector<RatioItem> items{item("10", "10", "10", "10"), item("0", "10", "0", "0"),
                                     item("0", "0", "40", "10")};
  const auto out = decompose_ratio(items);
  EXPECT_EQ(out->items[0].total.to_plain(), "0");
  EXPECT_EQ(out->items[1].presence, Presence::vanished);
  EXPECT_EQ(out->items[1].mix.to_plain(), "0.75");
  EXPECT_EQ(out->items[2].presence, Presence::appeared);
  EXPECT_EQ(out->items[2].mix.to_plain(), "1.25");
  EXPECT_TRUE(out->rate.is_zero());
  EXPECT_EQ(sum(out->items), out->change);
}

TEST(DecomposeRatio, ACostWithoutCustomersIsUnmatched) {
  // Cost per customer: paid 100/4 → 150/5; trade fair 50/1 → 60/0: 60/5 = 12 of the cost per customer has no customer.
  const std::vector<RatioItem> items{item("100", "4", "150", "5"), item("50", "1", "60", "0"),
                                     item("0", "0", "0", "0")};
  const auto out = decompose_ratio(items);
  EXPECT_EQ(out->before.to_plain(), "30");
  EXPECT_EQ(out->after.to_plain(), "42");
  EXPECT_EQ(out->items[1].unmatched.to_plain(), "12");
  EXPECT_EQ(out->items[1].mix.to_plain(), "-2.8");  // (0 − 0.2) · (50 − 36)
  EXPECT_EQ(out->items[0].rate.to_plain(), "4.5");  // 0.9 · (30 − 25)
  EXPECT_EQ(out->items[0].mix.to_plain(), "-1.7");  // 0.2 · (27.5 − 36)
  EXPECT_EQ(out->items[2].presence, Presence::nowhere);
  EXPECT_EQ(sum(out->items).to_plain(), "12");
}

TEST(DecomposeRatio, NothingToDivideBy) {
  EXPECT_EQ(decompose_ratio(std::vector{item("1", "0", "1", "2")}).error().code, "decomposition.no_denominator");
  EXPECT_EQ(decompose_ratio({}).error().code, "decomposition.no_denominator");
}

TEST(DecomposeRatio, WhatDoesNotFitIsRefused) {
  const auto out = decompose_ratio(std::vector{item("99999999999999999999999999999999999999", "1", "1", "2")});
  EXPECT_EQ(out.error().code, "decimal.overflow");
}

Decimal amount() { return Decimal(*rc::gen::inRange<std::int64_t>(-2'000'000, 10'000'000), *rc::gen::inRange(0, 7)); }
Decimal count() {
  return Decimal::integer(
      *rc::gen::weightedElement<std::int64_t>({{1, 0}, {4, *rc::gen::inRange<std::int64_t>(1, 5000)}}));
}

RC_GTEST_PROP(DecomposeRatio, AddsUpExactlyAndTurnsRound, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 12);
  std::vector<RatioItem> items, reversed;
  Decimal before, after;
  for (std::size_t i = 0; i < size; ++i) {
    const RatioItem any{amount(), count(), amount(), count()};
    items.push_back(any);
    reversed.push_back({any.after_numerator, any.after_denominator, any.before_numerator, any.before_denominator});
    before = *before.plus(any.before_denominator), after = *after.plus(any.after_denominator);
  }
  RC_PRE(!before.is_zero() && !after.is_zero());
  const auto out = decompose_ratio(items), back = decompose_ratio(reversed);
  RC_ASSERT(out && back);
  RC_ASSERT(sum(out->items) == out->change);
  RC_ASSERT(*out->rate.plus(out->mix)->plus(out->unmatched) == out->change);
  for (std::size_t i = 0; i < size; ++i) {
    const RatioEffect& there = out->items[i];
    RC_ASSERT(*there.rate.plus(there.mix)->plus(there.unmatched) == there.total);
    // The way back has the opposite effects, but for a unit or two of the eighteenth decimal.
    const Decimal slack(4, kEffectScale), off = *there.rate.plus(back->items[i].rate);
    RC_ASSERT(off <= slack && off.negated() <= slack);
    const Decimal off_mix = *there.mix.plus(back->items[i].mix);
    RC_ASSERT(off_mix <= slack && off_mix.negated() <= slack);
    // The effect of the rate is the double formula's.
    const RatioItem& any = items[i];
    if (any.before_denominator.is_zero() || any.after_denominator.is_zero()) continue;
    const double w0 = ratio(any.before_denominator, before), w1 = ratio(any.after_denominator, after);
    const double r0 = ratio(any.before_numerator, any.before_denominator);
    const double r1 = ratio(any.after_numerator, any.after_denominator);
    RC_ASSERT(std::abs((w0 + w1) / 2 * (r1 - r0) - there.rate.to_double()) <=
              1e-12 * (1 + std::abs(r0) + std::abs(r1)));
  }
}

TEST(DecomposeSum, ItemsOfATotal) {
  const std::vector<SumItem> items{{dec("100.00"), dec("80.50")}, {dec("0"), dec("12.25")}, {dec("7"), dec("0")}};
  const auto out = decompose_sum(items);
  EXPECT_EQ(out->change.to_plain(), "-14.25");
  EXPECT_EQ(out->items[0].effect.to_plain(), "-19.5");
  EXPECT_EQ(out->items[1].presence, Presence::appeared);
  EXPECT_EQ(out->items[2].presence, Presence::vanished);
}

TEST(DecomposeProduct, AverageSaleIsItemsPerOrderTimesPricePerItem) {
  // 2 items per order at 30.00 → 2.5 items at 28.00: 60 → 70.
  //   items: 0.5 · (30 + 28)/2 = 14.5      price: −2 · (2 + 2.5)/2 = −4.5
  const std::vector<Factor> factors{{dec("200"), dec("100"), dec("300"), dec("120")},
                                    {dec("6000.00"), dec("200"), dec("8400.00"), dec("300")}};
  const auto out = decompose_product(factors);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->before.to_plain(), "60");
  EXPECT_EQ(out->after.to_plain(), "70");
  EXPECT_EQ(out->effects[0].to_plain(), "14.5");
  EXPECT_EQ(out->effects[1].to_plain(), "-4.5");
}

TEST(DecomposeProduct, ThreeFactorsByHand) {
  // 1·2·3 = 6 → 2·2·5 = 20. A: Δ1 times (2·3/3 + (2·3 + 2·5)/6 + 2·5/3) = 2 + 16/6 + 10/3 = 8; B: 0;
  // C: Δ2 times (1·2/3 + (2·2 + 1·2)/6 + 2·2/3) = 2 · 3 = 6. 8 + 6 = 14.
  const auto whole = [](std::string_view before, std::string_view after) {
    return Factor{dec(before), dec("1"), dec(after), dec("1")};
  };
  const auto out = decompose_product(std::vector{whole("1", "2"), whole("2", "2"), whole("3", "5")});
  EXPECT_EQ(out->effects[0].to_plain(), "8");
  EXPECT_EQ(out->effects[1].to_plain(), "0");
  EXPECT_EQ(out->effects[2].to_plain(), "6");
  EXPECT_EQ(decompose_product(std::vector{Factor{dec("1"), dec("0"), dec("1"), dec("1")}}).error().code,
            "decomposition.no_denominator");
}

RC_GTEST_PROP(DecomposeProduct, IsTheMeanOverAllOrdersAndAddsUpExactly, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<Factor> factors;
  std::vector<double> before, after;
  for (std::size_t i = 0; i < size; ++i) {
    const Factor factor{Decimal::integer(*rc::gen::inRange(-20, 200)), Decimal::integer(*rc::gen::inRange(1, 50)),
                        Decimal::integer(*rc::gen::inRange(-20, 200)), Decimal::integer(*rc::gen::inRange(1, 50))};
    factors.push_back(factor);
    before.push_back(ratio(factor.before_numerator, factor.before_denominator));
    after.push_back(ratio(factor.after_numerator, factor.after_denominator));
  }
  const auto out = decompose_product(factors);
  RC_ASSERT(out.has_value());
  Decimal total;
  for (const Decimal& effect : out->effects) total = *total.plus(effect);
  RC_ASSERT(total == out->change);

  std::vector<std::size_t> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = i;
  std::vector<double> mean(size, 0);
  double orders = 0, largest = 1;
  do {
    std::vector<double> now = before;
    const auto product = [&] {
      double value = 1;
      for (const double factor : now) value *= factor;
      return value;
    };
    for (const std::size_t i : order) {
      const double was = product();
      now[i] = after[i];
      mean[i] += product() - was;
      largest = std::max(largest, std::abs(product()));
    }
    orders += 1;
  } while (std::next_permutation(order.begin(), order.end()));
  for (std::size_t i = 0; i < size; ++i)
    RC_ASSERT(std::abs(mean[i] / orders - out->effects[i].to_double()) < 1e-11 * largest);
}

TEST(DecomposeFunction, AMixedBasket) {
  // c · 100 + (1 − c) · 40 · (1 − d), c 1/4 → 1/2, d 0 → 1/10: 55 → 68; c (15 + 16)/2, d −(3 + 2)/2
  const auto figure = [](std::uint32_t changed) {
    const Fraction c = changed & 1U ? Fraction{1, 2} : Fraction{1, 4}, d = changed & 2U ? Fraction{1, 10} : Fraction{};
    const Fraction one{1, 1};
    return c * Fraction{100, 1} + (one - c) * Fraction{40, 1} * (one - d);
  };
  const auto effects = decompose_function(2, figure, dec("13"));
  ASSERT_TRUE(effects);
  EXPECT_EQ((*effects)[0].to_plain(), "15.5");
  EXPECT_EQ((*effects)[1].to_plain(), "-2.5");
  EXPECT_EQ(decompose_function(kMaxPlayers + 1, figure, dec("13")).error().code, "decomposition.too_many");
}

RC_GTEST_PROP(DecomposeFunction, OfAProductIsThatOfItsFactors, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<Factor> factors;
  for (std::size_t i = 0; i < size; ++i)
    factors.push_back({Decimal::integer(*rc::gen::inRange(-20, 200)), Decimal::integer(*rc::gen::inRange(1, 50)),
                       Decimal::integer(*rc::gen::inRange(-20, 200)), Decimal::integer(*rc::gen::inRange(1, 50))});
  const auto product = decompose_product(factors);
  RC_ASSERT(product.has_value());
  const auto figure = [&](std::uint32_t changed) {
    Fraction out{1, 1};
    for (std::size_t i = 0; i < size; ++i) {
      const Factor& one = factors[i];
      out = out * (changed >> i & 1U ? fraction_of(one.after_numerator, one.after_denominator)
                                     : fraction_of(one.before_numerator, one.before_denominator));
    }
    return out;
  };
  const auto effects = decompose_function(size, figure, product->change);
  RC_ASSERT(effects.has_value());
  RC_ASSERT(*effects == product->effects);
}

TEST(Apportion, GivesWhatIsMissingToThoseThatLostMost) {
  // Three thirds of one, and of 10⁻¹⁸: 0.333…333 each, the last unit to the first.
  const std::vector<Fraction> thirds(3, Fraction{1, 3});
  const auto parts = apportion(thirds, Decimal::integer(1));
  EXPECT_EQ((*parts)[0].to_string(), "0.333333333333333334");
  EXPECT_EQ((*parts)[1].to_string(), "0.333333333333333333");
  const auto negative = apportion(std::vector<Fraction>{{-1, 3}, {1, -3}, {-1, 3}, {0, 5}}, Decimal::integer(-1));
  EXPECT_EQ((*negative)[3].to_plain(), "0");
  EXPECT_EQ((*negative)[0].plus((*negative)[1])->plus((*negative)[2])->to_plain(), "-1");
  EXPECT_TRUE(apportion({}, Decimal::integer(0))->empty());
}

TEST(Apportion, RoundsHalfToEven) {
  EXPECT_EQ(rounded({5, BigInt("10000000000000000000")})->to_string(), "0.000000000000000000");
  EXPECT_EQ(rounded({15, BigInt("10000000000000000000")})->to_string(), "0.000000000000000002");
  EXPECT_EQ(rounded({-15, BigInt("10000000000000000000")})->to_string(), "-0.000000000000000002");
  EXPECT_EQ(rounded({2, -3})->to_string(), "-0.666666666666666667");
}

}  // namespace
}  // namespace vigie::stats
