// From a table that nobody has described to a map: one rule each.
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<std::string> kShop{
    "N° commande;Date;Client;Etat;Total HT;Devise;Magasin", "1001;31/01/2025 18:42;Dupont;Payée;1 184,50;EUR;Lyon",
    "1002;01/02/2025 09:10;Martin;Payée;89,90;EUR;Paris",   "1003;02/02/2025 11:30;Dupont;Annulée;20,00;EUR;Lyon",
    "1004;03/02/2025 15:00;Durand;Payée;45,00;EUR;Lyon",    "1005;03/02/2025 15:10;Leroy;Payée;12,00;EUR;Paris",
    "1006;04/02/2025 10:10;Petit;Payée;15,00;EUR;Paris"};

const ColumnVerdict* verdict_of(const Proposal& proposal, std::string_view name) {
  for (const ColumnVerdict& one : proposal.columns)
    if (one.name == name) return &one;
  return nullptr;
}

/// The shop of the guide (docs/import.md): the map that one writes by hand there is proposed here.
TEST(Propose, TheShopOfTheGuide) {
  const Proposal p = proposed(kShop, "ventes-2025.csv");
  EXPECT_EQ(p.table, "orders");
  EXPECT_THAT(p.questions, IsEmpty());
  ASSERT_THAT(p.maps, SizeIs(1));
  EXPECT_TRUE(p.maps[0].loads);
  EXPECT_EQ(yaml_of(p), R"(# Proposed for ventes-2025.csv: read it through, change what is wrong, and keep it
map: ventes_2025
source: files  # files of one system share one source, so that their keys meet
table: orders
input:
  files: ventes-2025.csv
  delimiter: ";"
decimal: ","
thousands: " "
date_format: "%d/%m/%Y %H:%M"
columns:
  key: N° commande  # no two rows have the same, and none is without
  customer_key: Client  # a name stands for the key: two who share it are one
  ordered_at: Date  # the day comes first: "31/01/2025 18:42" can be read in no other way
  status: {from: Etat, values: {Annulée: cancelled, Payée: confirmed}, else: error}
  amount_net: Total HT
  currency: Devise
  x_magasin: Magasin  # 2 different texts: a split
)");
}

TEST(Propose, TheFirstRowsAreShownAsTheyWouldBeRead) {
  const Proposal p = proposed(kShop);
  EXPECT_THAT(p.maps[0].preview_columns,
              ElementsAre("key", "customer_key", "ordered_at", "status", "amount_net", "currency", "x_magasin"));
  ASSERT_THAT(p.maps[0].preview, SizeIs(5));
  EXPECT_THAT(p.maps[0].preview[0],
              ElementsAre("1001", "Dupont", "2025-01-31 18:42:00", "confirmed", "1184.5", "EUR", "Lyon"));
}

TEST(Propose, TheSameTableGivesTheSameMap) { EXPECT_EQ(yaml_of(proposed(kShop)), yaml_of(proposed(kShop))); }

const std::vector<std::string> kUndecided{"Order ID;Order Date;Amount", "1;03/04/2025;10.50", "2;05/06/2025;20.10",
                                          "3;11/12/2025;7.00"};

TEST(Propose, AnUndecidedOrderOfDayAndMonthIsAskedNotGuessed) {
  const Proposal p = proposed(kUndecided);
  EXPECT_EQ(p.table, "orders");
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_EQ(p.questions[0].code, "date_order");
  EXPECT_TRUE(p.questions[0].blocks) << "an order cannot do without its date";
  EXPECT_THAT(p.questions[0].answers, ElementsAre("--date-order dmy", "--date-order mdy"));
  EXPECT_FALSE(p.maps[0].loads);
  EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  ordered_at")));
  EXPECT_THAT(yaml_of(p), HasSubstr("  # ordered_at: {from: Order Date, date_format: \"%d/%m/%Y\", as: date}\n"
                                    "  # ordered_at: {from: Order Date, date_format: \"%m/%d/%Y\", as: date}\n"));
}

TEST(Propose, TheUserDecidesTheOrder) {
  Wishes wishes;
  wishes.date_order = DateOrder::month_first;
  const Proposal p = proposed(kUndecided, "file.csv", wishes);
  EXPECT_THAT(p.questions, IsEmpty());
  EXPECT_TRUE(p.maps[0].loads);
  EXPECT_THAT(yaml_of(p), HasSubstr("date_format: \"%m/%d/%Y\""));
  EXPECT_EQ(p.maps[0].preview[0][1], "2025-03-04");
}

