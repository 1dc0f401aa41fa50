// What would be passed over without a word: a file that is not read, a target that nothing reaches, a line that is
// missing.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <regex>

#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr const char* kOrders = "map: orders\nsource: shop\ntable: orders\ninput: o.csv\n";
constexpr const char* kColumns = "columns: {key: id, ordered_at: {from: day, as: date}, amount_net: amount}\n";

/// A workspace with one map, `shop`, and what its file holds.
void make_orders(const Folder& folder, const std::string& rows, const std::string& more = "") {
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  folder.write("shop/maps/o.yaml", kOrders + more + kColumns);
  folder.write("shop/maps/o.csv", "id,day,amount\n" + rows);
}

Ran import(const Folder& folder) { return vigie({"import", "-w", "shop", "--map", "shop/maps"}, folder.path()); }

TEST(Overlooked, AMapWhoseNameNearlyEndsAsMapsDo) {
  const Folder folder;
  make_orders(folder, "1,2025-01-01,5\n");
  folder.write("shop/maps/z.yml", kOrders);
  const std::string said =
      "vigie: maps/z.yml is not read: the maps of a folder stand in files that end in .yaml; name it z.yaml, or name "
      "the file itself with --map\n";
  for (const Ran& ran : {import(folder), vigie({"check", "-w", "shop"}, folder.path())}) {
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.err, said);
  }
  // Who names it means it.
  folder.write("shop/maps/z.yml", std::string(kOrders) + kColumns);
  const Ran named = vigie({"import", "-w", "shop", "--map", "shop/maps/z.yml"}, folder.path());
  EXPECT_EQ(named.code, 0) << named.err;
}

TEST(Overlooked, APipeAmongMaps) {
  const Folder folder;
  make_orders(folder, "1,2025-01-01,5\n");
  folder.write("shop/maps/.o.yaml", "\x05\x16");  // the copy of a file system
  EXPECT_EQ(vigie({"check", "-w", "shop"}, folder.path()).err, "");
  ASSERT_EQ(::mkfifo((folder.path() / "shop/maps/p.yaml").c_str(), 0600), 0);
  EXPECT_EQ(vigie({"check", "-w", "shop"}, folder.path()).err,
            "vigie: maps/p.yaml is not read: it is no file; put a file in its place, or give it another name\n");
  const Ran french = vigie({"check", "-w", "shop"}, folder.path(), Language::fr);
  EXPECT_EQ(french.code, 2);
  EXPECT_EQ(french.err,
            "vigie: maps/p.yaml n'est pas lu\u00a0: ce n'est pas un fichier\u00a0; mettez un fichier à sa place, ou "
            "donnez-lui un autre nom\n");
}

TEST(Overlooked, ASecondMapOfOneId) {
  const Folder folder;
  make_orders(folder, "1,2025-01-01,5\n");
  folder.write("shop/maps/z.yaml", std::string(kOrders) + kColumns);
  const std::string said =
      "the map \"orders\" is in maps/o.yaml already; give one of the two another id: what one brings in would count as "
      "the other's\n";
  const Ran imported = import(folder), checked = vigie({"check", "-w", "shop"}, folder.path());
  EXPECT_EQ(imported.code, 2);
  EXPECT_EQ(imported.err, "vigie: shop/maps/z.yaml:1:6: " + said);
  EXPECT_EQ(imported.out, "") << "nothing is imported before";
  EXPECT_EQ(checked.err, "vigie: maps/z.yaml:1:6: " + said);
}

TEST(Overlooked, ATargetThatNothingReaches) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  folder.write("shop/vigie.yaml",
               "targets:\n  - {kpi: conversion_rate, from: 2025-01-01, to: 2025-02-01, value: 15}\n");
  EXPECT_EQ(vigie({"check", "-w", "shop"}, folder.path()).err,
            "vigie: vigie.yaml:2:11: conversion_rate:default is never above 1: the target 15 is out of reach; write a "
            "share: 0.15 for 15 %\n");
}

TEST(Overlooked, RowsAfterTheEndThatTheMapSays) {
  const Folder folder;
  make_orders(folder, "1,2025-01-01,5\n2,2025-03-02,5\n", "complete_until: 2025-03-01\n");
  const Ran late = import(folder);
  EXPECT_EQ(late.code, 0) << late.err;
  EXPECT_TRUE(
      late.out.contains("! rows are dated up to 2025-03-02 in day, after the end that the map says "
                        "(complete_until: the data are whole before 2025-03-01T23:00:00Z): what is asked "
                        "without --as-of does not see them\n"))
      << late.out;
  // To the end of that day, and that day is in.
  folder.write("shop/maps/o.yaml", std::string(kOrders) + "complete_until: 2025-03-02\n" + kColumns);
  const Ran whole = import(folder);
  EXPECT_EQ(whole.code, 0) << whole.err;
  EXPECT_EQ(whole.out.find("!"), std::string::npos) << whole.out;
}

