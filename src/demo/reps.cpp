#include "demo/arithmetic.h"
#include "demo/deals.h"

namespace vigie::demo {
namespace {

std::string_view team_for(Segment segment, std::string_view country, std::string_view region) {
  if (segment == Segment::large) return "GC";
  if (country == "BE" || country == "NL" || country == "LU" || region == "Hauts-de-France" || region == "Grand Est")
    return "NORD";
  if (country == "CH" || region == "Provence-Alpes-Côte d'Azur" || region == "Occitanie" ||
      region == "Auvergne-Rhône-Alpes")
    return "SUD";
  return "OUEST";
}

bool sells(const Person& person) { return person.function == "sales" && person.role.starts_with("Commercial"); }

}  // namespace

std::uint32_t a_rep(const World& world, Random& random, Segment segment, std::string_view country,
                    std::string_view region, Date day) {
  const std::string_view team = team_for(segment, country, region);
  std::vector<std::uint32_t> there;
  for (std::uint32_t i = 0; i < world.people.size(); ++i) {
    const Person& person = world.people[i];
    if (sells(person) && person.team == team && person.from <= day && (!person.to || day < *person.to))
      there.push_back(i);
  }
  return there[static_cast<std::size_t>(random.below(static_cast<int>(there.size())))];
}

double rep_effect(const World& world, std::uint32_t rep, Date day) {
  constexpr double kDaysPerMonth = 30.4375;
  const Person& person = world.people[rep];
  const double months = (day - person.from) / kDaysPerMonth;
  return person.skill + world.truth.ramp * portable::exp(-months / world.truth.ramp_months);
}

}  // namespace vigie::demo
