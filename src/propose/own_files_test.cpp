// Small files as small companies have them, whole: what each of their columns becomes.
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// "table: key=N° adhérent, name=Nom, …" and the questions that block.
std::string told(const Proposal& p) {
  std::string out = p.table + ":";
  for (const ColumnVerdict& one : p.columns)
    for (const std::string& becomes : one.becomes) out += fmt::format(" {}={}", becomes, one.name);
  for (const Question& one : p.questions)
    if (one.blocks) out += fmt::format(" ?{}", one.code);
  return out;
}

TEST(OwnFiles, MembersOfAClub) {
  EXPECT_EQ(
      told(proposed({"N° adhérent;Nom;Prénom;Connu par;Adhérent depuis;Modifiée le",
                     "118;Martin;Jeanne;Affiche;03/01/2024;15/02/2025", "97;Dupont;Ali;Un ami;14/02/2024;15/02/2025",
                     "251;Durand;Zoé;Affiche;25/01/2025;16/02/2025"},
                    "adherents.csv")),
      "customers: key=N° adhérent name=Nom acquisition_channel=Connu par customer_since=Adhérent depuis "
      "updated_at=Modifiée le");
}

TEST(OwnFiles, SubscriptionsOfAGym) {
  EXPECT_EQ(told(proposed(
                {"Réf. contrat;Adhérent;Formule;Tarif mensuel;Date d'effet;Résilié le", "K1;118;Or;49,90;01/01/2025;",
                 "K2;97;Argent;29,90;15/01/2025;31/05/2025", "K3;251;Or;49,90;25/01/2025;"},
                "contrats.csv")),
            "subscriptions: key=Réf. contrat customer_key=Adhérent plan_key=Formule mrr=Tarif mensuel "
            "started_at=Date d'effet ended_at=Résilié le");
}

TEST(OwnFiles, DealsOfAnAgency) {
  const Proposal p = proposed({"Réf.;Affaire;Client;Étape;Montant de l'affaire;Créée le;Clôturée;Connu par",
                               "A-1;Site de la mairie;Mairie;Gagnée;1200;03/01/2025;13/02/2025;Salon",
                               "A-2;Refonte Beta;Beta;Perdue;800;04/01/2025;01/03/2025;Site",
                               "A-3;Appli Gamma;Gamma;Devis envoyé;950;05/01/2025;30/06/2025;Salon"},
                              "affaires.csv");
  EXPECT_EQ(told(p),
            "opportunities: key=Réf. name=Affaire customer_key=Client stage_key=Étape outcome=Étape amount=Montant de "
            "l'affaire created_at=Créée le closed_at=Clôturée expected_close_on=Clôturée source_channel=Connu par");
  // The first rows, as the conditions of the map leave them: an open deal is not closed.
  const auto& columns = p.maps[0].preview_columns;
  const auto closed = static_cast<std::size_t>(std::ranges::find(columns, "closed_at") - columns.begin());
  const auto forecast = static_cast<std::size_t>(std::ranges::find(columns, "expected_close_on") - columns.begin());
  ASSERT_LT(forecast, columns.size());
  EXPECT_EQ(p.maps[0].preview[0][closed], "2025-02-13");
  EXPECT_EQ(p.maps[0].preview[0][forecast], "");
  EXPECT_EQ(p.maps[0].preview[2][closed], "");
  EXPECT_EQ(p.maps[0].preview[2][forecast], "2025-06-30");
}

/// Tax at two rates: the tax of an invoice is their sum, and what is before tax is what is left without both.
TEST(OwnFiles, InvoicesWithTaxAtTwoRates) {
  const Proposal p = proposed(
      {"N° facture;Date de facture;Client;TVA 5,5 %;TVA 20%;Total TTC", "F1;03/01/2025;Martin;5,50;40,00;345,50",
       "F2;14/01/2025;Dupont;;20,00;120,00", "F3;25/01/2025;Martin;11,00;;211,00"},
      "factures.csv");
  EXPECT_THAT(told(p), HasSubstr("amount_tax=TVA 5,5 % amount_tax=TVA 20% amount_gross=Total TTC"));
  const auto& columns = p.maps[0].preview_columns;
  const auto at = [&](const char* name) {
    return static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin());
  };
  ASSERT_LT(at("amount_net"), columns.size()) << yaml_of(p);
  EXPECT_EQ(p.maps[0].preview[0][at("amount_tax")], "45.5");
  EXPECT_EQ(p.maps[0].preview[0][at("amount_net")], "300");
  EXPECT_EQ(p.maps[0].preview[1][at("amount_net")], "100");
  EXPECT_EQ(p.maps[0].preview[2][at("amount_net")], "200");
}

/// A column "TVA" that holds 20 and 10 holds rates: taken off as amounts they would give a wrong revenue.
TEST(OwnFiles, RatesOfTaxAreNoAmounts) {
  const Proposal asked = proposed({"N° facture;Date de facture;TVA;Total TTC", "F1;2025-01-13;20;345.50",
                                   "F2;2025-01-14;20;120.00", "F3;2025-01-15;10;211.00"},
                                  "factures.csv");
  EXPECT_THAT(told(asked), HasSubstr("?values"));
  const Proposal plain =
      proposed({"N° facture;Date de facture;Total HT;TVA;Total TTC", "F1;2025-01-13;100.00;20;120.00",
                "F2;2025-01-14;50.00;20;60.00", "F3;2025-01-15;10.00;10;11.00"},
               "factures.csv");
  EXPECT_THAT(told(plain), Not(HasSubstr("amount_tax")));
  EXPECT_THAT(told(plain), Not(HasSubstr("?")));
  EXPECT_THAT(yaml_of(plain), HasSubstr("#   TVA: left out: rates of tax, which are no amounts\n"));
}