TEST(Propose, AnotherColumnOfTheFileTellsTheOrder) {
  const Proposal p =
      proposed({"Order ID;Order Date;Cancelled at;Amount", "1;03/04/2025;;10.50", "2;05/06/2025;28/06/2025;20.10"});
  EXPECT_THAT(p.questions, IsEmpty());
  EXPECT_THAT(yaml_of(p), HasSubstr("as the column \"Cancelled at\" of the same file tells"));
  EXPECT_THAT(yaml_of(p), HasSubstr("date_format: \"%d/%m/%Y\""));
}

/// Without the day of cancellation a cancelled order would count.
TEST(Propose, AColumnThatRowsCanDoWithoutIsAskedForThoughTheMapLoads) {
  const Proposal p =
      proposed({"Order ID;Order Date;Cancelled at;Amount", "1;2025-04-03;;10.50", "2;2025-06-05;05/06/2025;20.10"});
  EXPECT_TRUE(p.maps[0].loads);
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_TRUE(p.questions[0].blocks);
}

TEST(Propose, AnUndecidedDecimalMarkIsAsked) {
  const std::vector<std::string> lines{"Order ID;Order Date;Amount", "1;2025-01-03;1.234", "2;2025-01-04;5.000"};
  const Proposal p = proposed(lines);
  ASSERT_THAT(p.questions, Contains(Field(&Question::code, "decimal")));
  EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  amount_net")));
  Wishes wishes;
  wishes.decimal = ',';
  EXPECT_EQ(proposed(lines, "file.csv", wishes).maps[0].preview[0].back(), "1234");
}

TEST(Propose, WordsThatNobodyKnowsAreRefusedUntilTheyAreSaid) {
  std::vector<std::string> lines = kShop;
  lines.push_back("1007;04/02/2025 10:11;Petit;Zinzin;15,00;EUR;Paris");
  const Proposal p = proposed(lines);
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_EQ(p.questions[0].code, "words");
  EXPECT_EQ(p.questions[0].text, "what do these texts of \"Etat\" mean for status: \"Zinzin\"?");
  EXPECT_FALSE(p.questions[0].blocks) << "its row waits in the quarantine, and the receipt tells it";
  EXPECT_THAT(p.questions[0].answers, ElementsAre("--word \"Zinzin=confirmed|cancelled|draft|test\""));
  EXPECT_THAT(yaml_of(p), HasSubstr("{Annulée: cancelled, Payée: confirmed}, else: error}"));
}

const std::vector<std::string> kDeals{
    "Id affaire;Nom de l'affaire;Société;Étape;Montant;Date de création;Date de clôture",
    "D1;Toit;Alpha;Gagnée;1200;2025-01-03;2025-02-03", "D2;Mur;Beta;Perdue;800;2025-01-04;2025-03-01",
    "D3;Sol;Gamma;Devis envoyé;950;2025-01-05;2025-06-30", "D4;Cour;Alpha;Gagnée;300;2025-01-06;2025-02-10"};

TEST(Propose, TheCloseDateOfAnOpenDealIsAForecast) {
  const Proposal p = proposed(kDeals, "affaires.csv");
  EXPECT_EQ(p.table, "opportunities");
  EXPECT_THAT(
      yaml_of(p),
      HasSubstr("outcome: {from: Étape, values: {Devis envoyé: open, Gagnée: won, Perdue: lost}, else: error}"));
  EXPECT_THAT(
      yaml_of(p),
      HasSubstr("closed_at: {from: Date de clôture, when: \"\\\"Étape\\\" in ('Gagnée', 'Perdue')\", as: date}"));
  EXPECT_THAT(
      yaml_of(p),
      HasSubstr("expected_close_on: {from: Date de clôture, when: \"\\\"Étape\\\" not in ('Gagnée', 'Perdue')\"}"));
}

