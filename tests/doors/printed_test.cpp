// What the tables of the terminal say, in both languages, against figures worked out by hand.
#include <gtest/gtest.h>

#include "doors/company.h"

namespace vigie::doors {
namespace {

using Words = std::vector<std::string>;

class Printed : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    make_shop(*folder_);
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string said(Words words, Language language) {
    words.insert(words.end(), {"-w", "shop", "--from", "2025-03-01", "--to", "2025-04-01"});
    const Ran ran = vigie(words, folder_->path(), language);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.out;
  }
  static inline Folder* folder_ = nullptr;
};

// 100 at the opening, 20 join, 5 of the opening and 3 of the joiners leave:
//   5 / 100 = 5 %; the 3 in the numerator: 8 / 100 = 8 %, +3 points; the 20 in the denominator: 8 / 120 = 6.67 %, −1.33
TEST_F(Printed, TheBridgeBetweenTwoChurns) {
  EXPECT_EQ(
      said({"reconcile", "churn_rate:default", "churn_rate:leavers_over_opening_plus_new"}, Language::en),
      "2025-03-01 – 2025-04-01\n"
      "                                                   effect  value\n"
      "Churn                                  5 / 100              5.0%  churn_rate:default\n"
      "  early losses                              +3   +3.0 pts   8.0%  in the numerator\n"
      "  joiners                                  +20  −1.33 pts  6.67%  in the denominator\n"
      "Leavers over opening and new (Stripe)  8 / 120             6.67%  churn_rate:leavers_over_opening_plus_new\n");
  EXPECT_EQ(said({"reconcile", "churn_rate:default", "churn_rate:leavers_over_opening_plus_new"}, Language::fr),
            "2025-03-01 – 2025-04-01\n"
            "                                                         effet  valeur\n"
            "Attrition                                    5 / 100             5,0\u00a0%  churn_rate:default\n"
            "  pertes précoces                                 +3  +3,0\u00a0pts   8,0\u00a0%  au numérateur\n"
            "  arrivés                                        +20  −1,33\u00a0pt  6,67\u00a0%  au dénominateur\n"
            "Partants sur ouverture et nouveaux (Stripe)  8 / 120            6,67\u00a0%  "
            "churn_rate:leavers_over_opening_plus_new\n");
}

/// The first range that a JSON tells.
std::string range_in(const std::string& json) {
  constexpr std::string_view kRange = R"("from":"2025-01-01","to":"2026-01-01")";
  const std::size_t at = json.find("\"from\":\"20");
  return at == std::string::npos ? json : json.substr(at, kRange.size());
}

// The exports of the atelier are whole until 31 December 2025. Where nobody says from when to when, the month of that
// day and the eleven before it are meant, whoever is asked, and whatever it is compared with.
TEST(PrintedRange, EveryDoorTakesTheLastTwelveMonths) {
  const std::string wanted = R"("from":"2025-01-01","to":"2026-01-01")", workspace = atelier().string();
  const auto expect_it = [&](const char* how, Words words, const Words& compared) {
    words.insert(words.end(), {"-w", workspace, "--format", "json"});
    words.insert(words.end(), compared.begin(), compared.end());
    const Ran ran = vigie(words, atelier());
    EXPECT_EQ(range_in(ran.out), wanted) << how << ", " << words.front() << ": " << ran.err;
  };
  const auto ask_all = [&](const char* how) {
    for (const Words& compared : {Words{}, Words{"--compare", "previous_year"}, Words{"--compare", "previous_period"}})
      for (const Words& words :
           {Words{"kpi", "revenue"}, Words{"board"}, Words{"explain", "revenue"}, Words{"why", "revenue"}})
        expect_it(how, words, compared);
    expect_it(how, {"reconcile", "churn_rate:default", "churn_rate:leavers_over_opening_plus_new"}, {});
  };
  ask_all("alone");
  const Serving server(atelier());
  ASSERT_TRUE(server.answers());
  ask_all("through the server");
  for (const char* path : {"kpis/revenue?", "board?"})
    for (const char* compared : {"", "compare=previous_year"})
      EXPECT_EQ(range_in(server.get(std::string("/api/v1/") + path + compared).body), wanted) << path << compared;
}

// Two pipelines whose first stage has one name. Stays that began in January 2025: Deals/Talk 4 days, Deals/Offer 2,
// Renewals/Talk 6, so 4/12, 2/12 and 6/12 of all; within their pipelines 4/6, 2/6 and 1.
TEST(PrintedStages, WhatRowsStandByIsNamedOnce) {
  const Folder folder;
  folder.write("exports/stages.csv",
               "key,pipeline,label,position,outcome\ns1,Deals,Talk,1,open\ns2,Deals,Offer,2,open\n"
               "s3,Deals,Won,3,won\nr1,Renewals,Talk,1,open\nr2,Renewals,Won,2,won\n");
  folder.write("exports/deals.csv",
               "key,pipeline,stage,created,closed\nd,Deals,s3,2025-01-01,2025-01-07\n"
               "r,Renewals,r2,2025-01-01,2025-01-07\n");
  folder.write("exports/moves.csv",
               "key,deal,day,stage\n1,d,2025-01-01,s1\n2,d,2025-01-05,s2\n3,d,2025-01-07,s3\n"
               "4,r,2025-01-01,r1\n5,r,2025-01-07,r2\n");
  const auto map = [&](const char* name, const char* table, const char* columns) {
    folder.write(fmt::format("maps/{}.yaml", name),
                 fmt::format("map: {0}\nsource: crm\ntable: {1}\ncomplete_until: 2025-12-31\ninput: {0}.csv\n"
                             "columns: {{key: key, {2}}}\n",
                             name, table, columns));
  };
  map("stages", "stages",
      "pipeline_key: pipeline, pipeline: pipeline, label: label, position: position, outcome: outcome");
  map("deals", "opportunities",
      "pipeline_key: pipeline, stage_key: stage, created_at: {from: created, as: date}, outcome: {value: won}, "
      "closed_at: {from: closed, as: date}");
  map("moves", "opportunity_stage_changes",
      "opportunity_key: deal, entered_at: {from: day, as: date}, stage_key: stage");
  ASSERT_EQ(vigie({"init", "crm"}, folder.path()).code, 0);
  const Ran imported = vigie({"import", "-w", "crm", "--map", "maps", "--from", "exports"}, folder.path());
  ASSERT_EQ(imported.code, 0) << imported.out << imported.err;
  const auto rows_by = [&](const std::string& by) {
    Words words{"kpi", "sales_cycle:time_in_stage", "-w", "crm", "--from", "2025-01-01", "--to", "2025-02-01"};
    words.insert(words.end(), {"--grain", "total", "--format", "csv"});
    if (!by.empty()) words.insert(words.end(), {"--by", by});
    const Ran ran = vigie(words, folder.path());
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.out;
  };
  const std::string table = rows_by("");
  EXPECT_EQ(rows_by("stage"), table);
  const std::string within = rows_by("pipeline");
  const std::string head = within.substr(0, within.find('\n'));
  EXPECT_EQ(std::ranges::count(table.substr(0, table.find('\n')), ','), std::ranges::count(head, ',')) << head;
  EXPECT_EQ(head.find("pipeline"), head.rfind("pipeline")) << head;
  EXPECT_NE(table.find("0.5,"), std::string::npos) << table;
  EXPECT_NE(within.find("0.6666666666666666"), std::string::npos) << within;
}

// February: web 100 + 100, shop 50 + 50, 300 / 4 = 75. March: web 120, shop 50 × 3, 270 / 4 = 67.5.
//   own change, at the mean of the two weights: web (120 − 100) × (50 % + 25 %) / 2 = 7.50, shop 0
//   mix, against the mean of the two averages, 71.25: shop (50 − 71.25) × 25 % = −5.31, web (110 − 71.25) × −25 % =
//   −9.69
TEST_F(Printed, WhyAnAverageFell) {
  EXPECT_EQ(said({"why", "average_sale", "--by", "channel"}, Language::en),
            "Average sale: €75.00 (2025-02-01 – 2025-03-01) → €67.50 (2025-03-01 – 2025-04-01), −€7.50\n"
            "\n"
            "Drivers: not known, since in one of the two periods no sale has item lines\n"
            "\n"
            "Channel  before   after     weight  own change      mix  effect\n"
            "  shop   €50.00  €50.00  50% → 75%          €0   −€5.31  −€5.31\n"
            "  web      €100    €120  50% → 25%      +€7.50   −€9.69  −€2.19\n"
            "  total                                 +€7.50  −€15.00  −€7.50\n");
  const std::string french = said({"why", "average_sale", "--by", "channel"}, Language::fr);
  EXPECT_TRUE(french.starts_with(
      "Panier moyen\u00a0: 75,00\u00a0€ (2025-02-01 – 2025-03-01) → 67,50\u00a0€ (2025-03-01 – 2025-04-01), "
      "−7,50\u00a0€\n\n"
      "Facteurs\u00a0: inconnus, car dans l'une des deux périodes aucune vente n'a de lignes d'articles\n\n"
      "Canal      avant    après        poids  évolution propre       mix    effet\n"))
      << french;
}

// The arithmetic is in the README of the company: 142,000 / 13 → 14,000, over the drivers that its table gives.
TEST_F(Printed, WhatDroveAnAverage) {
  const Words asked{"why",  "average_sale", "-w",        atelier().string(), "--from", "2025-01-01",
                    "--to", "2026-01-01",   "--compare", "previous_year",    "--by",   "segment"};
  const std::string english = vigie(asked, folder_->path(), Language::en).out,
                    french = vigie(asked, folder_->path(), Language::fr).out;
  EXPECT_NE(english.find("Driver                                         before   after   effect\n"
                         "  Cross-sell: sales of several categories       15.4%   26.7%  +€1,413\n"
                         "  Price per item, before discounts and upsell  €4,645  €4,577  +€1,087\n"
                         "  Upsell, per sale with lines                      €0    €773    +€872\n"
                         "  Items per order                                2.38    2.93    −€313\n"
                         "  Discounts                                      1.4%    1.4%  +€17.24\n"
                         "  Sales without item lines                       0.0%    0.0%       €0\n"
                         "  total                                                        +€3,077\n"),
            std::string::npos)
      << english;
  EXPECT_NE(french.find("Facteur "), std::string::npos) << french;
  EXPECT_NE(french.find("  Vente croisée : ventes de plusieurs catégories "), std::string::npos) << french;
  EXPECT_NE(french.find("+1\u202f413\u00a0€\n"), std::string::npos) << french;
}

TEST_F(Printed, MeasuresStandBesideTheValue) {
  // 5 / 100; Wilson as in the golden case.
  EXPECT_EQ(said({"kpi", "churn_rate"}, Language::en),
            "Churn (churn_rate:default v1), 2025-03-01 – 2025-04-01\n"
            "period      value    n  ordinary variation  early losses  joined\n"
            "2025-03-01   5.0%  100           2.2–11.2%             3      20\n"
            "total        5.0%  100           2.2–11.2%             3      20\n");
  EXPECT_EQ(said({"kpi", "churn_rate"}, Language::fr),
            "Attrition (churn_rate:default v1), 2025-03-01 – 2025-04-01\n"
            "période     valeur    n  variation ordinaire  pertes précoces  arrivés\n"
            "2025-03-01   5,0\u00a0%  100           2,2–11,2\u00a0%                3       20\n"
            "total        5,0\u00a0%  100           2,2–11,2\u00a0%                3       20\n");
  const std::string csv = said({"kpi", "churn_rate", "--format", "csv"}, Language::en);
  EXPECT_TRUE(csv.starts_with(
      "kpi,variant,period,period_to,others,value,value_exact,numerator,denominator,n,ci_low,ci_high,complete,elapsed,"
      "maturing,small_sample,reason,"
      "measures.early_losses,measures.joined\nchurn_rate,default,2025-03-01,2025-04-01,false,0.05,,5,100,100,"))
      << csv;
  EXPECT_TRUE(csv.ends_with(",3,20\n")) << csv;
}

TEST_F(Printed, ABoardTellsWhatToKnowAboutWhichKpi) {
  const std::string board = said({"board"}, Language::en);
  EXPECT_NE(board.find("\nChurn                                       5.0%"), std::string::npos) << board;
  for (const char* name : {"Conversion rate", "Average sale", "Sales cycle", "CAC over 12 months", "Retention", "NPS",
                           "Revenue per employee", "Lifetime value (LTV)", "Channel ROI"})
    EXPECT_NE(board.find(name), std::string::npos) << board;
}

// March: shop 3 × 50 is the largest, web 120 is the rest; shop stands after "others" in the alphabet.
TEST_F(Printed, TheOthersStandLast) {
  const std::string table = said({"kpi", "revenue", "--by", "channel", "--top", "1"}, Language::en);
  EXPECT_NE(table.find("2025-03-01  shop"), std::string::npos) << table;
  EXPECT_LT(table.find("  shop "), table.find("  others ")) << table;
  const std::string csv = said({"kpi", "revenue", "--by", "channel", "--top", "1", "--format", "csv"}, Language::en);
  EXPECT_LT(csv.find(",shop,false,150,"), csv.find(",others,true,120,")) << csv;
  EXPECT_NE(csv.find(",others,true,120,"), std::string::npos) << csv;
  const std::string json = said({"kpi", "revenue", "--by", "channel", "--top", "1", "--format", "json"}, Language::en);
  const auto totals = json.find("\"totals\":");
  EXPECT_LT(json.find("\"channel\":\"shop\""), json.find("\"channel\":\"others\"")) << json;
  EXPECT_LT(json.find("\"channel\":\"shop\"", totals), json.find("\"channel\":\"others\"", totals)) << json;
  // Neither average is of enough sales to be ranked: shop has most of them.
  const std::string board = said({"board", "--by", "channel", "--top", "1"}, Language::en);
  EXPECT_LT(board.find("\n  shop "), board.find("\n  others ")) << board;
}

TEST_F(Printed, ABoardTakesNoVersion) {
  const Ran ran = vigie({"board", "--version", "1", "-w", "shop"}, folder_->path(), Language::en);
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.err,
            "vigie: a board takes no \"version\": it holds the ten KPIs as they are; ask vigie kpi for one of them\n");
}

