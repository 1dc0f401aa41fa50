#include "demo/names.h"
#include "demo/sales.h"

namespace vigie::demo {
namespace {

constexpr std::int64_t kShippingFree = 15'000, kShipping = 990;  // cents
constexpr double kCodeShare = 0.12, kCode = 0.10;

std::optional<Channel> channel_of_return(Random& random) {
  // Known customers come back by themselves, by the newsletter, or by searching again; the rest left no trace.
  constexpr std::array<double, kChannels + 1> kWeights{0.05, 0.20, 0.10, 0.32, 0.02, 0, 0, 0.26, 0.05};
  const std::size_t picked = random.pick(kWeights);
  if (picked == kChannels) return std::nullopt;
  return static_cast<Channel>(picked);
}

Customer new_customer(const World& world, const Conversion& from, std::size_t number, Random& random) {
  Customer out;
  const Place place = a_place(random);
  out.key = fmt::format("C{:06}", number + 1);
  out.country = place.country;
  out.region = place.region;
  out.city = place.city;
  out.segment = random.chance(world.truth.shop_very_small_share) ? Segment::very_small : Segment::private_person;
  out.name = out.segment == Segment::private_person ? a_person(random, place.country)
                                                    : a_company(random, place.country, out.industry);
  out.employees = out.segment == Segment::private_person ? 0 : 1 + random.below(9);
  out.created = from.at;
  if (from.known) out.channel = from.channel;
  return out;
}

/// A purchase of that day: Gamma(p, 1 / ν) euros, moved by the price level and the promotion.
void buy(World& world, Random& random, std::uint32_t customer, const Buyer& buyer, WallTime at,
         std::optional<Channel> channel) {
  const Date day = day_of(at);
  const bool promotion = world.time.promotion(day);
  const double off = promotion ? world.truth.promotion_discount : random.chance(kCodeShare) ? kCode : 0;
  const double spent = random.gamma(world.truth.shop_purchases.p, 1 / buyer.spend_rate) * price_level(world, day);
  Sale sale{.kind = SaleKind::shop,
            .at = at,
            .customer = customer,
            .channel = channel,
            .swiss = world.customers[customer].swiss()};
  sale.net = in_currency(world, sale.swiss, day, promotion ? spent * (1 - off) : spent);
  sale.discount = static_cast<std::int64_t>(static_cast<double>(sale.net) * off / (1 - off) + 0.5);
  sale.shipping = sale.net >= kShippingFree ? 0 : kShipping;
  record_basket(world, random, sale);
}

}  // namespace

void add_shop(World& world) {
  const PurchaseTruth& truth = world.truth.shop_purchases;
  for (Conversion& conversion : world.conversions) {
    if (conversion.market != Market::shop) continue;
    const auto place = static_cast<std::uint32_t>(world.customers.size());
    Random random = world.random("shop customer", place);
    world.customers.push_back(new_customer(world, conversion, place, random));
    conversion.customer = place;
    const Buyer buyer = a_buyer(random, truth);
    world.customers[place].satisfaction =
        satisfaction_of(random, buyer.dropout, truth.a, truth.b, world.truth.satisfaction_loyalty);
    buy(world, random, place, buyer, conversion.at, world.customers[place].channel);
    for (const WallTime at : repeat_purchases(random, buyer, world.time.shop, conversion.at))
      buy(world, random, place, buyer, at, channel_of_return(random));
  }
}

}  // namespace vigie::demo