TEST(Propose, HeadersOfCrmsSayTheSameThingsInManyWays) {
  for (const std::string header :
       {"Deal ID;Deal Name;Account Name;Stage;Amount;Create Date;Close Date",
        "opportunity_id;opportunity_name;account_id;stage_name;amount;created_date;close_date",
        "ID opportunité;Nom de l'opportunité;Compte;Étape;Montant;Créée le;Date de clôture"}) {
    std::vector<std::string> lines = kDeals;
    lines[0] = header;
    const Proposal p = proposed(lines, "export.csv");
    EXPECT_EQ(p.table, "opportunities") << header;
    EXPECT_TRUE(!p.maps.empty() && p.maps[0].loads) << header;
  }
}

TEST(Propose, TwoTablesThatFitAlikeAreTold) {
  const Proposal p = proposed({"ID;Nom", "1;Alpha", "2;Beta"}, "liste.csv");
  EXPECT_EQ(p.table, "");
  EXPECT_THAT(p.maps, IsEmpty());
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_EQ(p.questions[0].code, "table");
  EXPECT_THAT(p.questions[0].answers, Contains("--table customers"));
}

TEST(Propose, TheUserSaysTheTable) {
  Wishes wishes;
  wishes.table = "products";
  const Proposal p = proposed({"ID;Nom", "1;Alpha", "2;Beta"}, "liste.csv", wishes);
  EXPECT_EQ(p.table, "products");
  EXPECT_TRUE(p.maps[0].loads);
  wishes.table = "produts";
  const auto wrong = propose(sketch_of({"ID;Nom", "1;Alpha"}), semicolons("x.csv"), wishes, model::shipped_model(),
                             shipped_vocabulary());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "propose.table");
  EXPECT_THAT(wrong.error().hint, HasSubstr("products"));
}

TEST(Propose, AListWithoutDatesAsksForADay) {
  const std::vector<std::string> lines{"Lead ID;Lead Source;Lead Status", "1;Web;New", "2;Salon;Qualified",
                                       "3;Web;New"};
  const Proposal p = proposed(lines, "leads.csv");
  EXPECT_EQ(p.table, "leads");
  EXPECT_FALSE(p.maps[0].loads);
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_EQ(p.questions[0].code, "day");
  Wishes wishes;
  wishes.day = "2025-01-01";
  EXPECT_THAT(yaml_of(proposed(lines, "leads.csv", wishes)), HasSubstr("created_at: {value: \"2025-01-01\"}"));
}

TEST(Propose, NumbersAreDatesWhereTheNameSaysSo) {
  const Proposal sheet = proposed({"Order ID;Order Date;Amount", "1;45292;10.50", "2;45293;7.25"});
  EXPECT_THAT(yaml_of(sheet), HasSubstr("date_format: \"excel\""));
  EXPECT_EQ(sheet.maps[0].preview[0][1], "2024-01-01");
  const Proposal clock = proposed({"Order ID;Created at;Amount", "1;1704067200;10.50", "2;1704070800;7.25"});
  EXPECT_THAT(yaml_of(clock), HasSubstr("date_format: \"unix\""));
  EXPECT_EQ(clock.maps[0].preview[0][1], "2024-01-01 00:00:00");
  const Proposal amount = proposed({"Order ID;Order Date;Amount", "1;2024-01-01;45292", "2;2024-01-02;45293"});
  EXPECT_EQ(amount.maps[0].preview[0][2], "45292") << "no name says that these are dates";
}

TEST(Propose, PlaceholdersAreNothing) {
  const Proposal p =
      proposed({"Customer ID;Name;Industry;Country", "1;A;Select;FR", "2;B;Retail;FR", "3;C;Retail;BE", "4;D;N/A;FR"},
               "customers.csv");
  EXPECT_THAT(yaml_of(p), HasSubstr("industry: {from: Industry, null_values: [\"N/A\", \"Select\"]}"));
}

TEST(Propose, LongNumbersStayTexts) {
  const Proposal p = proposed({"Event ID;Event Owner;Start DateTime", "25842000000262376;Ann;2021-04-15 21:02:00",
                               "25842000000262377;Bob;2021-04-16 21:02:00"},
                              "events.csv");
  EXPECT_EQ(p.table, "activities");
  EXPECT_EQ(p.maps[0].preview[0][0], "25842000000262376");
}

