#include <cmath>

#include "demo/ordering.h"
#include "demo/sales.h"

namespace vigie::demo {
namespace {

constexpr std::array<std::string_view, 5> kRefundReasons{"Article abîmé", "Ne convient pas", "Erreur de commande",
                                                         "Retard de livraison", "Geste commercial"};
constexpr double kGoodwillShare = 0.0015;

bool in_shop(const Sale& sale) { return sale.kind == SaleKind::shop && sale.state == SaleState::confirmed; }

/// A copy of a sale that counts for nothing, or for nobody.
void add_copy(World& world, Random& random, const Sale& of, SaleState state, bool guest, std::int64_t earlier) {
  Sale copy = of;
  copy.state = state;
  copy.at = std::max(of.at - earlier, start_of(world.time.first));
  if (guest) {
    copy.customer = kNobody;
    copy.swiss = false;
    copy.net = in_currency(world, false, day_of(copy.at), random.gamma(4, 35));
    copy.discount = 0;
  }
  record_basket(world, random, copy);
}

std::int64_t part_of(std::int64_t cents, double share) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(cents) * share + 0.5));
}

}  // namespace

void add_oddities(World& world) {
  Random random = world.random("oddities");
  const std::size_t real = world.sales.size();
  for (std::size_t i = 0; i < real; ++i) {
    const Sale sale = world.sales[i];
    if (!in_shop(sale)) continue;
    if (random.chance(world.truth.cancelled_share))
      add_copy(world, random, sale, SaleState::cancelled, false, 600 + random.below(3'000));
    if (random.chance(world.truth.test_share))
      add_copy(world, random, sale, SaleState::test, true, random.below(80'000));
    if (random.chance(world.truth.guest_share))
      add_copy(world, random, sale, SaleState::confirmed, true, random.below(80'000));
    if (random.chance(world.truth.unpriced_share)) {
      world.sales[i].amount_known = false;
      world.sales[i].lines_known = random.chance(0.5);
    }
  }
  order_by(world.sales, [](const Sale& sale) { return sale.at; });
}

void add_refunds(World& world) {
  Random random = world.random("refunds");
  for (std::uint32_t i = 0; i < world.sales.size(); ++i) {
    const Sale& sale = world.sales[i];
    if (sale.kind == SaleKind::contract || sale.state != SaleState::confirmed || !sale.amount_known) continue;
    const bool goodwill = sale.customer != kNobody && random.chance(kGoodwillShare);
    if (!goodwill && !random.chance(world.truth.refunded_share)) continue;
    Refund refund;
    refund.sale = goodwill ? kNobody : i;
    refund.customer = sale.customer;
    refund.swiss = sale.swiss;
    refund.at = in_office_hours(sale.at + static_cast<WallTime>(random.gamma(2, 8) * kDaySeconds));
    if (refund.at >= start_of(world.time.end)) continue;
    const bool whole = !goodwill && random.chance(world.truth.refunded_whole);
    const double share = whole ? 1 : goodwill ? 0.1 : 0.15 + 0.45 * random.uniform();
    refund.net = part_of(sale.net, share);
    refund.tax = part_of(sale.tax, share);
    refund.reason = goodwill ? kRefundReasons.back() : kRefundReasons[static_cast<std::size_t>(random.below(4))];
    world.refunds.push_back(refund);
  }
  order_by(world.refunds, [](const Refund& refund) { return refund.at; });
}

}  // namespace vigie::demo
