#include "stats/decomposition.h"

#include <bit>

#include "stats/apportionment.h"

namespace vigie::stats {
namespace {

std::unexpected<Error> no_denominator(std::string_view what) {
  return fail(ErrorKind::data, "decomposition.no_denominator", fmt::format("{} has a denominator of 0", what), {},
              "compare with a period in which there is something to divide by");
}

Presence presence_of(bool before, bool after) {
  if (before) return after ? Presence::both : Presence::vanished;
  return after ? Presence::appeared : Presence::nowhere;
}

Result<Decimal> sum_of(std::span<const Decimal> values) {
  Decimal sum;
  for (const Decimal& value : values) {
    VIGIE_TRY(sum, sum.plus(value));
  }
  return sum;
}

/// Before and after of the whole, and the change as the difference of the two figures that people see.
struct Ends {
  Decimal before, after, change;
};
Result<Ends> ends_of(const Fraction& before, const Fraction& after) {
  VIGIE_TRY(const Decimal b, rounded(before));
  VIGIE_TRY(const Decimal a, rounded(after));
  VIGIE_TRY(const Decimal change, a.minus(b));
  return Ends{b, a, change};
}

/// One side of the change: Σ n, Σ d and their ratio.
struct Side {
  Decimal numerator, denominator;
  Fraction ratio;
};
Result<Side> side_of(std::span<const RatioItem> items, Decimal RatioItem::* numerator, Decimal RatioItem::* denominator,
                     std::string_view name) {
  Side side;
  for (const RatioItem& item : items) {
    VIGIE_TRY(side.numerator, side.numerator.plus(item.*numerator));
    VIGIE_TRY(side.denominator, side.denominator.plus(item.*denominator));
  }
  if (side.denominator.is_zero()) return no_denominator(name);
  side.ratio = fraction_of(side.numerator, side.denominator);
  return side;
}

struct Parts {
  Fraction rate, mix, unmatched;
};

Parts parts_of(const RatioItem& item, const Side& before, const Side& after) {
  static const Fraction kHalf{1, 2};
  const bool matched_before = !item.before_denominator.is_zero(), matched_after = !item.after_denominator.is_zero();
  Parts parts;
  if (!matched_after) parts.unmatched = fraction_of(item.after_numerator, after.denominator);
  if (!matched_before) parts.unmatched = parts.unmatched - fraction_of(item.before_numerator, before.denominator);
  if (!matched_before && !matched_after) return parts;

  const Fraction weight_before = fraction_of(item.before_denominator, before.denominator);
  const Fraction weight_after = fraction_of(item.after_denominator, after.denominator);
  const Fraction own_before = matched_before ? fraction_of(item.before_numerator, item.before_denominator)
                                             : fraction_of(item.after_numerator, item.after_denominator);
  const Fraction own_after = matched_after ? fraction_of(item.after_numerator, item.after_denominator) : own_before;
  if (matched_before && matched_after) parts.rate = kHalf * (weight_before + weight_after) * (own_after - own_before);
  parts.mix = kHalf * (weight_after - weight_before) * ((own_before + own_after) - (before.ratio + after.ratio));
  return parts;
}

}  // namespace

Result<RatioDecomposition> decompose_ratio(std::span<const RatioItem> items) {
  VIGIE_TRY(const Side before,
            side_of(items, &RatioItem::before_numerator, &RatioItem::before_denominator, "the ratio before"));
  VIGIE_TRY(const Side after,
            side_of(items, &RatioItem::after_numerator, &RatioItem::after_denominator, "the ratio after"));
  VIGIE_TRY(const Ends ends, ends_of(before.ratio, after.ratio));

  std::vector<Fraction> parts;
  parts.reserve(3 * items.size());
  for (const RatioItem& item : items) {
    Parts own = parts_of(item, before, after);
    parts.push_back(std::move(own.rate));
    parts.push_back(std::move(own.mix));
    parts.push_back(std::move(own.unmatched));
  }
  VIGIE_TRY(const std::vector<Decimal> effects, apportion(parts, ends.change));

  RatioDecomposition out{ends.before, ends.after, ends.change, {}, {}, {}, {}};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const RatioItem& item = items[i];
    const auto own = std::span(effects).subspan(3 * i, 3);
    VIGIE_TRY(const Decimal total, sum_of(own));
    out.items.push_back({presence_of(!item.before_numerator.is_zero() || !item.before_denominator.is_zero(),
                                     !item.after_numerator.is_zero() || !item.after_denominator.is_zero()),
                         own[0], own[1], own[2], total});
    VIGIE_TRY(out.rate, out.rate.plus(own[0]));
    VIGIE_TRY(out.mix, out.mix.plus(own[1]));
    VIGIE_TRY(out.unmatched, out.unmatched.plus(own[2]));
  }
  return out;
}

