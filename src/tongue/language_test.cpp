#include "tongue/language.h"

#include <gtest/gtest.h>

#include "tongue/french.h"

namespace vigie::tongue {
namespace {

TEST(Language, IsTheOneWantedMost) {
  EXPECT_EQ(wanted_language(""), Language::en);
  EXPECT_EQ(wanted_language("fr"), Language::fr);
  EXPECT_EQ(wanted_language("fr-FR,fr;q=0.9,en;q=0.8"), Language::fr);
  EXPECT_EQ(wanted_language("en-GB, fr;q=0.7"), Language::en);
  EXPECT_EQ(wanted_language("en;q=0.5, FR-ca ; Q=0.8"), Language::fr);
  EXPECT_EQ(wanted_language("de, fr;q=0.1, *;q=0.5"), Language::fr) << "the only one of them that is spoken here";
  EXPECT_EQ(wanted_language("fr;q=0.5, en;q=0.5"), Language::fr) << "the first of two wanted alike";
  EXPECT_EQ(wanted_language("fr;q=0, en;q=0.1"), Language::en);
  EXPECT_EQ(wanted_language("fr;q=0"), Language::en) << "not wanted";
  EXPECT_EQ(wanted_language("fry, frank"), Language::en) << "other languages";
  EXPECT_EQ(wanted_language("fr;q=much, fr;q=2, ;;,,"), Language::en);
}

TEST(French, LeavesWhatWasTypedAlone) {
  EXPECT_EQ(in_french("no KPI \"open\""), "aucun KPI «\u00a0open\u00a0»") << "a word of ours elsewhere";
  EXPECT_EQ(in_french("expected the end, found \"merge\""), "il fallait la fin, et non \"merge\"");
  EXPECT_EQ(in_french("send {\"questions\":[{\"kpi\":…}]}"), "envoyez {\"questions\":[{\"kpi\":…}]}");
}

TEST(French, SaysWhyNothingStandsIn) {
  EXPECT_EQ(
      in_french("\"default\" is what the card of ltv shows already: it stands in for nothing; name another variant"),
      "«\u00a0default\u00a0» est ce que la carte de ltv montre déjà\u00a0: elle ne remplace rien\u00a0; nommez une "
      "autre "
      "variante");
  EXPECT_EQ(
      in_french("\"curve\" is no single figure, as a card shows one; name a variant that is no curve, grid or table, "
                "and along no axis"),
      "«\u00a0curve\u00a0» n'est pas un chiffre seul, comme en montre une carte\u00a0; nommez une variante qui n'est "
      "ni "
      "courbe, ni grille, ni tableau, et qui n'a pas d'axe");
  EXPECT_EQ(in_french("the card of ltv is never null for the reason \"quota_reached\"; known: no_data, no_margin"),
            "la carte de ltv n'est jamais sans valeur pour la raison «\u00a0quota_reached\u00a0»\u00a0; connus\u00a0: "
            "no_data, "
            "no_margin");
}

TEST(French, DoesNotTakeApartWhatNobodyHereSaid) {
  std::string sent;
  for (int i = 0; i < 100'000; ++i) sent += "; ";
  EXPECT_EQ(in_french(sent), sent);
  EXPECT_EQ(in_french("no KPI \"" + sent + "\""), "no KPI \"" + sent + "\"");
}

}  // namespace
}  // namespace vigie::tongue