TEST(Overlooked, WhatAFileIsInstead) {
  const Folder folder;
  make_orders(folder, "");
  const auto told = [&](const std::string& bytes) {
    folder.write("shop/maps/o.csv", bytes);
    const Ran ran = import(folder);
    EXPECT_EQ(ran.code, 3) << ran.out;
    return ran.err;
  };
  EXPECT_EQ(told(std::string("\xFF\xFEi\0d\0\n\0", 8)),
            "vigie: shop/maps/o.yaml:4:8: shop/maps/o.csv is in UTF-16; say so in the map: input: {files: NAME, "
            "encoding: utf-16}\n");
  EXPECT_EQ(told("\x1F\x8B\x08 packed"),
            "vigie: shop/maps/o.yaml:4:8: shop/maps/o.csv is packed, and its name does not say so; name it o.csv.gz\n");
}

TEST(Overlooked, OnABoardTheLineOfAKpiThatDoesNotKnowTheFilter) {
  const Ran ran = vigie(
      {"board", "-w", ".", "--from", "2025-01-01", "--to", "2026-01-01", "--where", "amount_net > 1 EUR"}, atelier());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(ran.out.contains("Average sale ")) << ran.out;
  // By the name that its line would have, and with what it could be filtered by.
  EXPECT_TRUE(
      std::regex_search(ran.out, std::regex("\nNPS {44}–  what it rests on does not tell \"amount_net\"; it can "
                                            "be filtered by .*channel.*segment.*\n")))
      << ran.out;
  const Ran french =
      vigie({"board", "-w", ".", "--from", "2025-01-01", "--to", "2026-01-01", "--where", "amount_net > 1 EUR"},
            atelier(), Language::fr);
  EXPECT_TRUE(
      std::regex_search(french.out, std::regex("\nAttrition .*–  ce sur quoi il repose ne dit pas .*amount_net.* "
                                               "il peut être filtré par .*segment")))
      << french.out;
  // What nothing knows is misspelt, and says so.
  const Ran misspelt = vigie({"board", "-w", ".", "--where", "amout_net > 1 EUR"}, atelier());
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_TRUE(misspelt.err.starts_with("vigie: 1:1: unknown column \"amout_net\" in ")) << misspelt.err;
}

TEST(Overlooked, OnABoardThatNothingAnswersTheErrorThatHelps) {
  // Prospects know neither; sales do, and tell what is wrong with it.
  const Ran ran = vigie({"board", "-w", ".", "--where", "amount_net > 100"}, atelier());
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(ran.err.ends_with("; write 100 EUR\n")) << ran.err;
}

