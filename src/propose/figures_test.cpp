// From a file to its rows: what the proposed map brings in is what a person reads in the file. Where the file does not
// tell, a question stands in the way.
#include "ingest/import_fixture.h"
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Lines = std::vector<std::string>;

class FiguresTest : public ingest::ImportTest {
 protected:
  /// Proposes for the lines ("a;b" a row), and imports where nothing blocks; "?code" of what blocks else.
  std::string keep(const Lines& lines, const std::string& name = "file.csv", Wishes wishes = {}) {
    file(name, join(lines, "\n") + "\n");
    if (wishes.workspace_currency.empty()) wishes.workspace_currency = "EUR";
    proposal_ = proposed(lines, name, wishes);
    for (const Question& one : proposal_.questions)
      if (one.blocks) return "?" + one.code;
    refused_ = 0;
    for (const ProposedMap& map : proposal_.maps) {
      ingest::Request request;
      request.folder = folder_;
      const auto receipt = import(map.yaml, request);
      EXPECT_TRUE(receipt) << receipt.error().text() << "\n" << map.yaml;
      if (receipt) refused_ += receipt->quarantined;
    }
    return proposal_.maps.empty() ? "nothing" : proposal_.maps.front().table;
  }
  std::string of_orders(const std::string& what) { return rows("SELECT " + what + " FROM orders"); }

  Proposal proposal_;
  std::int64_t refused_ = 0;
};

// --- a column that is known by its name keeps its role -------------------------------------------------------------

TEST_F(FiguresTest, OneOddAmountAmongFewGoesToTheQuarantineAlone) {
  EXPECT_EQ(keep({"N° commande;Date;Client;Montant HT", "1;14/03/2025;A;10,00", "2;15/03/2025;A;10,00",
                  "3;16/03/2025;A;10,00", "4;17/03/2025;A;10,00", "5;30/03/2025;A;à définir"}),
            "orders");
  EXPECT_EQ(of_orders("count(*), sum(amount_net)"), "4|40");
  EXPECT_EQ(refused_, 1);
  EXPECT_THAT(proposal_.notes, Contains(HasSubstr("\"Montant HT\": 1 value cannot be read so")));
}

TEST_F(FiguresTest, OneDayThatIsNoneIsTheRowsAlone) {
  EXPECT_EQ(keep({"N° commande;Date;Client;Montant HT", "1;31/02/2025;A;10,00", "2;15/03/2025;A;20,00",
                  "3;16/03/2025;B;30,00"}),
            "orders");
  EXPECT_EQ(of_orders("count(*), sum(amount_net), count(customer_key)"), "2|50|2");
  EXPECT_EQ(refused_, 1);
}

TEST_F(FiguresTest, AmountsOfWhichNoneIsUnderstoodAreAskedFor) {
  EXPECT_EQ(keep({"Order ID;Order date;Net amount", "1;2025-01-05;10 apples", "2;2025-01-06;a lot"}), "?values");
  Wishes wishes;
  wishes.without = {"Net amount"};
  EXPECT_EQ(
      keep({"Order ID;Order date;Net amount", "1;2025-01-05;10 apples", "2;2025-01-06;a lot"}, "file.csv", wishes),
      "orders");
}

TEST_F(FiguresTest, SignsAndNamesOfCurrenciesStandBesideCodes) {
  EXPECT_EQ(keep({"N° commande;Date;Client;Montant HT;Devise", "1;31/01/2025;A;10,00;EUR", "2;01/02/2025;B;20,00;GBP",
                  "3;02/02/2025;C;30,00;€", "4;02/02/2025;C;30,00;Euro"}),
            "orders");
  EXPECT_EQ(rows("SELECT currency, count(*) FROM orders GROUP BY 1 ORDER BY 1"), "EUR|3\nGBP|1");
}

