#include "demo/sales.h"

#include <cmath>

#include "demo/ordering.h"

namespace vigie::demo {
namespace {

constexpr double kDaysPerWeek = 7;

std::int64_t rounded(double value) { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

std::int64_t listed(const World& world, const std::vector<Item>& items) {
  std::int64_t sum = 0;
  for (const Item& item : items) sum += world.products[item.product].list_price * item.quantity;
  return sum;
}

void add_lines(World& world, Sale& sale, std::vector<Item>& items) {
  // The line of fewest pieces comes last and takes what rounding left, so that lines add up to the document exactly.
  order_by(items, [](const Item& item) { return -item.quantity; });
  const std::int64_t total = sale.net + sale.discount;
  const double factor = static_cast<double>(total) / static_cast<double>(listed(world, items));
  sale.first_line = static_cast<std::uint32_t>(world.lines.size());
  sale.lines = static_cast<std::uint32_t>(items.size());
  std::int64_t gross_left = total, discount_left = sale.discount;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const bool last = i + 1 == items.size();
    const std::int64_t unit = last ? rounded(static_cast<double>(gross_left) / item.quantity)
                                   : rounded(static_cast<double>(world.products[item.product].list_price) * factor);
    const std::int64_t gross = last ? gross_left : unit * item.quantity;
    const std::int64_t discount =
        last ? discount_left
             : rounded(static_cast<double>(sale.discount) * static_cast<double>(gross) / static_cast<double>(total));
    gross_left -= gross;
    discount_left -= discount;
    world.lines.push_back({item.product, item.quantity, unit, discount, gross - discount});
  }
}

}  // namespace

Buyer a_buyer(Random& random, const PurchaseTruth& truth) {
  return {.rate = random.gamma(truth.r, 1 / truth.alpha) / kDaysPerWeek,
          .dropout = random.beta(truth.a, truth.b),
          .spend_rate = random.gamma(truth.q, 1 / truth.gamma)};
}

std::vector<WallTime> repeat_purchases(Random& random, const Buyer& buyer, const Pace& pace, WallTime first) {
  std::vector<WallTime> out;
  double at = pace.operational(first);
  for (;;) {
    at += random.exponential(1 / buyer.rate);
    if (at >= pace.end()) return out;
    out.push_back(std::max(pace.wall(at), (out.empty() ? first : out.back()) + 1));
    if (random.chance(buyer.dropout)) return out;
  }
}

double satisfaction_of(Random& random, double leaving, double a, double b, double loyalty) {
  const double mean = a / (a + b), deviation = std::sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)));
  return -loyalty * (leaving - mean) / deviation + std::sqrt(1 - loyalty * loyalty) * random.normal();
}

double price_level(const World& world, Date day) {
  return day >= world.time.price_rise ? 1 + world.truth.price_rise : 1;
}

std::int64_t tax_on(std::string_view country, std::int64_t cents) {
  const int percent = country == "CH"   ? 0
                      : country == "BE" ? 21
                      : country == "LU" ? 17
                      : country == "DE" ? 19
                      : country == "NL" ? 21
                                        : 20;
  return (cents * percent + 50) / 100;
}

std::int64_t in_currency(const World& world, bool swiss, Date day, double euros) {
  const double amount = swiss ? euros * world.francs_on(day) : euros;
  return std::max<std::int64_t>(rounded(amount * 100), 100);
}

void record(World& world, Sale sale, std::vector<Item> items) {
  const std::string_view country =
      sale.customer == kNobody ? std::string_view("FR") : std::string_view(world.customers[sale.customer].country);
  sale.tax = tax_on(country, sale.net + sale.shipping);
  add_lines(world, sale, items);
  if (sale.customer != kNobody && sale.state == SaleState::confirmed)
    world.customers[sale.customer].last_sale = std::max(world.customers[sale.customer].last_sale, sale.at);
  world.sales.push_back(sale);
}

void record_basket(World& world, Random& random, Sale sale) {
  record(world, sale, a_basket(random, world.products, static_cast<double>(sale.net + sale.discount)));
}

}  // namespace vigie::demo
