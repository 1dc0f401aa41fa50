#pragma once
#include <string>

#include "demo/random.h"

namespace vigie::demo {

/// Where somebody lives.
struct Place {
  std::string_view country, region, city;
};

/// A town, as likely as the country's share of the company's customers: France four in five, then Belgium, Switzerland,
/// Luxembourg, Germany and the Netherlands.
Place a_place(Random& random);

/// "Camille Lefebvre", as people are called there.
std::string a_person(Random& random, std::string_view country);
/// "Menuiserie Lefebvre", "Cabinet Roussel & Associés", "Brasserie du Vieux Port"; `industry` is told with it.
std::string a_company(Random& random, std::string_view country, std::string& industry);

/// "camille.lefebvre": without accents, blanks or capitals.
std::string address_of(std::string_view person);

}  // namespace vigie::demo