TEST_F(FiguresTest, AStatusThatNobodyKnowsIsAskedFor) {
  Lines lines{"N° commande;Date;Client;Montant HT;Statut"};
  for (int i = 1; i <= 8; ++i)
    lines.push_back(fmt::format("{};{:02}/03/2025;A;10,00;{}", i, i + 12, i % 2 ? "Zig" : "Zag"));
  EXPECT_EQ(keep(lines), "?words");
  EXPECT_THAT(proposal_.questions.front().answers,
              ElementsAre("--word \"Zag=confirmed|cancelled|draft|test\"",
                          "--word \"Zig=confirmed|cancelled|draft|test\"", "--without \"Statut\""));
  Wishes wishes;
  wishes.words = {{"Zig", "confirmed"}, {"Zag", "cancelled"}};
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders");
  EXPECT_EQ(rows("SELECT status, count(*) FROM orders GROUP BY 1 ORDER BY 1"), "cancelled|4\nconfirmed|4");
}

TEST_F(FiguresTest, PercentsAreNeitherPeopleNorEuros) {
  EXPECT_EQ(
      keep({"Matricule;Nom;Date d'entrée;Date de sortie;Service;Temps de travail", "001;Martin;01/02/2020;;Ventes;100%",
            "002;Durand;15/06/2022;30/04/2025;Marketing;80%", "003;Petit;13/01/2025;;Production;50%"},
           "salaries.csv"),
      "headcount");
  EXPECT_EQ(rows("SELECT sum(fte) FROM headcount"), "2.3");
  EXPECT_EQ(keep({"N° facture;Date facture;Client;Total HT;Remise", "1;31/01/2025;A;50,00;20 %",
                  "2;01/02/2025;B;100,00;0 %"}),
            "orders");
  EXPECT_EQ(of_orders("sum(amount_net), count(discount)"), "150|0");
  EXPECT_THAT(proposal_.notes, Contains(HasSubstr("a discount in percents is no amount")));
}

// --- currencies ------------------------------------------------------------------------------------------------------

const Lines kDollars{"Order ID;Order date;Customer;Net amount", "1;2025-01-31;A;$10.00", "2;2025-02-01;B;$20.50"};

TEST_F(FiguresTest, DollarsAreOfNobodyUntilItIsSaid) {
  EXPECT_EQ(keep(kDollars), "?currency");
  EXPECT_THAT(proposal_.questions.front().answers, ElementsAre("--currency USD"));
  Wishes wishes;
  wishes.currency = "CAD";
  EXPECT_EQ(keep(kDollars, "file.csv", wishes), "orders");
  EXPECT_EQ(of_orders("DISTINCT currency"), "CAD");
}

TEST_F(FiguresTest, DollarsAreThoseOfTheWorkspace) {
  Wishes wishes;
  wishes.workspace_currency = "USD";
  EXPECT_EQ(keep(kDollars, "file.csv", wishes), "orders");
  EXPECT_EQ(of_orders("DISTINCT currency"), "USD");
  EXPECT_THAT(proposal_.notes, Contains("\"$\" is taken as USD, the currency of the workspace"));
}

TEST_F(FiguresTest, EachRowHasTheCurrencyOfItsOwnSign) {
  const Lines lines{"N° commande;Date;Client;Montant HT", "1;31/01/2025;A;10,00 €", "2;01/02/2025;B;£20,00",
                    "3;02/02/2025;C;30,00 €"};
  EXPECT_EQ(keep(lines), "orders");
  EXPECT_EQ(rows("SELECT currency, sum(amount_net) FROM orders GROUP BY 1 ORDER BY 1"), "EUR|40\nGBP|20");
}

TEST_F(FiguresTest, AmountsWithoutASignBesideOthersAreAskedFor) {
  const Lines lines{"N° commande;Date;Client;Montant HT", "1;31.01.2025;A;1'234.50", "2;01.02.2025;B;CHF 20.00",
                    "3;02.02.2025;B;40.00"};
  EXPECT_EQ(keep(lines), "?currency");
  Wishes wishes;
  wishes.currency = "EUR";
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders");
  EXPECT_EQ(rows("SELECT currency, sum(amount_net) FROM orders GROUP BY 1 ORDER BY 1"), "CHF|20\nEUR|1274.5");
}

