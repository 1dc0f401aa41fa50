#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "demo/parameters.h"
#include "demo/random.h"

namespace vigie::demo {

enum class Category { desks, chairs, storage, lights, acoustics, accessories, fitting, care };
constexpr std::size_t kShopCategories = 6;  ///< the first ones, sold in the shop

struct Product {
  std::string key, name;
  Category category;
  std::int64_t list_price, cost;  ///< cents, net of tax, today's
  bool recurring = false;
};

std::string_view name_of(Category category);

/// About sixty pieces of furniture, the fitting service, and the contracts.
std::vector<Product> all_products(const Parameters& parameters);

/// A basket whose list prices come near `target` cents: products (places in the list) and their quantities. The prices
/// of a workshop depend on wood and size, so what was paid may differ from the list; see price_basket.
struct Item {
  std::uint16_t product;
  int quantity;
};
std::vector<Item> a_basket(Random& random, const std::vector<Product>& products, double target);
/// For an office: tens of the same desk and chair, and the fitting.
std::vector<Item> an_office(Random& random, const std::vector<Product>& products, double target);

}  // namespace vigie::demo
