#pragma once
#include <algorithm>
#include <utility>
#include <vector>

namespace vigie::demo {

/// Sorts by a key; equal ones keep their order, on every library.
template <class T, class Key>
void order_by(std::vector<T>& values, Key key) {
  std::vector<std::pair<decltype(key(values.front())), std::size_t>> places;
  places.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) places.emplace_back(key(values[i]), i);
  std::ranges::sort(places);
  std::vector<T> sorted;
  sorted.reserve(values.size());
  for (const auto& [ignored, place] : places) sorted.push_back(std::move(values[place]));
  values = std::move(sorted);
}

}  // namespace vigie::demo