TEST_F(FiguresTest, AFileOfCurrenciesIsNoFileOfQuotes) {
  EXPECT_EQ(keep({"N° facture;Date;Client;Montant HT;Devise", "1;31/01/2025;A;10,00;EUR", "2;01/02/2025;B;20,00;USD"},
                 "devises2.csv"),
            "orders");
  EXPECT_EQ(of_orders("DISTINCT document"), "invoice");
  EXPECT_EQ(
      keep({"N° devis;Date;Client;Montant HT", "D1;01/03/2025;Alpha;100,00", "D2;15/03/2025;Beta;200,00"}, "devis.csv"),
      "orders");
  EXPECT_THAT(proposal_.notes, Contains("names of the file say quotes: they are no sales"));
}

// --- amounts
// -----------------------------------------------------------------------------------------------------------

TEST_F(FiguresTest, TwoDocumentsTellTheNetAmountAsManyDo) {
  EXPECT_EQ(keep({"Invoice Number;Invoice Date;Customer Name;Sub Total;Discount;Tax;Grand Total",
                  "I1;2025-01-05;A;100.00;10.00;18.00;108.00", "I2;2025-01-16;B;50.00;0.00;10.50;60.50"}),
            "orders");
  EXPECT_EQ(of_orders("sum(amount_net), sum(amount_gross)"), "140|168.5");
  EXPECT_EQ(keep({"N° facture;Date;Client;Sous-total;Remise;TVA;Port;Total TTC",
                  "F1;05/01/2025;A;100,00;10,00;18,00;5,00;113,00", "F2;16/01/2025;B;50,00;;10,00;;60,00"}),
            "orders");
  EXPECT_EQ(rows("SELECT sum(amount_net) FROM orders WHERE amount_gross IN (113, 60) AND amount_tax IS NOT NULL"),
            "140");
}

TEST_F(FiguresTest, OfAnAmountWithTaxAndItsTaxTheRestIsNet) {
  EXPECT_EQ(
      keep({"N° facture;Date;Client;TVA;Total TTC", "F1;05/01/2025;A;20,00;120,00", "F2;16/01/2025;B;30,00;180,00"}),
      "orders");
  EXPECT_EQ(of_orders("sum(amount_net)"), "250");
  keep({"Order ID;Order date;Total TTC", "1;2025-01-05;12.00", "2;2025-01-06;13.00"});
  EXPECT_THAT(proposal_.notes, Contains(HasSubstr("amounts with tax alone")));
}

/// Taken for free of tax: that is told of several columns of rates as of one.
TEST_F(FiguresTest, AmountsWithoutAnyTaxAreTold) {
  const std::string_view told = "are all empty on some rows: they are taken to be free of tax";
  const std::string header = "N° facture;Date;Client;TVA 5,5 %;TVA 20 %;Total TTC";
  EXPECT_EQ(keep({header, "F1;05/01/2025;A;5,50;;105,50", "F2;16/01/2025;B;;20,00;120,00",
                  "F3;17/01/2025;C;11,00;40,00;451,00", "F4;18/01/2025;D;;;80,00"}),
            "orders");
  EXPECT_EQ(of_orders("sum(amount_net)"), "680");  // 100 + 100 + 400 + 80
  EXPECT_THAT(proposal_.notes, Contains(AllOf(HasSubstr(told), HasSubstr("\"TVA 5,5 %\", \"TVA 20 %\""))));
  EXPECT_EQ(keep({header, "F1;05/01/2025;A;11,00;;211,00", "F2;16/01/2025;B;;40,00;240,00"}), "orders");
  EXPECT_THAT(proposal_.notes, Not(Contains(HasSubstr(told)))) << "each has its own rate";
}

const Lines kRepeated{"Order ID;Order date;Customer;Product;Quantity;Unit price;Order total",
                      "1;2025-01-01;A;Pen;2;5.00;16.00", "1;2025-01-01;A;Ink;1;6.00;16.00",
                      "2;2025-01-15;B;Pen;10;5.00;50.00"};

TEST_F(FiguresTest, ATotalThatIsRepeatedOnEachLineCountsOnce) {
  Wishes wishes;
  wishes.table = "orders";
  EXPECT_EQ(keep(kRepeated, "lines.csv", wishes), "orders");
  EXPECT_EQ(of_orders("count(*), sum(amount_net)"), "2|66");
}

