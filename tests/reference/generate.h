#pragma once
#include "golden/fixture.h"
#include "reference/dice.h"
#include "reference/moments.h"

namespace vigie::reference {

/// How the company of a seed cuts its year: into civil months, into months from the 6th of April on, or by 4-4-5.
calendar::CalendarSettings calendar_of(std::uint64_t seed);

/// A random company; the same for the same seed.
World generate(std::uint64_t seed, const Moments& moments);

/// The workspace that holds it, and its tables in the order of import.
golden::Setup setup_of(const World& world);
std::vector<golden::TableStep> tables_of(const World& world);

/// An amount in another currency at the rates of its own day, through the euro, unrounded but for the result: half-even
/// at six decimals. Empty where there is no amount, or no quote of the last seven days for one of the two.
std::optional<Decimal> converted(const World& world, const Money& money, const std::string& into);

/// The same company with every `base` in that currency.
World in_currency(World world, const std::string& currency);

/// The company as it was known at an instant: orders and deals as their rows said then, a deal that was still open
/// priced on the day of its creation.
World as_known(World world, Instant as_of);

}  // namespace vigie::reference
