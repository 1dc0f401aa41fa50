#include "demo/random.h"

#include <bit>
#include <cmath>

#include "base/hash.h"
#include "demo/arithmetic.h"

namespace vigie::demo {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view part, std::uint64_t index) {
  std::uint64_t mixed = seed;
  mixed = splitmix(mixed) ^ static_cast<std::uint64_t>(key_hash(part));
  mixed = splitmix(mixed) ^ (index * 0xD1342543DE82EF95ULL);
  for (std::uint64_t& word : state_) word = splitmix(mixed);
}

std::uint64_t Random::bits() {
  const std::uint64_t out = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return out;
}

double Random::uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }

int Random::below(int n) {
  return static_cast<int>((static_cast<unsigned __int128>(bits()) * static_cast<std::uint64_t>(n)) >> 64);
}

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal() {
  // Marsaglia's polar method; the second value is left unused, so that a stream has no hidden state.
  for (;;) {
    const double x = 2 * uniform() - 1, y = 2 * uniform() - 1, square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * portable::log(square) / square);
  }
}

double Random::exponential(double mean) { return -mean * portable::log(uniform()); }

double Random::gamma(double shape, double scale) {
  // Marsaglia and Tsang (2000); below 1 by Gamma(shape + 1) · U^(1/shape).
  if (shape < 1) {
    const double boost = portable::power(uniform(), 1 / shape);
    return gamma(shape + 1, scale) * boost;
  }
  const double d = shape - 1.0 / 3.0, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(), v = 1 + c * x;
    if (v <= 0) continue;
    const double cube = v * v * v;
    if (portable::log(uniform()) < 0.5 * x * x + d - d * cube + d * portable::log(cube)) return d * cube * scale;
  }
}

double Random::beta(double a, double b) {
  const double x = gamma(a, 1), y = gamma(b, 1);
  return x / (x + y);
}

double Random::lognormal(double median, double sigma) { return median * portable::exp(sigma * normal()); }

int Random::poisson(double mean) {
  // Knuth's product, in parts small enough for exp(−part) to keep its digits; the work grows with the events drawn.
  constexpr double kPart = 16;
  int count = 0;
  for (double left = mean; left > 0; left -= kPart) {
    const double limit = portable::exp(-(left < kPart ? left : kPart));
    double product = uniform();
    for (; product > limit; product *= uniform()) ++count;
  }
  return count;
}

std::size_t Random::pick(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double left = uniform() * sum;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.size() - 1;
}

}  // namespace vigie::demo
