#pragma once
#include <functional>
#include <span>
#include <vector>

#include "base/decimal.h"

namespace vigie::stats {

struct Fraction;  // apportionment.h, whose whole numbers of any size take long to compile

// Where a change comes from. All effects are exact fractions until the end, then decimals of 18 places
// (apportionment.h), and add up to the change to the last digit, in any order.

/// On which side of the change an item has anything: a value of the dimension may appear or vanish.
enum class Presence { both, appeared, vanished, nowhere };

/// One value of a dimension: its parts of the ratio's numerator and denominator before and after.
struct RatioItem {
  Decimal before_numerator, before_denominator;
  Decimal after_numerator, after_denominator;
};

/// How one item moved the overall ratio.
struct RatioEffect {
  Presence presence;
  Decimal rate;       ///< its own ratio changed, at the mean of its two weights
  Decimal mix;        ///< its weight changed, at the mean distance of its ratio from the overall one
  Decimal unmatched;  ///< its numerator has no denominator on a side (cost of a channel without customers)
  Decimal total;      ///< the three together
};

struct RatioDecomposition {
  Decimal before, after, change;  ///< of Σ numerators / Σ denominators, at 18 decimals
  Decimal rate, mix, unmatched;   ///< over all items; together the change
  std::vector<RatioEffect> items;
};

/// Splits the change of R = N/D over the values of a dimension. With weight w = d/D, ratio r = n/d and bars for the
/// mean of before and after:
///
///     rate = w̄ · (r₁ − r₀)         mix = (w₁ − w₀) · (r̄ − R̄)
///
/// the symmetric split (Shapley value of the two players weight and ratio), so before and after may change places and
/// only the signs change. Taking R̄ off changes no sum, since the weights add up to 1 twice, but makes the mix of an
/// item mean something: growing where the ratio is above the average lifts it. An item that appears or vanishes has no
/// second ratio: it keeps the one it has and is mix alone. Where d is 0 and n is not, n/D is `unmatched`.
///
/// Fails with `decomposition.no_denominator` where Σ d is 0 before or after, `decimal.overflow`.
Result<RatioDecomposition> decompose_ratio(std::span<const RatioItem> items);

struct SumItem {
  Decimal before, after;
};
struct SumEffect {
  Presence presence;
  Decimal effect;
};
struct SumDecomposition {
  Decimal before, after, change;
  std::vector<SumEffect> items;
};
/// Splits the change of a total over the items it is the sum of. Fails with `decimal.overflow`.
Result<SumDecomposition> decompose_sum(std::span<const SumItem> items);

/// One factor of a product, as a ratio (items / orders); a plain number has denominator 1.
struct Factor {
  Decimal before_numerator, before_denominator;
  Decimal after_numerator, after_denominator;
};
struct ProductDecomposition {
  Decimal before, after, change;  ///< of the product, at 18 decimals
  std::vector<Decimal> effects;   ///< by factor; together the change
};
/// Splits the change of A·B·C… over its factors: the Shapley value, that is each factor's step from before to after,
/// averaged over all orders in which the factors may change. For two factors: ΔA·B̄ and ΔB·Ā. Chosen over the
/// logarithmic mean (LMDI) because it is rational, hence exact, and takes factors that are 0 or negative.
///
/// Fails with `decomposition.no_denominator`, `decimal.overflow`.
Result<ProductDecomposition> decompose_product(std::span<const Factor> factors);

/// A figure as its players have it: bit i of `changed` set, player i stands as after, else as before.
using FigureOfPlayers = std::function<Fraction(std::uint32_t changed)>;
inline constexpr std::size_t kMaxPlayers = 12;  ///< every subset of them is worked out
/// The same for any function of its players (a sum of products, say): the Shapley value of each, together `change`,
/// which is the difference of the two ends but for its own rounding.
///
/// Fails with `decomposition.too_many` above kMaxPlayers, `decimal.overflow`.
Result<std::vector<Decimal>> decompose_function(std::size_t players, const FigureOfPlayers& figure,
                                                const Decimal& change);

}  // namespace vigie::stats