TEST_F(FiguresTest, WhetherAnAmountIsTheOrdersOrALinesIsAskedWhereNothingTells) {
  const Lines lines{"Order ID;Date;Customer;Amount", "1;2025-01-01;A;10", "1;2025-01-01;A;10", "2;2025-01-02;B;20"};
  Wishes wishes;
  wishes.table = "orders";
  EXPECT_EQ(keep(lines, "file.csv", wishes), "?amounts");
  wishes.amounts = "line";
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders");
  EXPECT_EQ(of_orders("count(*), sum(amount_net)"), "2|40");
  wishes.amounts = "order";
  wishes.source = "other";
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders");
  EXPECT_EQ(rows("SELECT count(*), sum(amount_net) FROM orders WHERE amount_net = 10"), "1|10");
}

TEST_F(FiguresTest, LinesOfOneOrderThatDisagreeAreNoOrder) {
  Lines lines{"Order ID;Order Date;Customer;Product;Quantity;Line Total;Currency"};
  lines.insert(lines.end(), {"1;2025-01-05;z;Pen;1;100.00;EUR", "1;2025-03-05;a;Ink;1;100.00;USD",
                             "2;2025-01-06;b;Pen;2;30.00;EUR", "2;2025-01-06;b;Ink;1;12.50;EUR"});
  EXPECT_EQ(keep(lines, "lines.csv"), "order_lines");
  EXPECT_EQ(of_orders("count(*), sum(amount_net), min(currency)"), "1|42.5|EUR");
  EXPECT_THAT(quarantine(), HasSubstr("cast.date"));
}

TEST_F(FiguresTest, AQueryReadsNumbersAsTheImportDoes) {
  Lines lines{"InvoiceNo;StockCode;Quantity;InvoiceDate;Unit Price;CustomerID"};
  for (int i = 1; i <= 20; ++i) lines.push_back(fmt::format("{};S{};1;2025-01-{:02};€12.50;C{}", i, i, i, i));
  lines.push_back("21;S21;1;2025-01-21;\u2212€1000.00;C21");
  lines.push_back("22;S22;1;2025-01-22;€1.5E3;C22");
  lines.push_back("23;S23;1;2025-01-23;€1.5K;C23");
  lines.push_back("24;S24;1;2025-01-24;2 x €12.50;C24");
  lines.push_back("25;S25;1;2025-01-25;€12.50 / 100;C25");
  lines.push_back("26;S26;3m;2025-01-26;€12.50;C26");
  EXPECT_EQ(keep(lines, "lines.csv"), "order_lines");
  EXPECT_EQ(rows("SELECT amount_net FROM order_lines WHERE amount_net > 13 OR amount_net < 0 ORDER BY 1"),
            "-1000\n1500\n1500");
  EXPECT_EQ(rows("SELECT count(*), sum(amount_net) FROM order_lines"), "23|2250");
  EXPECT_EQ(of_orders("count(*), sum(amount_net)"), "23|2250");
}

TEST_F(FiguresTest, TheColumnsOfAWideFileAreWrittenInOneWay) {
  const Lines lines{"Semaine;Dépense Google;Dépense Meta", "2025-01-06;100;1.234", "2025-01-13;90;2.345",
                    "2025-01-20;95;3.100"};
  EXPECT_EQ(keep(lines), "?decimal");
  Wishes wishes;
  wishes.decimal = ',';
  EXPECT_EQ(keep(lines, "file.csv", wishes), "channel_spend");
  EXPECT_EQ(rows("SELECT sum(spend) FROM channel_spend"), "6964");
}

TEST_F(FiguresTest, NamesOfChannelsAreSpendWhereTheUserSaysSo) {
  const Lines lines{"Date;Google Ads;Meta Ads;LinkedIn", "01/01/2025;10,00;5,00;", "15/01/2025;11,00;4,50;2,00"};
  EXPECT_EQ(keep(lines), "?table");
  Wishes wishes;
  wishes.table = "channel_spend";
  EXPECT_EQ(keep(lines, "file.csv", wishes), "channel_spend");
  EXPECT_EQ(rows("SELECT count(*), sum(spend) FROM channel_spend"), "5|32.5");
}