TEST(Overlooked, WhyTellsOfTheDaysThatItCompares) {
  // As of the 10th of March ten days of it are there, and as many of February are compared.
  const Folder folder;
  make_shop(folder);
  const Ran ran =
      vigie({"why", "revenue", "-w", "shop", "--from", "2025-03-01", "--to", "2025-04-01", "--as-of", "2025-03-10"},
            folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(std::regex_search(
      ran.out, std::regex("^Revenue: [^(]*\\(2025-02-01 – 2025-02-11\\) → [^(]*\\(2025-03-01 – 2025-03-11\\), ")))
      << ran.out;
}

TEST(Overlooked, WhyThereIsNothingToCompareWith) {
  const Folder folder;
  make_shop(folder);
  const Words words{
      "revenue", "-w", "shop", "--from", "2025-02-01", "--to", "2025-04-01", "--compare", "target,previous_year"};
  Words kpi{"kpi"}, board{"board"};
  kpi.insert(kpi.end(), words.begin(), words.end());
  board.insert(board.end(), words.begin() + 1, words.end());
  const Ran ran = vigie(kpi, folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(std::regex_search(ran.out, std::regex("\n2025-03-01 +€270 +4 +–¹ +–² "))) << ran.out;
  EXPECT_TRUE(ran.out.contains("\n¹ no data for this period\n² no target is set for this period\n")) << ran.out;
  const Ran all = vigie(board, folder.path());
  EXPECT_TRUE(std::regex_search(all.out, std::regex("\nAverage sale .*–¹ +–² "))) << all.out;
  EXPECT_TRUE(all.out.contains("\n² no target is set for this period\n")) << all.out;
}

TEST(Overlooked, AWorkspaceInWhichNothingIs) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  const Ran ran = vigie({"board", "-w", "shop"}, folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_FALSE(ran.out.contains("nothing to divide by")) << ran.out;
  EXPECT_TRUE(std::regex_search(ran.out, std::regex("\nSales cycle +– +no data for this period\n"))) << ran.out;
  EXPECT_TRUE(
      std::regex_search(ran.out, std::regex("! Conversion rate, .*, Channel ROI: nothing was imported into this "
                                            "workspace yet: write a map and run vigie import, or look at vigie "
                                            "demo\n")))
      << ran.out;
}

TEST(Overlooked, DataThatAllComeAfterAsOf) {
  const Ran ran = vigie({"kpi", "revenue", "-w", ".", "--from", "2023-01-01", "--to", "2024-01-01", "--grain", "total",
                         "--as-of", "2023-12-31"},
                        atelier());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(
      std::regex_search(ran.out, std::regex("\n! what it rests on is dated from 2024-[0-9-]+ on, all of it after "
                                            "as-of: ask as of a later day\n")))
      << ran.out;
  const Ran later =
      vigie({"kpi", "revenue", "-w", ".", "--from", "2023-01-01", "--to", "2024-01-01", "--grain", "total"}, atelier());
  EXPECT_FALSE(later.out.contains("after as-of")) << later.out;
}

TEST(Overlooked, ABridgeToWhatIsNoOneFigure) {
  const Ran ran = vigie({"reconcile", "conversion_rate", "customer_survival", "-w", "."}, atelier());
  EXPECT_EQ(ran.code, 2) << ran.out;
  EXPECT_EQ(
      ran.err,
      "vigie: customer_survival:default has a figure for each of its rows, and none of the whole: no bridge leads to "
      "it; choose a variant that is one figure: median, restricted_mean\n");
}

TEST(Overlooked, WhichSplitTheOthersAreOf) {
  const Folder folder;
  make_shop(folder);
  const Ran ran = vigie({"kpi", "revenue", "-w", "shop", "--by", "channel,business_line", "--top", "1", "--from",
                         "2025-02-01", "--to", "2025-03-01"},
                        folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  // web sold for 200, the others (shop) for 100; no row names a line of business.
  EXPECT_TRUE(std::regex_search(ran.out, std::regex("2025-02-01 +web +not given +€200 "))) << ran.out;
  EXPECT_TRUE(std::regex_search(ran.out, std::regex("2025-02-01 +others +not given +€100 "))) << ran.out;
}

TEST(Overlooked, ALineOfBarsOfEveryHour) {
  const Ran ran =
      vigie({"kpi", "orders", "-w", ".", "--from", "2025-01-01", "--to", "2025-03-01", "--grain", "hour"}, atelier());
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto bars =
      ran.out.substr(ran.out.find('\n') + 1, ran.out.find('\n', ran.out.find('\n') + 1) - ran.out.find('\n') - 1);
  EXPECT_EQ(bars.size(), 60U * 3) << "sixty bars of three bytes: " << bars;
}

TEST(Overlooked, AWordOfThousandsOfLettersIsToldByItsBeginning) {
  const Ran ran = vigie({std::string(10'000, 'a')}, atelier());
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.err, "vigie: no command \"" + std::string(200, 'a') + "…\"; see vigie help\n");
}

TEST(Overlooked, AFolderWithoutANameAndACurrencyThatIsNone) {
  const Folder folder;
  for (const auto& [words, says] : std::vector<std::pair<Words, std::string>>{
           {{"init", ""}, "the folder of the workspace has no name; name one, or write . for the current folder"},
           {{"demo", ""}, "the folder of the workspace has no name; name one, or write . for the current folder"},
           {{"init", "a\nb"},
            "a setting, or the name of the folder, holds a line break or another control character; write it on one "
            "line"},
           {{"init", "x", "--currency", "ERU"}, "\"ERU\" is not a currency code; did you mean \"EUR\"?"}}) {
    const Ran ran = vigie(words, folder.path());
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.err, "vigie: " + says + "\n");
  }
  EXPECT_TRUE(fs::is_empty(folder.path())) << "nothing is made";
}

TEST(Overlooked, ATableAndTheRelationOfItsName) {
  const Ran ran = vigie({"model", "refunds"}, atelier());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(ran.out.contains("refunded_at   instant")) << ran.out;
  EXPECT_TRUE(ran.out.contains("Definitions read, by this name, a derived relation:\nrefunds: ")) << ran.out;
  EXPECT_TRUE(ran.out.contains("restated_at ")) << ran.out;
  EXPECT_FALSE(vigie({"model", "orders"}, atelier()).out.contains("Definitions read")) << "it is read as it is";
}

}  // namespace
}  // namespace vigie::doors
