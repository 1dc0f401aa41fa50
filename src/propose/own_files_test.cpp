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

using Lines = std::vector<std::string>;

/// The answers of the questions of that code.
Lines answers_of(const Proposal& p, std::string_view code) {
  Lines out;
  for (const Question& one : p.questions)
    if (one.code == code) out.insert(out.end(), one.answers.begin(), one.answers.end());
  return out;
}

/// Of the first row, as the map reads it; "" where the map has no such column.
std::string first_row_of(const Proposal& p, const char* column) {
  const auto& columns = p.maps[0].preview_columns;
  const auto at = static_cast<std::size_t>(std::ranges::find(columns, column) - columns.begin());
  return at < columns.size() ? p.maps[0].preview[0][at] : "";
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

/// "Tax 1" and "Tax 2" count the taxes and name no rate: 5 and 9.975 are percents, or amounts where the sums say so.
TEST(OwnFiles, TaxesThatAreNumberedMayHoldRates) {
  const auto of = [](const Lines& rows, const std::string& header, const Wishes& wishes = {}) {
    Lines lines{"Invoice No;Invoice Date;Customer;" + header + ";Total incl tax"};
    lines.insert(lines.end(), rows.begin(), rows.end());
    return proposed(lines, "invoices.csv", wishes);
  };
  const Lines rates{"I1;2025-01-13;A;5;9.975;345.50", "I2;2025-01-14;B;5;9.975;120.00"};
  const Proposal asked = of(rates, "Tax 1;Tax 2");
  EXPECT_EQ(answers_of(asked, "values"),
            (Lines{"--column \"Tax 1=amount_tax\" --column \"Tax 2=amount_tax\"", "--column \"Tax 1=amount_tax\"",
                   "--column \"Tax 2=amount_tax\"", "--without \"Tax 1\" --without \"Tax 2\""}));
  for (const char* header : {"Tax;Tax2", "TVA 1;TVA 2", "Tax 2;Tax 3", "TVA;TVA autre", "Tax;GST"})
    EXPECT_THAT(told(of(rates, header)), HasSubstr("?values")) << header;
  for (const char* header : {"Tax 1", "TVA 2", "Tax"})
    EXPECT_THAT(told(of({"I1;2025-01-13;A;20;345.50", "I2;2025-01-14;B;20;120.00"}, header)), HasSubstr("?values"))
        << header;
  EXPECT_THAT(told(of({"I1;2025-01-13;A;20;345.50", "I2;2025-01-14;B;20;120.00"}, "TVA 20 %")), HasSubstr("?values"))
      << "20 on every row is its rate";
  const Proposal amounts =
      of({"I1;2025-01-13;A;5.00;9.98;114.98", "I2;2025-01-14;B;12.50;24.94;287.44"}, "Tax 1;Tax 2");
  EXPECT_THAT(told(amounts), Not(HasSubstr("?")));
  EXPECT_EQ(first_row_of(amounts, "amount_net"), "100");
  EXPECT_EQ(first_row_of(amounts, "amount_tax"), "14.98");
}

/// 20 of 100 is 25 % of 80, by chance: what is before tax is 83.33 where 20 is the rate.
TEST(OwnFiles, OneUsualRateMayBeChance) {
  const auto of = [](const Lines& taxes_and_totals) {
    Lines lines{"N° facture;Date de facture;Client;TVA;Total TTC"};
    for (const std::string& one : taxes_and_totals)
      lines.push_back(fmt::format("F{};2025-01-{};A;{}", lines.size(), 12 + lines.size(), one));
    return proposed(lines, "factures.csv");
  };
  for (const char* row : {"20;100.00", "20;220.00", "20;420.00", "20;145.00", "20;270.00", "20;520.00", "10;50.00",
                          "40;200.00", "18;108.00"})
    EXPECT_THAT(told(of({row, row, row})), HasSubstr("?values")) << row;
  EXPECT_THAT(told(of({"20;100.00", "10;50.00"})), HasSubstr("?values"));
  EXPECT_THAT(told(of({"20;220.00", "20;270.00", "20;520.00"})), HasSubstr("?values"));
  EXPECT_THAT(told(of({"18;345.50", "18;211.00", "40;120.00"})), HasSubstr("?values")) << "rates of India";
  EXPECT_THAT(told(of({"18;345.50", "18;211.00", "35;120.00"})), HasSubstr("?values")) << "one that is no usual rate";
  for (const Lines& amounts : {Lines{"20;120.00", "20;120.00"}, Lines{"20;120.00", "10;60.00", "5;30.00"},
                               Lines{"20;120.00", "30;180.00"}, Lines{"57.58;345.50"}}) {
    const Proposal taken = of(amounts);
    EXPECT_THAT(told(taken), Not(HasSubstr("?"))) << amounts.front();
    EXPECT_THAT(told(taken), HasSubstr("amount_tax=TVA")) << amounts.front();
    EXPECT_THAT(yaml_of(taken), HasSubstr("without_tax")) << amounts.front();
  }
}

/// A further column of tax is asked for, and each answer is taken: the sum of both, one of them, none.
TEST(OwnFiles, AFurtherTaxIsAddedLeftOrTheWhole) {
  const auto of = [](const std::string& first, const std::string& second, const Wishes& wishes = {}) {
    return proposed({"N° facture;Date de facture;" + first + ";" + second + ";Total TTC",
                     "F1;2025-01-13;41.00;5.50;346.50", "F2;2025-01-14;20.00;1.00;121.00"},
                    "factures.csv", wishes);
  };
  for (const auto& [first, second] : std::vector<std::pair<const char*, const char*>>{
           {"Tax", "Tax2"}, {"TVA", "TVA autre"}, {"TVA 20 %", "TVA autre"}, {"TVA autre", "TVA"}})
    EXPECT_THAT(told(of(first, second)), HasSubstr("?values")) << first << " " << second;
  for (const char* rate : {"Taux TVA", "TVA %", "N° TVA", "TVA intracommunautaire"})
    EXPECT_THAT(told(of("TVA", rate)), Not(HasSubstr("?"))) << rate;
  Wishes both;
  both.columns = {{"TVA 20 %", "amount_tax"}, {"TVA autre", "amount_tax"}};
  const Proposal sum = of("TVA 20 %", "TVA autre", both);
  EXPECT_THAT(told(sum), Not(HasSubstr("?")));
  EXPECT_EQ(first_row_of(sum, "amount_net"), "300");
  EXPECT_EQ(first_row_of(sum, "amount_tax"), "46.5");
  for (const auto& [column, net] : {std::pair{"TVA 20 %", "305.5"}, std::pair{"TVA autre", "341"}}) {
    Wishes one;
    one.columns = {{column, "amount_tax"}};
    const Proposal p = of("TVA 20 %", "TVA autre", one);
    EXPECT_THAT(told(p), Not(HasSubstr("?"))) << column;
    EXPECT_EQ(first_row_of(p, "amount_net"), net);
  }
  Wishes none;
  none.without = {"TVA 20 %", "TVA autre"};
  EXPECT_EQ(first_row_of(of("TVA 20 %", "TVA autre", none), "amount_net"), "");
  const Proposal parts = proposed({"N° facture;Date;TVA 20;TVA 5.5;TVA;Total TTC",
                                   "F1;2025-01-13;40.00;5.50;45.50;345.50", "F2;2025-01-14;20.00;1.10;21.10;141.10"},
                                  "factures.csv");
  EXPECT_THAT(told(parts), Not(HasSubstr("?"))) << "the sums tell that one is all of them";
  EXPECT_EQ(first_row_of(parts, "amount_net"), "300");
}

/// Rates that no list has, beside a discount: the sums do not tell, so it is asked.
TEST(OwnFiles, UnusualRatesBesideADiscountAreAskedFor) {
  const auto of = [](const std::string& first, const std::string& second) {
    return told(proposed({"N° facture;Date de facture;Total HT;Remise;TVA;Total TTC", "F1;2025-01-13;" + first,
                          "F2;2025-01-14;" + second},
                         "factures.csv"));
  };
  EXPECT_THAT(of("100.00;10.00;17.5;105.75", "50.00;5.00;29;58.05"), HasSubstr("?values"));
  EXPECT_THAT(of("100.00;10.00;18.00;108.00", "50.00;0.00;10.50;60.50"), Not(HasSubstr("?")));
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

/// The currency of invoices whose amounts have that header, in a workspace of those dollars; "?" and the answers where
/// it is asked, "none" where nothing says one.
std::string currency_by(const std::string& header, const std::string& workspace = "USD") {
  Wishes wishes;
  wishes.workspace_currency = workspace;
  const Proposal p = proposed({"N° facture;Date de facture;" + header, "F1;2025-01-13;20.50", "F2;2025-01-14;120.00"},
                              "factures.csv", wishes);
  for (const Question& one : p.questions)
    if (one.code == "currency") return "?" + join(one.answers, ",");
  EXPECT_THAT(told(p), HasSubstr("amount_")) << header;
  const std::string yaml = yaml_of(p);
  const auto at = yaml.find("\ncurrency: ");
  return at == std::string::npos ? std::string("none") : yaml.substr(at + 11, 3);
}

/// "CA" is what a French company calls its sales, "TVA$" the tax in dollars: neither is of Canada or Australia.
TEST(OwnFiles, SalesInDollarsAreNotCanadian) {
  for (const char* header : {"CA$", "CA $", "TVA$", "TVA $", "Amount $", "Amount ($)", "Montant HT $", "Montant $ TTC",
                             "Total $", "$ Amount"})
    EXPECT_EQ(currency_by(header), "USD") << header;
  EXPECT_EQ(currency_by("CA"), "none");
  for (const char* header : {"Amount CA$", "Amount CA $", "Montant $ CA", "Amount (in CA$)"})
    EXPECT_EQ(currency_by(header), "?--currency CAD,--currency USD") << header << ": Canada's, or sales in dollars";
}

/// Letters on either side of the sign, a blank between or none, and codes: whose dollars these are, whatever the
/// workspace has.
TEST(OwnFiles, LettersBesideADollarAreACountrys) {
  for (const auto& [header, code] : std::vector<std::pair<const char*, const char*>>{
           {"Amount (CA$)", "CAD"},   {"Amount (CA $)", "CAD"},  {"Montant ($ CA)", "CAD"}, {"Montant ($ CAN)", "CAD"},
           {"Amount (CAD $)", "CAD"}, {"Amount (CAD$)", "CAD"},  {"Amount CAD $", "CAD"},   {"Amount (C$)", "CAD"},
           {"Amount (US $)", "USD"},  {"Amount (USD $)", "USD"}, {"Amount US $", "USD"},    {"Amount (us$)", "USD"},
           {"Prix ($ US)", "USD"},    {"Amount $US", "USD"},     {"Amount (A$)", "AUD"},    {"Amount (NZ$)", "NZD"},
           {"Amount NZ$", "NZD"},     {"Amount (NZ $)", "NZD"},  {"Amount (HK$)", "HKD"},   {"Amount (S$)", "SGD"},
           {"Amount RD$", "DOP"},     {"Amount (RD $)", "DOP"},  {"Amount (XCD $)", "XCD"}, {"Amount (kUS$)", "USD"}})
    for (const char* workspace : {"USD", "CAD"}) EXPECT_EQ(currency_by(header, workspace), code) << header;
  EXPECT_EQ(currency_by("Amount (EGP £)"), "EGP");
  EXPECT_EQ(currency_by("Total (ALL) €"), "EUR");
  for (const char* header : {"Amount XY$", "Amount (XY $)", "Amount XY $", "Amount (B$)", "Total A $"})
    EXPECT_EQ(currency_by(header), "?--currency USD") << header << ": letters that nobody knows";
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