TEST_F(FiguresTest, ANumberOfAWorkbookIsNeverAThousand) {
  TableSketch sketch({"N° commande", "Date", "Montant HT", "Port"}, shipped_vocabulary());
  using enum reading::CellKind;
  const std::vector<reading::CellKind> kinds{text, text, text, number};
  for (const auto& [key, day, amount, port] : std::vector<std::array<const char*, 4>>{
           {"1", "2025-01-05", "12,50", "1.125"}, {"2", "2025-01-06", "7,25", "5.125"}}) {
    const std::vector<std::string_view> cells{key, day, amount, port};
    sketch.add(cells, kinds);
  }
  const auto p = propose(sketch, semicolons("x.csv"), {}, model::shipped_model(), shipped_vocabulary());
  ASSERT_TRUE(p);
  EXPECT_THAT(p->questions, Not(Contains(Field(&Question::code, "decimal"))));
  EXPECT_THAT(p->maps[0].preview[0], Contains("1.125"));
  EXPECT_THAT(p->maps[0].preview[0], Contains("12.5"));
}

// --- subscriptions, deals, answers
// ----------------------------------------------------------------------------------------

TEST_F(FiguresTest, WhatIsPaidByTheYearIsMonthly) {
  EXPECT_EQ(keep({"Subscription ID;Customer;Plan;Start date;Amount;Billing period;Status",
                  "S1;A;Pro;2025-01-01;1200;yearly;active", "S2;B;Pro;2025-01-13;100;monthly;active",
                  "S3;B;Pro;2025-01-13;100;now and then;active"}),
            "subscriptions");
  EXPECT_EQ(rows("SELECT sum(mrr), count(*) FROM subscriptions"), "200|2") << "the third has no period: refused";
  EXPECT_EQ(keep({"Subscription ID;Customer;Plan;Start date;Amount;Status", "S1;A;Pro;2025-01-01;1200;active"}),
            "?values");
}

TEST_F(FiguresTest, StripesSubscriptionsHaveTheirMonthlyAmount) {
  EXPECT_EQ(keep({"id;Customer ID;Plan;Quantity;Currency;Interval;Amount;Status;Start (UTC);Current Period End "
                  "(UTC);Ended At (UTC)",
                  "sub_1;cus_1;pro;1;eur;month;49.00;active;2025-01-10 10:00;2025-04-10 10:00;",
                  "sub_2;cus_2;pro_y;2;usd;year;1200.00;active;2025-01-13 10:00;2026-01-13 10:00;"}),
            "subscriptions");
  EXPECT_EQ(rows("SELECT mrr, currency FROM subscriptions ORDER BY mrr"), "49|EUR\n200|USD");
}

TEST_F(FiguresTest, TheCloseDateOfAnOpenDealIsAForecastInKnownExportsToo) {
  EXPECT_EQ(keep({"Record ID;Deal Name;Deal Stage;Close Date;Deal owner;Amount;Pipeline;Create Date",
                  "1;Big;Closed Won;2025-03-01 10:00;Zed;12000;Sales;2025-01-10 10:00",
                  "2;Small;Decision Maker Bought-In;2025-09-30 10:00;Zed;800;Sales;2025-02-10 10:00",
                  "3;Lost;Closed Lost;2025-03-15 10:00;Yann;1500;Sales;2025-01-20 10:00"}),
            "opportunities");
  EXPECT_EQ(rows("SELECT count(closed_at), count(expected_close_on), min(DATE '1970-01-01' + "
                 "expected_close_on)::DATE::VARCHAR FROM "
                 "opportunities"),
            "2|1|2025-09-30");
}

TEST_F(FiguresTest, KeysThatAreNoneAreAskedFor) {
  const Lines lines{"Opportunity Name;Stage;Close Date;Account Name;Opportunity Owner;Amount;Created Date",
                    "Renewal;Closed Won;2025-03-25;Acme;Ann;1200;2025-01-03",
                    "Renewal;Closed Won;2025-04-02;Globex;Bob;800;2025-01-04"};
  EXPECT_EQ(keep(lines), "?key");
  Wishes wishes;
  wishes.key = {"Opportunity Name", "Account Name"};
  EXPECT_EQ(keep(lines, "file.csv", wishes), "opportunities");
  EXPECT_EQ(rows("SELECT count(*), sum(amount) FROM opportunities"), "2|2000");
}