TEST(Propose, AmountsInThousandsAreMultipliedOut) {
  const Proposal p = proposed(
      {"Campaign ID;Campaign Name;Start Date;Actual Cost", "1;A;2021-04-25;$141.56K", "2;B;2021-04-26;$1,357.80K"},
      "campaigns.csv");
  EXPECT_EQ(p.table, "channel_spend");
  EXPECT_THAT(yaml_of(p), HasSubstr("magnitudes: {\"K\": 1000}"));
  EXPECT_THAT(p.maps[0].preview[0], ::testing::Contains("141560"));
  EXPECT_THAT(p.maps[0].preview[1], ::testing::Contains("1357800"));
}

TEST(Propose, OneColumnAChannelBecomesOneRowAChannel) {
  const Proposal p =
      proposed({"Semaine;Dépense Google;Dépense Meta;Dépense TV", "2025-01-06;100,5;20;0", "2025-01-13;90;30;500"});
  EXPECT_EQ(p.table, "channel_spend") << p.questions.size();
  EXPECT_THAT(yaml_of(p), HasSubstr("UNPIVOT"));
  EXPECT_THAT(yaml_of(p), HasSubstr("AS \"Google\""));
}

TEST(Propose, LinesThatRepeatTheirOrderMakeTwoMaps) {
  const Proposal p =
      proposed({"InvoiceNo;StockCode;Quantity;InvoiceDate;UnitPrice;CustomerID",
                "536365;85123A;6;2010-12-01 08:26:00;2.55;17850.0", "536365;71053;6;2010-12-01 08:26:00;3.39;17850.0",
                "536366;71053;1;2010-12-01 08:28:00;3.39;17851.0"});
  ASSERT_THAT(p.maps, SizeIs(2));
  EXPECT_EQ(p.maps[0].table, "order_lines");
  EXPECT_EQ(p.maps[1].table, "orders");
  EXPECT_THAT(p.maps[1].yaml, HasSubstr("GROUP BY \"InvoiceNo\""));
  EXPECT_THAT(p.maps[1].yaml, HasSubstr("(17850.0) stay so"));
}

TEST(Propose, WhatIsBeforeTaxIsToldByAddingUp) {
  std::vector<std::string> lines{"Order ID;Order Date;Sub Total;Discount;Tax;Grand Total"};
  for (int i = 1; i <= 20; ++i) {
    const int sub = 1000 + 10 * i, discount = 50 + i, tax = 190 + i;
    lines.push_back(fmt::format("{};2025-01-{:02};{};{};{};{}", i, i, sub, discount, tax, sub - discount + tax));
  }
  EXPECT_THAT(yaml_of(proposed(lines)), HasSubstr("amount_net: {from: discounted, round: true}"));
  for (int i = 1; i <= 20; ++i) {
    const int sub = 1000 + 10 * i, discount = 50 + i, tax = 190 + i;
    lines[static_cast<std::size_t>(i)] =
        fmt::format("{};2025-01-{:02};{};{};{};{}", i, i, sub, discount, tax, sub - discount - tax);
  }
  EXPECT_THAT(yaml_of(proposed(lines)), HasSubstr("amount_net: Grand Total"));
}

TEST(Propose, ARecommendationGoesToTenAndStarsAreNone) {
  const Proposal nps = proposed({"ID;Date de réponse;Note NPS", "1;2025-01-03;10", "2;2025-01-04;0"}, "enquete.csv");
  EXPECT_THAT(yaml_of(nps), HasSubstr("kind: {value: nps}"));
  const Proposal stars = proposed({"Review ID;Review date;Rating", "1;2025-01-03;5", "2;2025-01-04;1"}, "reviews.csv");
  EXPECT_THAT(yaml_of(stars), HasSubstr("kind: {value: csat}"));
  EXPECT_THAT(yaml_of(stars), HasSubstr("max_score: {value: \"5\"}"));
}

TEST(Propose, WhatMapsToNothingIsASplitOrIsToldWhyNot) {
  const Proposal p = proposed({"Order ID;Order Date;Amount;Magasin;Remarque;Vide",
                               "1;2025-01-03;10.50;Lyon;rappeler Mme Dupont avant lundi soir;",
                               "2;2025-01-04;11;Lyon;livrer chez le voisin du second étage;",
                               "3;2025-01-04;12;Paris;rien à dire de celle-ci en particulier;",
                               "4;2025-01-05;13;Paris;;", "5;2025-01-05;14;Lyon;;", "6;2025-01-06;14;Lyon;;"});
  EXPECT_THAT(verdict_of(p, "Magasin")->becomes, ElementsAre("x_magasin"));
  EXPECT_THAT(verdict_of(p, "Remarque")->becomes, IsEmpty());
  EXPECT_EQ(verdict_of(p, "Vide")->reason, "left out: it is empty");
  EXPECT_THAT(yaml_of(p), HasSubstr("#   Vide: left out: it is empty\n"));
}

