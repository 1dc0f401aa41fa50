#include "kpi/filled.h"

#include <gtest/gtest.h>

namespace vigie::kpi {
namespace {

TEST(Filled, EachPlaceInEachLanguageAndNothingTwice) {
  const Text sentence{"{figure}: {reason}, {figure} {again} {", "{reason} : {figure}}"};
  const Text said = filled(sentence, {{"figure", {"LTV {reason}", "Valeur"}}, {"reason", in_both("why")}});
  EXPECT_EQ(said.en, "LTV {reason}: why, LTV {reason} {again} {");
  EXPECT_EQ(said.fr, "why : Valeur}");
}

}  // namespace
}  // namespace vigie::kpi