/// Rates that no list has, a cell of Excel that shows "20 %", one row alone: nothing is taken off without a question.
TEST(OwnFiles, NoRateOfTaxIsTakenOffInSilence) {
  const auto invoices = [](const std::string& first, const std::string& second) {
    return told(proposed({"N° facture;Date;Client;TVA;Total TTC", "F1;05/01/2025;A;" + first + ";345,50",
                          "F2;16/01/2025;B;" + second + ";211,00"},
                         "factures.csv"));
  };
  for (const auto& [first, second] : std::vector<std::pair<const char*, const char*>>{
           {"0,2", "0,055"}, {"18", "20"}, {"4", "27"}, {"19,6", "8"}, {"25,5", "13,5"}, {"29", "20"}, {"20", ""}})
    EXPECT_THAT(invoices(first, second), HasSubstr("?values")) << first << " " << second;
  EXPECT_THAT(told(proposed({"N° facture;Date;Client;TVA;Total TTC", "F1;05/01/2025;A;20;345,50"}, "factures.csv")),
              HasSubstr("?values"));
  EXPECT_THAT(invoices("57,58", "35,17"), Not(HasSubstr("?"))) << "amounts at a usual rate";
  const Proposal shares = proposed({"N° facture;Date de facture;Total HT;TVA;Total TTC",
                                    "F1;2025-01-13;100,00;0,2;120,00", "F2;2025-01-14;50,00;0,18;59,00"},
                                   "factures.csv");
  EXPECT_THAT(yaml_of(shares), HasSubstr("#   TVA: left out: rates of tax, which are no amounts\n"));
}

/// The total of all taxes goes before the tax at one rate; where there is none, no tax is left out in silence.
TEST(OwnFiles, TheTaxOfOneRateIsNotAllTheTax) {
  const auto of = [](const std::string& header) {
    return proposed({"N° facture;Date de facture;" + header + ";Total TTC", "F1;2025-01-13;40,00;5,50;45,50;345,50",
                     "F2;2025-01-14;20,00;1,00;21,00;121,00"},
                    "factures.csv");
  };
  EXPECT_THAT(told(of("TVA 20 %;TVA autre;Total TVA")), HasSubstr("amount_tax=Total TVA"));
  EXPECT_THAT(told(of("TVA 20;TVA 5.5;Total TVA")), HasSubstr("amount_tax=Total TVA"));
  EXPECT_THAT(told(of("TVA 20 %;TVA autre;Remarque")), HasSubstr("?values"));
  const Proposal summed = of("TVA 20;TVA 5.5;Remarque");
  EXPECT_THAT(told(summed), Not(HasSubstr("?")));
  EXPECT_THAT(yaml_of(summed), HasSubstr("tax_of_all_rates"));
}

/// "CA" is what a French company calls its sales, "TVA$" the tax in dollars: neither is of Canada or Australia.
TEST(OwnFiles, SalesInDollarsAreNotCanadian) {
  const auto currency = [](const std::string& header) {
    Wishes wishes;
    wishes.workspace_currency = "USD";
    const Proposal p = proposed({"N° facture;Date de facture;" + header, "F1;2025-01-13;20.50", "F2;2025-01-14;120.00"},
                                "factures.csv", wishes);
    const std::string yaml = yaml_of(p);
    const auto at = yaml.find("\ncurrency: ");
    return at == std::string::npos ? std::string("none") : yaml.substr(at + 11, 3);
  };
  EXPECT_EQ(currency("CA$"), "USD");
  EXPECT_EQ(currency("CA $"), "USD");
  EXPECT_EQ(currency("TVA$"), "USD");
  EXPECT_EQ(currency("Amount (CA$)"), "CAD");
  EXPECT_EQ(currency("Amount (A$)"), "AUD");
  EXPECT_EQ(currency("CA"), "none");
  EXPECT_EQ(currency("Amount (NZ$)"), "NZD");
  EXPECT_EQ(currency("Amount (HK$)"), "HKD");
  EXPECT_EQ(currency("Amount (S$)"), "SGD");
  EXPECT_EQ(currency("Amount (C$)"), "CAD");
  EXPECT_EQ(currency("Amount CA$"), "none") << "Canada's, or sales in dollars: it is asked";
  EXPECT_EQ(currency("Amount $"), "USD");
}

TEST(OwnFiles, DonationsOfAnAssociation) {
  EXPECT_EQ(told(proposed({"N° reçu fiscal;Donateur;Date du don;Montant;Mode de règlement",
                           "2025-001;D-7;03/01/2025;50,00;Chèque", "2025-002;D-9;14/01/2025;120,00;CB",
                           "2025-003;D-7;25/01/2025;30,00;CB"},
                          "dons.csv")),
            "orders: key=N° reçu fiscal customer_key=Donateur ordered_at=Date du don amount_net=Montant");
}

TEST(OwnFiles, AppointmentsOfAPractice) {
  EXPECT_EQ(told(proposed({"N° RDV;Patient;Date du RDV;Praticien;Statut", "1;P-12;03/01/2025 09:00;Dr Roux;Honoré",
                           "2;P-15;14/01/2025 10:30;Dr Roux;Honoré", "3;P-12;25/01/2025 11:00;Dr Petit;Annulé"},
                          "rendez-vous.csv")),
            "activities: key=N° RDV customer_key=Patient occurred_at=Date du RDV owner_key=Praticien outcome=Statut");
}

}  // namespace
}  // namespace vigie::propose