TEST(Propose, ACurrencyIsSaidWhereItCanBeNoOther) {
  EXPECT_THAT(yaml_of(proposed({"Order ID;Order Date;Montant HT", "1;2025-01-03;10,50 €", "2;2025-01-04;7,00 €"})),
              HasSubstr("currency: EUR\n"));
  const Proposal dollars = proposed({"Order ID;Order Date;Amount", "1;2025-01-03;$10.50", "2;2025-01-04;$7.00"});
  EXPECT_THAT(yaml_of(dollars), Not(HasSubstr("\ncurrency:"))) << "five countries and more have dollars";
  ASSERT_THAT(dollars.questions, Contains(Field(&Question::code, "currency")));
  EXPECT_TRUE(dollars.questions[0].blocks);
}

TEST(Propose, NamesOfColumnsMayHoldAnything) {
  const Proposal p = proposed(
      {"Order ID;Order: {Date}, [x];Amount \"net\" # 1;Étape 'b'", "1;2025-01-03;10.50;a", "2;2025-01-04;11;b"});
  ASSERT_THAT(p.maps, SizeIs(1));  // what it wrote loads: else it is an error of ours
}

TEST(Propose, AShortListHasNoKeyByAccident) {
  // Three customers of three orders: no customer names an order.
  const Proposal p = proposed(
      {"Date commande;Client;Total HT", "2025-01-03;A;10", "2025-01-04;B;11", "2025-01-05;C;12"}, "commandes.csv");
  EXPECT_EQ(p.table, "orders");
  EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  key:")));
  EXPECT_THAT(p.questions, Contains(Field(&Question::code, "key")));
}

TEST(Propose, TheInputIsWrittenAsItIsRead) {
  FileFacts facts = semicolons("a b.txt");
  facts.encoding = "windows-1252";
  facts.skip = 2;
  facts.header = false;
  Wishes wishes;
  wishes.source = "shop";
  wishes.map = "mine";
  const std::vector<std::string> lines{"Order ID;Order Date;Amount", "1;2025-01-03;10.50", "2;2025-01-04;11"};
  facts.more = {{"short_rows", "fill"}};
  const auto p = propose(sketch_of(lines), facts, wishes, model::shipped_model(), shipped_vocabulary());
  ASSERT_TRUE(p) << p.error().text();
  EXPECT_THAT(
      yaml_of(*p),
      HasSubstr("map: mine\nsource: shop\ntable: orders\ninput:\n  files: a b.txt\n  delimiter: \";\"\n"
                "  encoding: windows-1252\n  skip: 2\n  header: [Order ID, Order Date, Amount]\n  short_rows: fill\n"));
}

/// Nothing English is left in what a French reader is told.
TEST(Propose, SpeaksFrench) {
  Wishes wishes;
  wishes.language = tongue::Language::fr;
  const std::string yaml = yaml_of(proposed(kShop, "ventes.csv", wishes));
  EXPECT_THAT(yaml, HasSubstr("# Proposée pour ventes.csv"));
  EXPECT_THAT(yaml, HasSubstr("le jour vient d'abord\u00a0: «\u00a031/01/2025 18:42\u00a0» ne se lit pas autrement"));
  for (const std::vector<std::string>& lines : {kShop, kDeals, kUndecided}) {
    const Proposal p = proposed(lines, "x.csv", wishes);
    for (const Question& one : p.questions) EXPECT_THAT(one.text, Not(HasSubstr(" the "))) << one.text;
    for (const ColumnVerdict& one : p.columns)
      EXPECT_THAT(" " + one.reason + " ", Not(HasSubstr(" the "))) << one.reason;
    EXPECT_THAT(yaml_of(p), Not(HasSubstr(" the ")));
  }
}

}  // namespace
}  // namespace vigie::propose