TEST_F(FiguresTest, DatesOfAKnownExportThatAreTextsAreAskedFor) {
  EXPECT_EQ(keep({"Opportunity Name;Stage;Close Date;Account Name;Opportunity Owner;Amount;Created Date",
                  "A;Closed Won;soon;Acme;Ann;1200;2025-01-03", "B;Closed Won;later;Globex;Bob;800;2025-01-04"}),
            "?values");
}

TEST_F(FiguresTest, TheNameOfTheFileSaysNps) {
  EXPECT_EQ(
      keep({"Response ID;Date;Email;Score", "1;2025-01-05;a@x.fr;9", "2;2025-01-06;b@x.fr;6", "3;2025-02-01;c@x.fr;10"},
           "nps.csv"),
      "survey_responses");
  EXPECT_EQ(rows("SELECT DISTINCT kind FROM survey_responses"), "nps");
}

TEST_F(FiguresTest, KeysAreComparedBeyondTheFirstRows) {
  Lines lines{"Jour;Canal;Dépense"};
  for (int i = 0; i < 21'000; ++i)
    lines.push_back(
        fmt::format("{:04}-{:02}-{:02};{};1,5", 1900 + i / 300, i / 25 % 12 + 1, i % 25 + 1, i == 20'999 ? "b" : "a"));
  lines.push_back(lines[20'998]);
  keep(lines, "spend.csv");
  EXPECT_EQ(rows("SELECT count(*) FROM channel_spend"), "21001") << "no row is merged away";
}

// --- what looks right and is not ------------------------------------------------------------------------------------

TEST_F(FiguresTest, TwoColumnsOfOneNameAreAskedFor) {
  const Lines lines{"N° commande;Date;Client;Montant HT;Montant HT (2)", "1;14/03/2025;A;10,00;12,00",
                    "2;15/03/2025;B;20,00;24,00"};
  EXPECT_EQ(keep(lines), "?values") << "the second is called so by who reads the file";
  Wishes wishes;
  wishes.without = {"Montant HT"};
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders");
  EXPECT_EQ(of_orders("sum(amount_net)"), "36") << "the other one is meant";
}

TEST_F(FiguresTest, TheSameTwiceIsNotAsked) {
  EXPECT_EQ(keep({"N° commande;Date;Client;Montant HT;Montant HT (2)", "1;14/03/2025;A;10,00;10,00",
                  "2;15/03/2025;B;20,00;20,00"}),
            "orders");
}

TEST_F(FiguresTest, KeysThatASpreadsheetCutAreAskedFor) {
  EXPECT_EQ(
      keep({"order_id;order_date;customer;amount", "4.00638E+12;2025-03-14;A;10.00", "4.00639E+12;2025-03-15;B;20.00"}),
      "?values");
  EXPECT_EQ(keep({"order_id;order_date;customer;amount", "1.5E+02;2025-03-14;A;10.00", "7;2025-03-15;B;20.00"}),
            "orders");
}

TEST_F(FiguresTest, AHeaderNamesTheMoney) {
  for (const auto& [header, currency] : std::vector<std::pair<const char*, const char*>>{
           {"Amount (SEK)", "SEK"}, {"amount_usd", "USD"}, {"Montant HT (€)", "EUR"}, {"Amount [PLN]", "PLN"}}) {
    EXPECT_EQ(
        keep({fmt::format("order_id;order_date;customer;{}", header), "1;2025-03-14;A;10.00", "2;2025-03-15;B;20.50"}),
        "orders")
        << header;
    EXPECT_THAT(proposal_.maps.front().yaml, HasSubstr(fmt::format("currency: {}", currency))) << header;
  }
  EXPECT_EQ(keep({"order_id;order_date;customer;Amount ($)", "1;2025-03-14;A;10.00", "2;2025-03-15;B;20.50"}),
            "?currency")
      << "dollars of which country, a workspace in euros does not know";
}

TEST_F(FiguresTest, AHeaderNamesTheUnit) {
  for (const auto& [header, sum] : std::vector<std::pair<const char*, const char*>>{{"Montant HT (k€)", "30500"},
                                                                                    {"Amount (kUSD)", "30500"},
                                                                                    {"Amount (in thousands)", "30500"},
                                                                                    {"Amount (cents)", "0.305"},
                                                                                    {"Amount (net)", "30.5"}}) {
    EXPECT_EQ(
        keep({fmt::format("order_id;order_date;customer;{}", header), "1;2025-03-14;A;10.00", "2;2025-03-15;B;20.50"}),
        "orders")
        << header;
    EXPECT_EQ(of_orders("sum(amount_net)"), sum) << header;
  }
}

TEST_F(FiguresTest, ADayThatNobodyUnderstandsMakesNoOtherTable) {
  EXPECT_THAT(
      keep({"order_id;order_date;customer;amount", "1;2025-01-31 10:00 CET;A;1.50", "2;2025-02-01 10:00 CET;B;2.50"}),
      ::testing::StartsWith("?"))
      << "lines of orders have no day, and these are orders";
}

TEST_F(FiguresTest, OrdersBelowNoughtAreTold) {
  EXPECT_EQ(keep({"order_id;order_date;customer;amount", "1;2025-01-31;A;1.50", "2;2025-02-01;A;-2.50"}), "orders");
  EXPECT_THAT(proposal_.notes, Contains(HasSubstr("below nought: 1")));
}

TEST_F(FiguresTest, MonthsAreSpentOnTheirFirstDays) {
  EXPECT_EQ(keep({"month;channel;spend", "2025-01;Google Ads;100", "2025-02;Google Ads;200", "2025-03;Meta;50"}),
            "channel_spend");
  EXPECT_EQ(rows("SELECT sum(spend), max(date) - min(date) FROM channel_spend"), "350|59");
  EXPECT_THAT(proposal_.notes, Contains("a row that stands for several days counts whole on its first one"));
}

TEST_F(FiguresTest, DaysTurnedRoundAreAskedFor) {
  const Lines lines{"order_id;order_date;customer;amount",
                    "1;13/01/2025;A;1.50",
                    "2;14/01/2025;A;1.50",
                    "3;31/01/2025;A;1.50",
                    "4;2025-01-02;A;1.50",
                    "5;2025-12-02;A;1.50",
                    "6;2025-03-02;A;1.50"};
  EXPECT_EQ(keep(lines), "?date_order");
  Wishes wishes;
  wishes.date_order = DateOrder::day_first;
  EXPECT_EQ(keep(lines, "file.csv", wishes), "orders") << "somebody says that they are right as they stand";
  EXPECT_EQ(refused_, 0);
}

TEST_F(FiguresTest, LeadsOfAListWithoutDatesConvertOnTheDayThatIsSaid) {
  Wishes wishes;
  wishes.day = "2025-01-31";
  EXPECT_EQ(keep({"Lead ID;Lead Source;Converted", "1;Google;1", "2;Google;0", "3;Direct;1"}, "leads.csv", wishes),
            "leads");
  EXPECT_EQ(rows("SELECT count(*), count(converted_at) FROM leads"), "3|2");
}

TEST_F(FiguresTest, AnotherTableOfOneFileHasAMapOfItsOwn) {
  const Lines lines{"Employee ID;Last Name;Title;Hire Date", "1;Adams;Manager;2002-08-14",
                    "2;Edwards;Sales;2002-05-01"};
  EXPECT_EQ(keep(lines, "employees.csv"), "employees");
  EXPECT_EQ(proposal_.maps.front().id, "employees");
  EXPECT_THAT(proposal_.notes, Contains(HasSubstr("--table headcount")));
  Wishes wishes;
  wishes.table = "headcount";
  EXPECT_EQ(keep(lines, "employees.csv", wishes), "headcount");
  EXPECT_EQ(proposal_.maps.front().id, "employees_headcount");
  EXPECT_EQ(rows("SELECT count(*) FROM headcount"), "2");
}

}  // namespace
}  // namespace vigie::propose
