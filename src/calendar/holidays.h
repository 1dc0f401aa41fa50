#pragma once
#include <vector>

#include "base/time.h"

namespace vigie::calendar {

/// Where in France: Bas-Rhin, Haut-Rhin and Moselle keep two holidays of their own.
enum class FrenchRegion { metropole, alsace_moselle };

/// Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher), for years from 1583.
Date easter_sunday(int year);

/// The public holidays of a year, in order, each day once (1 May and Ascension fell together in 2008): Code du travail
/// L3133-1, and for Alsace-Moselle L3134-13 (Good Friday, 26 December). 8 May is one from 1982 on and was from 1953 to
/// 1959.
std::vector<Date> french_holidays(int year, FrenchRegion region);

}  // namespace vigie::calendar
