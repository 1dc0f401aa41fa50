#pragma once
#include "demo/world.h"

namespace vigie::demo {

/// What a customer buys over its life with the company: rate, dropout and spend, drawn once (parameters.h:
/// PurchaseTruth).
struct Buyer {
  double rate;  ///< purchases per day of operational time
  double dropout;
  double spend_rate;  ///< ν: a purchase ~ Gamma(p, 1 / ν) euros
};
Buyer a_buyer(Random& random, const PurchaseTruth& truth);

/// When it buys again after `first`, until it is gone or the data end.
std::vector<WallTime> repeat_purchases(Random& random, const Buyer& buyer, const Pace& pace, WallTime first);
/// How much above its mean a draw of Beta(a, b) lies, in deviations: who is likelier to leave is less satisfied.
double satisfaction_of(Random& random, double leaving, double a, double b, double loyalty);

/// Price level on a day: 1 before the price rise.
double price_level(const World& world, Date day);
/// VAT of the customer's country; Swiss buyers import by themselves.
std::int64_t tax_on(std::string_view country, std::int64_t cents);
/// Euros as cents of the customer's currency on that day.
std::int64_t in_currency(const World& world, bool swiss, Date day, double euros);

/// Completes the sale (tax, lines whose amounts add up to `net` + `discount`) and records it.
void record(World& world, Sale sale, std::vector<Item> items);
/// The same with a basket that fits the amount.
void record_basket(World& world, Random& random, Sale sale);

}  // namespace vigie::demo
