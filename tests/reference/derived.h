#pragma once
#include "reference/figure.h"

namespace vigie::reference {

/// A counting sale, with what the handbook says of its amount.
struct Sale {
  std::string key;
  Name customer, channel, seller;
  Moment at;
  std::optional<Decimal> net;    ///< in euros; from the lines where the order has no amount
  std::optional<Decimal> extra;  ///< tax and shipping
  std::optional<Decimal> discount;
  Name team = {};
};

/// In the whole history up to as-of, in order of time.
std::vector<Sale> sales(const Scope& scope);
/// The team of what is made of an order at an instant: the order's own, else the one that its seller of its date is in.
Name team_of(const World& world, const Order& order, Instant at);
/// Of a customer at an instant, in a channel.
Attributes attributes(const Scope& scope, const Name& customer, Instant at, const Name& channel);
Attributes at_opening(const Scope& scope, const std::string& customer);

const Deal* find_deal(const World& world, const std::string& key);
/// Whose a lead is: its own customer, else its deal's, else that of the first deal that names it.
Name customer_of(const Scope& scope, const Lead& lead);
/// What it counts once with: that customer, else its deal, else the first that names it, else itself.
std::string company_of(const Scope& scope, const Lead& lead);
/// The outcome in force at as-of: a close that lies after it has not happened.
std::string outcome(const Scope& scope, const Deal& deal);
/// First counting sale or paid subscription of each customer.
std::map<std::string, Sale> first_purchases(const Scope& scope);
/// When it ended: with its row at the latest.
std::optional<Moment> ended(const Subscription& row);
/// Is something owed for it, its trials aside? An amount that is not known is not 0.
bool is_owed(const Subscription& row);
/// A part of a subscription's life that is paid, or a trial.
struct Stretch {
  Moment from;
  std::optional<Moment> to;
  bool trial = false;
};
/// Those begun before as_of; of paid ones, where something is owed.
std::vector<Stretch> stretches(const Moments& moments, const Subscription& row, Instant as_of);
std::vector<Stretch> paid(const Scope& scope, const Subscription& row);
/// Was any subscription paid before as_of, as it is told at as_of? The world is as known then, too.
bool has_paid(const World& world, const Moments& moments, Instant as_of);
/// Did also somebody buy before as_of who pays none, as it is told at as_of?
bool is_mixed(const World& world, const Moments& moments, Instant as_of);
/// "contract" for who has paid a subscription by as-of, else "purchase".
std::string relation(const Scope& scope, const std::string& customer);
/// The two are never one rate: where both are there and none is asked for, the one that the profile names.
Scope apart(const Scope& scope);

/// Days of the cycle of each deal won in the span.
std::vector<double> won_cycles(const Scope& scope);
/// Days from its creation to what made it a customer, of each lead that became one in the span.
std::vector<double> lead_cycles(const Scope& scope);

Decimal plus(const Decimal& a, const Decimal& b);
Decimal minus(const Decimal& a, const Decimal& b);
/// above / below to a whole number; below is above 0.
Int128 half_to_even(Int128 above, Int128 below);

/// Does it say that it serves sales or marketing? What says nothing serves neither.
bool serves_acquisition(const Cost& cost);
/// Linear interpolation between order statistics (R's type 7).
std::optional<double> quantile(std::vector<double> values, double q);

}  // namespace vigie::reference