Result<SumDecomposition> decompose_sum(std::span<const SumItem> items) {
  SumDecomposition out;
  for (const SumItem& item : items) {
    VIGIE_TRY(out.before, out.before.plus(item.before));
    VIGIE_TRY(out.after, out.after.plus(item.after));
    VIGIE_TRY(const Decimal effect, item.after.minus(item.before));
    out.items.push_back({presence_of(!item.before.is_zero(), !item.after.is_zero()), effect});
  }
  VIGIE_TRY(out.change, out.after.minus(out.before));
  return out;
}

Result<ProductDecomposition> decompose_product(std::span<const Factor> factors) {
  // Both values of a factor over one denominator c, so that every product of mixed values has the denominator Π c.
  std::vector<BigInt> before, after;
  BigInt denominator = 1, product_before = 1, product_after = 1, orders = 1;
  for (const Factor& factor : factors) {
    if (factor.before_denominator.is_zero() || factor.after_denominator.is_zero()) return no_denominator("a factor");
    const Fraction b = fraction_of(factor.before_numerator, factor.before_denominator);
    const Fraction a = fraction_of(factor.after_numerator, factor.after_denominator);
    before.emplace_back(b.numerator * a.denominator);
    after.emplace_back(a.numerator * b.denominator);
    denominator *= a.denominator * b.denominator;
    product_before *= before.back();
    product_after *= after.back();
    orders *= before.size();
  }
  VIGIE_TRY(const Ends ends, ends_of({product_before, denominator}, {product_after, denominator}));

  const std::size_t n = factors.size();
  std::vector<BigInt> factorial(n + 1, 1);
  for (std::size_t i = 1; i <= n; ++i) factorial[i] = factorial[i - 1] * i;

  std::vector<Fraction> parts;
  for (std::size_t i = 0; i < n; ++i) {
    // Coefficient s of Π over the others of (before + after·x): the products in which s of them have already changed.
    std::vector<BigInt> changed{1};
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      changed.emplace_back(0);
      for (std::size_t s = changed.size(); s-- > 0;)
        changed[s] = changed[s] * before[j] + (s > 0 ? BigInt(changed[s - 1] * after[j]) : BigInt(0));
    }
    BigInt sum = 0;
    for (std::size_t s = 0; s < n; ++s) sum += changed[s] * factorial[s] * factorial[n - 1 - s];
    parts.push_back({(after[i] - before[i]) * sum, denominator * orders});
  }
  VIGIE_TRY(std::vector<Decimal> effects, apportion(parts, ends.change));
  return ProductDecomposition{ends.before, ends.after, ends.change, std::move(effects)};
}

namespace {

/// Subsets make fractions of many digits: in lowest terms their sums stay short.
Fraction reduced(Fraction value) {
  const BigInt divisor = gcd(value.numerator, value.denominator);
  if (divisor > 1) value.numerator /= divisor, value.denominator /= divisor;
  return value;
}

}  // namespace

Result<std::vector<Decimal>> decompose_function(std::size_t players, const FigureOfPlayers& figure,
                                                const Decimal& change) {
  if (players > kMaxPlayers)
    return fail(ErrorKind::usage, "decomposition.too_many",
                fmt::format("a change is split over {} drivers at most", kMaxPlayers));
  std::vector<Fraction> figures;
  for (std::uint32_t changed = 0; changed < 1U << players; ++changed) figures.push_back(reduced(figure(changed)));
  std::vector<BigInt> factorial(players + 1, 1);
  for (std::size_t i = 1; i <= players; ++i) factorial[i] = factorial[i - 1] * i;

  std::vector<Fraction> parts;
  for (std::size_t i = 0; i < players; ++i) {
    // A step of player i after the s players of a subset: as many orders as these and the rest can stand in.
    Fraction sum;
    for (std::uint32_t others = 0; others < 1U << players; ++others) {
      if (others >> i & 1U) continue;
      const auto before_it = static_cast<std::size_t>(std::popcount(others));
      const Fraction orders{factorial[before_it] * factorial[players - 1 - before_it], factorial[players]};
      sum = reduced(sum + orders * (figures[others | 1U << i] - figures[others]));
    }
    parts.push_back(std::move(sum));
  }
  return apportion(parts, change);
}

}  // namespace vigie::stats
