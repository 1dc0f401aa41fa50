// What is proposed and adopted: all that was asked for, or nothing.
#include <gtest/gtest.h>

#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVersion = "shop/kpis/conversion_rate.v2.yaml";

/// Thirty customers who bought once, on 6 January, and never again: after 7 days of silence none came back.
/// 22 leads who became customers after 1, 2, …, 22 days: type 7 puts 0.9 at 0.9 · 21 = 18.9 → 19.9, so 20 days.
void make_proposing(const Folder& folder) {
  std::string orders = "key,customer,day,amount\n", leads = "key,came,won\n";
  for (int i = 1; i <= 30; ++i) orders += fmt::format("{0},c{0},2025-01-06,10\n", i);
  for (int i = 1; i <= 22; ++i) leads += fmt::format("l{},2025-01-01,2025-01-{:02}\n", i, i + 1);
  folder.write("exports/orders.csv", orders);
  folder.write("exports/leads.csv", leads);
  folder.write("maps/orders.yaml",
               "map: orders\nsource: books\ntable: orders\ncomplete_until: 2025-12-31\ninput: orders.csv\n"
               "columns: {key: key, customer_key: customer, ordered_at: {from: day, as: date}, amount_net: amount}\n");
  folder.write("maps/leads.yaml",
               "map: leads\nsource: books\ntable: leads\ncomplete_until: 2025-12-31\ninput: leads.csv\n"
               "columns: {key: key, created_at: {from: came, as: date}, converted_at: {from: won, as: date}}\n");
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  const Ran ran = vigie({"import", "-w", "shop", "--map", "maps", "--from", "exports"}, folder.path());
  ASSERT_EQ(ran.code, 0) << ran.err;
}

Ran adopt(const Folder& folder, const std::string& what, Language language = Language::en) {
  return vigie({"propose", "-w", "shop", "--write", what}, folder.path(), language);
}

TEST(Propose, WhatCannotBeAdoptedLeavesTheOtherUnwritten) {
  const Folder folder;
  make_proposing(folder);
  const std::string settings = "format: 1\ninactivity_days:\n  365\n";  // more than one number to change
  folder.write("shop/vigie.yaml", settings);
  for (const char* what : {"window,inactivity_days", "inactivity_days,window"}) {
    const Ran ran = adopt(folder, what);
    EXPECT_EQ(ran.code, 2) << ran.out;
    EXPECT_NE(ran.err.find("vigie.yaml is written in a way that only a person can change"), std::string::npos)
        << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_FALSE(fs::exists(folder.path() / kVersion)) << what;
    EXPECT_EQ(text_of(folder.path() / "shop/vigie.yaml"), settings);
  }
}

TEST(Propose, NamedTwiceItIsAdoptedOnce) {
  const Folder folder;
  make_proposing(folder);
  folder.write("shop/vigie.yaml", "format: 1\n");
  const Ran ran = adopt(folder, "window,inactivity_days,window");
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto first = ran.out.find("Written: kpis/conversion_rate.v2.yaml");
  ASSERT_NE(first, std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("Written: kpis/conversion_rate.v2.yaml", first + 1), std::string::npos) << ran.out;
  EXPECT_NE(text_of(folder.path() / kVersion).find("default: 20,"), std::string::npos);
  EXPECT_EQ(text_of(folder.path() / "shop/vigie.yaml"), "format: 1\ninactivity_days: 7\n");
}

TEST(Propose, WhatIsWrittenIsToldWhereTheOtherCannotBe) {
  for (const Language language : {Language::en, Language::fr}) {
    const Folder folder;
    make_proposing(folder);
    folder.write("shop/vigie.yaml", "format: 1\n");
    folder.write(std::string(kVersion) + ".new/x", "");  // a folder where the text would go first
    const Ran ran = adopt(folder, "inactivity_days,window", language);
    EXPECT_NE(ran.code, 0);
    const std::string told = language == Language::en
                                 ? "cannot write shop/kpis/conversion_rate.v2.yaml; what is written already stays: "
                                 : "ce qui est déjà écrit reste\u00a0: ";
    EXPECT_NE(ran.err.find(told + "vigie.yaml"), std::string::npos) << ran.err;
    EXPECT_EQ(text_of(folder.path() / "shop/vigie.yaml"), "format: 1\ninactivity_days: 7\n");
  }
}

TEST(Propose, WhatIsWrongWithAnotherDefinitionDoesNotStopIt) {
  const Folder folder;
  make_proposing(folder);
  folder.write("shop/vigie.yaml", "format: 1\n");
  folder.write("shop/kpis/broken.yaml", "id: broken\nversoin: 1\n");
  const Ran ran = adopt(folder, "window");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(fs::exists(folder.path() / kVersion));
}

TEST(Propose, WhatIsWrittenIsToldWhereStandardOutputIsFull) {
  for (const Language language : {Language::en, Language::fr}) {
    const Folder folder;
    make_proposing(folder);
    folder.write("shop/vigie.yaml", "format: 1\n");
    const auto full = [&] {
      return shell("vigie propose -w shop --write inactivity_days,window > /dev/full", folder.path(), language);
    };
    const Ran ran = full();
    EXPECT_EQ(ran.code, 4);
    const std::string told =
        language == Language::en ? "what is written already stays: " : "ce qui est déjà écrit reste\u00a0: ";
    EXPECT_TRUE(ran.err.contains(told + "vigie.yaml, kpis/conversion_rate.v2.yaml\n")) << ran.err;
    EXPECT_TRUE(fs::exists(folder.path() / kVersion));
    EXPECT_EQ(text_of(folder.path() / "shop/vigie.yaml"), "format: 1\ninactivity_days: 7\n");
  }
}

}  // namespace
}  // namespace vigie::doors