TEST_F(Printed, RowsForASpreadsheetAreOneALine) {
  const std::string csv = said({"explain", "average_sale", "--format", "csv"}, Language::en);
  EXPECT_TRUE(csv.starts_with("measure,key,source_key,customer_key,")) << csv;
  int rows = 0;
  for (std::size_t at = 0; (at = csv.find("\nsales_amount,", at)) != std::string::npos; ++at) ++rows;
  EXPECT_EQ(rows, 4) << csv;
}

TEST(PrintedRows, CallASellerWithoutARowByItsKeyAsTheSplitDoes) {
  const Folder folder;
  folder.write("exports/sales.csv", "key,customer,day,amount,seller\n1,o1,2025-03-03,10,seller-u1\n");
  folder.write("maps/sales.yaml",
               "map: sales\nsource: books\ntable: orders\ncomplete_until: 2025-06-30\ninput: sales.csv\n"
               "columns: {key: key, customer_key: customer, ordered_at: {from: day, as: date}, amount_net: amount, "
               "owner_key: seller}\n");
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  const Ran imported = vigie({"import", "-w", "shop", "--map", "maps", "--from", "exports"}, folder.path());
  ASSERT_EQ(imported.code, 0) << imported.out << imported.err;
  const auto said = [&](Words words) {
    words.insert(words.end(), {"-w", "shop", "--from", "2025-03-01", "--to", "2025-04-01", "--format", "csv"});
    return vigie(words, folder.path(), Language::en).out;
  };
  const std::string split = said({"kpi", "revenue", "--by", "owner"}), rows = said({"explain", "revenue"});
  EXPECT_NE(split.find("seller-u1"), std::string::npos) << split;
  EXPECT_NE(rows.find("seller-u1"), std::string::npos) << rows;
}

}  // namespace
}  // namespace vigie::doors
