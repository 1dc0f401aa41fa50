#include "demo/products.h"

#include <cmath>

namespace vigie::demo {
namespace {

struct Range {
  Category category;
  std::string_view noun;
  double from, to;  ///< euros
  double cost_share;
};

constexpr std::array<Range, kShopCategories> kRanges{{{Category::desks, "Bureau", 119, 590, 0.54},
                                                      {Category::chairs, "Siège", 59, 390, 0.50},
                                                      {Category::storage, "Rangement", 39, 460, 0.56},
                                                      {Category::lights, "Lampe", 19, 150, 0.44},
                                                      {Category::acoustics, "Panneau acoustique", 29, 260, 0.48},
                                                      {Category::accessories, "Accessoire", 8, 69, 0.40}}};
constexpr std::array<std::string_view, 10> kRivers{"Escaut", "Lys",    "Deûle",  "Scarpe", "Sambre",
                                                   "Yser",   "Canche", "Authie", "Somme",  "Aa"};
constexpr std::array<double, kShopCategories> kFirstChoice{0.20, 0.24, 0.18, 0.16, 0.06, 0.16};
/// What goes into a basket beside a product of a category (row): a lamp with a desk rather than another desk.
constexpr std::array<std::array<double, kShopCategories>, kShopCategories> kBeside{
    {{0.04, 0.36, 0.16, 0.26, 0.04, 0.14},
     {0.28, 0.14, 0.12, 0.14, 0.08, 0.24},
     {0.12, 0.10, 0.38, 0.12, 0.06, 0.22},
     {0.16, 0.10, 0.12, 0.32, 0.04, 0.26},
     {0.10, 0.18, 0.10, 0.14, 0.38, 0.10},
     {0.08, 0.14, 0.14, 0.22, 0.06, 0.36}}};
constexpr std::array<double, 4> kLines{0.46, 0.30, 0.16, 0.08};
constexpr int kTries = 6;
constexpr std::size_t kPerCategory = kRivers.size();

std::uint16_t of_category(Random& random, std::size_t category) {
  return static_cast<std::uint16_t>(category * kPerCategory +
                                    static_cast<std::size_t>(random.below(static_cast<int>(kPerCategory))));
}

double listed(const std::vector<Product>& products, const std::vector<Item>& items) {
  double sum = 0;
  for (const Item& item : items) sum += static_cast<double>(products[item.product].list_price) * item.quantity;
  return sum;
}

/// Doubles quantities of small things, drops dear ones, until the list comes near the target.
void fit(std::vector<Item>& items, const std::vector<Product>& products, double target) {
  while (listed(products, items) > 1.8 * target && items.size() > 1) items.pop_back();
  for (int step = 0; step < 12 && listed(products, items) < 0.6 * target; ++step)
    ++items[static_cast<std::size_t>(step) % items.size()].quantity;
}

std::size_t fitting_of(const std::vector<Product>& products) {
  for (std::size_t i = 0; i < products.size(); ++i)
    if (products[i].category == Category::fitting) return i;
  return 0;
}

}  // namespace

std::string_view name_of(Category category) {
  constexpr std::array<std::string_view, 8> kNames{"Bureaux",    "Assises",     "Rangements",  "Luminaires",
                                                   "Acoustique", "Accessoires", "Aménagement", "Contrats"};
  return kNames[static_cast<std::size_t>(category)];
}

std::vector<Product> all_products(const Parameters& parameters) {
  std::vector<Product> out;
  for (const Range& range : kRanges)
    for (std::size_t i = 0; i < kPerCategory; ++i) {
      const double euros = std::floor(range.from + (range.to - range.from) * static_cast<double>(i * i) / 81.0);
      const auto cents = static_cast<std::int64_t>(euros) * 100;
      out.push_back({fmt::format("AN-{}{:02}", static_cast<int>(range.category) + 1, i + 1),
                     fmt::format("{} {}", range.noun, kRivers[i]), range.category, cents,
                     static_cast<std::int64_t>(std::floor(static_cast<double>(cents) * range.cost_share))});
    }
  out.push_back({"AN-POSE", "Aménagement et pose", Category::fitting, 85'000, 52'000});
  for (const PlanTruth& plan : parameters.plans) {
    const auto cents = static_cast<std::int64_t>(plan.price * 100);
    out.push_back({plan.key, plan.name, Category::care, cents,
                   static_cast<std::int64_t>(std::floor(static_cast<double>(cents) * plan.cost_share)), true});
  }
  return out;
}

std::vector<Item> a_basket(Random& random, const std::vector<Product>& products, double target) {
  std::vector<Item> best;
  double best_miss = 0;
  const std::size_t lines = random.pick(kLines) + 1;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    std::vector<Item> items;
    std::size_t category = random.pick(kFirstChoice);
    for (std::size_t i = 0; i < lines; ++i) {
      items.push_back({of_category(random, category), 1});
      category = random.pick(kBeside[category]);
    }
    fit(items, products, target);
    const double ratio = listed(products, items) / target, miss = ratio > 1 ? ratio : 1 / ratio;
    if (best.empty() || miss < best_miss) {
      best = std::move(items);
      best_miss = miss;
    }
    if (best_miss < 1.25) break;
  }
  return best;
}

std::vector<Item> an_office(Random& random, const std::vector<Product>& products, double target) {
  // The fitting takes an eighth; desks, chairs, then storage and light share the rest.
  constexpr std::array<std::size_t, 4> kCategories{0, 1, 2, 3};
  constexpr std::array<double, 4> kShares{0.42, 0.28, 0.14, 0.07};
  std::vector<Item> items;
  for (std::size_t i = 0; i < kCategories.size(); ++i) {
    const std::uint16_t product = of_category(random, kCategories[i]);
    const double pieces = target * kShares[i] / static_cast<double>(products[product].list_price);
    if (pieces >= 0.6) items.push_back({product, static_cast<int>(std::floor(pieces + 0.5))});
  }
  const std::size_t fitting = fitting_of(products);
  const double days = target * 0.09 / static_cast<double>(products[fitting].list_price);
  if (days >= 0.6 || items.empty())
    items.push_back({static_cast<std::uint16_t>(fitting), std::max(1, static_cast<int>(std::floor(days + 0.5)))});
  return items;
}

}  // namespace vigie::demo
