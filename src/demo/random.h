#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace vigie::demo {

/// Random numbers that are the same on every machine for a seed: xoshiro256** (Blackman and Vigna) seeded by
/// splitmix64, and distributions of our own, since those of <random> are each library's choice.
///
/// Each part of the company draws from a stream of its own, named, so that a change to one part leaves the others as
/// they were.
///
///   Random random(seed, "orders of a customer", index);
///   random.gamma(4.0, 0.25);
class Random {
 public:
  Random(std::uint64_t seed, std::string_view part, std::uint64_t index = 0);

  std::uint64_t bits();
  double uniform();  ///< in (0, 1), never an end
  int below(int n);  ///< 0 … n − 1, each as likely
  bool chance(double probability);
  double normal();  ///< mean 0, deviation 1
  double exponential(double mean);
  double gamma(double shape, double scale);
  double beta(double a, double b);
  double lognormal(double median, double sigma);
  int poisson(double mean);
  std::size_t pick(std::span<const double> weights);  ///< an index, as likely as its weight

  template <class T, std::size_t N>
  const T& one_of(const std::array<T, N>& values) {
    return values[static_cast<std::size_t>(below(static_cast<int>(N)))];
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace vigie::demo
