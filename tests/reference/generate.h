#pragma once
#include "golden/fixture.h"
#include "reference/dice.h"
#include "reference/moments.h"

namespace vigie::reference {

/// A random company; the same for the same seed.
World generate(std::uint64_t seed, const Moments& moments);

/// The workspace that holds it, and its tables in the order of import.
golden::Setup setup_of(const World& world);
std::vector<golden::TableStep> tables_of(const World& world);

/// The euro amount of a document's amount on a day: the last quote on or before it, at most seven days old, half-even
/// at six decimals; empty without one.
std::optional<Decimal> in_euros(const World& world, const Decimal& amount, const std::string& currency, Date day);

}  // namespace vigie::reference
