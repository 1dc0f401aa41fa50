// A preset read, files recognised, and their columns found.
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "presets/bind.h"
#include "presets/recognise.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPreset = R"(preset: acme
label: {en: Acme, fr: Acme}
known_as: [acme_crm]
common: {synced: [_synced_at]}
objects:
  deal:
    label: {en: Deals, fr: Affaires}
    needed: true
    names: [deals]
    known_by: [id, amount]
    columns:
      id: [deal_id]
      amount: [properties.amount]
      entered: {gather: [date_entered_*, properties.date_entered_*]}
  person:
    label: {en: Persons, fr: Personnes}
    known_by: [id, email]
    columns: {id: [], email: [mail]}
  team:
    label: {en: Teams, fr: Équipes}
    by_name: true
    known_by: [id]
    columns: {id: []}
maps:
  - {map: deals, needs: [deal]}
  - {map: people, needs: [person]}
  - {map: either, any: [person, team]}
  - {map: alone, needs: [deal], unless: [person]}
notes:
  - {en: Nothing to mind., fr: Rien à savoir.}
)";

class Presets : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("acme/preset.yaml", kPreset);
    for (const char* map : {"deals", "people", "either", "alone"})
      folder_.write(fmt::format("acme/{}.yaml", map), "map: x\n");
    fs::create_directories(folder_ / "out");
  }
  Preset preset() const { return load(folder_ / "acme").value(); }
  fs::path file(const std::string& name, std::string_view content) const {
    folder_.write(name, content);
    return folder_ / name;
  }
  std::string refusal(std::string_view text) const {
    folder_.write("acme/preset.yaml", text);
    const auto read = load(folder_ / "acme");
    return read ? "none" : read.error().text();
  }
  std::string out(const std::string& object) const { return bytes_of(folder_ / "out" / object).value_or("none"); }

  TestFolder folder_;
};

TEST_F(Presets, AFileIsRecognisedByItsNameAndItsColumns) {
  const Preset acme = preset();
  EXPECT_EQ(object_name_of("x/acme_CRM-Deals 2025-01-31.csv.gz", acme), "deals");
  EXPECT_EQ(object_name_of("deal_data.csv", acme), "deal");
  EXPECT_EQ(object_name_of("Deals-Export 2025-01-31T10.00.00Z data.csv", acme), "deals");
  EXPECT_EQ(object_name_of("deal_v2.csv", acme), "dealv2") << "a version is part of a name";
  EXPECT_EQ(object_name_of("data.csv", acme), "data");
  std::string long_name = "deal";
  for (int i = 0; i < 60; ++i) long_name += "-1";
  EXPECT_EQ(object_name_of(long_name + "x.csv", acme), "deal" + std::string(60, '1') + "x") << "in no time";
  EXPECT_EQ((*recognise(file("deals.csv", "Deal ID,Amount\n1,2\n"), acme))->name, "deal");
  EXPECT_EQ((*recognise(file("export.csv", "id,MAIL\n1,a@b.fr\n"), acme))->name, "person") << "by its columns alone";
  EXPECT_EQ((*recognise(file("team.csv", "id,size\n1,2\n"), acme))->name, "team") << "columns of many: by its name";
  EXPECT_EQ(recognise(file("unknown.csv", "id,size\n1,2\n"), acme).error().text(),
            "unknown.csv: it is no object of acme; say which: OBJECT=FILE");
  EXPECT_EQ(recognise(file("both.csv", "id,amount,email\n1,2,a@b.fr\n"), acme).error().text(),
            "both.csv: it may be deal or person; say which: OBJECT=FILE");
  EXPECT_EQ(recognise(file("deal.csv", "id,name\n1,2\n"), acme).error().text(),
            "deal.csv: it is called like deal, and has no column amount; export that column too");
}

TEST_F(Presets, ColumnsAreFoundUnderTheNamesThatLoadersGiveThem) {
  const auto bound =
      bind(preset(),
           {file("deals.csv", "deal_id,amount,date_entered_new,date_entered_won\n1,10,2025-01-01,\n2,\"1,5\",,\n"),
            file("deals_2.jsonl",
                 "{\"type\":\"SCHEMA\",\"stream\":\"deals\",\"schema\":{}}\n"
                 "{\"type\":\"RECORD\",\"record\":{\"id\":3,\"properties\":{\"amount\":12345678901234567.89,"
                 "\"date_entered_new\":\"2025-02-01\"},\"_synced_at\":\"2025-03-01\"}}\n")},
           {}, folder_ / "out");
  ASSERT_TRUE(bound) << bound.error().text();
  EXPECT_EQ(out("deal"),
            "id,amount,entered,synced\n"
            "1,10,\"{\"\"new\"\":\"\"2025-01-01\"\"}\",\n"
            "2,\"1,5\",,\n"
            "3,12345678901234567.89,\"{\"\"new\"\":\"\"2025-02-01\"\"}\",2025-03-01\n");
  EXPECT_EQ(out("person"), "id,email,synced\n") << "names alone: no file is of it";
  ASSERT_EQ(bound->bound.size(), 2U);
  EXPECT_EQ(bound->bound[0].absent, std::vector<std::string>{"synced"});
  EXPECT_TRUE(bound->bound[1].absent.empty());
  std::vector<std::string> maps;
  for (const fs::path& map : bound->maps) maps.push_back(map.stem().string());
  EXPECT_EQ(maps, (std::vector<std::string>{"deals", "alone"}));
}

TEST_F(Presets, TwoObjectsInOneLineAreTwo) {
  const auto bound = bind(preset(),
                          {file("deal.jsonl",
                                "{\"id\":1,\"amount\":10}{\"id\":2,\"amount\":20}\n"
                                "{\"id\":3,\"amount\":30}\n")},
                          {}, folder_ / "out");
  ASSERT_TRUE(bound) << bound.error().text();
  EXPECT_EQ(out("deal"), "id,amount,entered,synced\n1,10,,\n2,20,,\n3,30,,\n");
  EXPECT_EQ(
      bind(preset(), {file("deal.jsonl", "{\"id\":1,\"amount\":10}\n{\"id\":2,\"amount\":\n")}, {}, folder_ / "out")
          .error()
          .code,
      "json.damaged");
}

TEST_F(Presets, ARowMayHaveATypeOfItsOwn) {
  const auto bound = bind(preset(),
                          {file("deals.jsonl",
                                "{\"type\":\"STATE\",\"value\":{\"bookmarks\":{}}}\n"
                                "{\"type\":\"ACTIVATE_VERSION\",\"stream\":\"deals\",\"version\":7}\n"
                                "{\"id\":1,\"amount\":10,\"type\":\"STATE\"}\n"
                                "{\"id\":2,\"amount\":20,\"type\":\"SCHEMA\"}\n"
                                "{\"id\":3,\"amount\":30,\"type\":\"ACTIVATE_VERSION\"}\n"
                                "{\"id\":4,\"amount\":40,\"type\":\"RECORD\",\"record\":\"gold\"}\n")},
                          {}, folder_ / "out");
  ASSERT_TRUE(bound) << bound.error().text();
  EXPECT_EQ(out("deal"), "id,amount,entered,synced\n1,10,,\n2,20,,\n3,30,,\n4,40,,\n");
}

TEST_F(Presets, AFileThatIsNamedAndInTheFolderIsOne) {
  const fs::path deals = file("deals.csv", "id,amount\n1,10\n");
  fs::create_symlink(deals, folder_ / "deals_2025.csv");
  const auto bound = bind(preset(), {deals, folder_ / "x/../deals.csv", folder_ / "deals_2025.csv"}, {{"deal", deals}},
                          folder_ / "out");
  ASSERT_TRUE(bound) << bound.error().text();
  EXPECT_EQ(bound->bound.size(), 1U);
  EXPECT_EQ(out("deal"), "id,amount,entered,synced\n1,10,,\n");
}

TEST_F(Presets, WhatIsMissingOrNamedWronglyIsTold) {
  const fs::path people = file("person.csv", "id,email\n1,a@b.fr\n");
  EXPECT_EQ(bind(preset(), {people}, {}, folder_ / "out").error().text(),
            "acme needs deal, and no file is of it; export it too, or say which file it is: OBJECT=FILE");
  EXPECT_EQ(bind(preset(), {}, {{"deel", people}}, folder_ / "out").error().text(),
            "acme has no object \"deel\"; did you mean \"deal\"?");
  const auto left = bind(preset(), {file("odd.csv", "x,y\n1,2\n")}, {{"deal", file("mine.csv", "id,amount\n1,2\n")}},
                         folder_ / "out");
  ASSERT_TRUE(left) << left.error().text();
  ASSERT_EQ(left->left_alone.size(), 1U);
  EXPECT_EQ(left->left_alone[0].text(), "odd.csv: it is no object of acme; say which: OBJECT=FILE");
  EXPECT_EQ(bind(preset(), {file("deal.jsonl", "[1]\n")}, {}, folder_ / "out").error().code, "json.not_object");
  Preset relaxed = preset();
  relaxed.objects.front().needed = false;
  EXPECT_EQ(bind(relaxed, {folder_ / "odd.csv"}, {}, folder_ / "out").error().text(),
            "no file is of an object of acme; odd.csv: it is no object of acme; say which: OBJECT=FILE");
}

TEST_F(Presets, AWrongPresetIsToldWithItsPlace) {
  const auto with = [](std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string good(kPreset);
  EXPECT_EQ(refusal(with(good, "known_by: [id, email]", "known_by: [id, emial]")),
            "acme/preset.yaml:17:15: person has no column \"emial\"; did you mean \"email\"?");
  EXPECT_EQ(refusal(with(good, "needs: [person]", "needs: [persons]")),
            "acme/preset.yaml:26:26: there is no object \"persons\"; did you mean \"person\"?");
  EXPECT_EQ(refusal(with(good, "map: people", "map: peoples")),
            "acme/preset.yaml:26:5: there is no peoples.yaml beside it");
  EXPECT_EQ(refusal(with(good, "date_entered_*,", "date_entered_,")),
            "acme/preset.yaml:14:25: \"date_entered_\" does not end in *; gather takes beginnings of names: "
            "hs_date_entered_*");
}

TEST(ShippedPresets, AreAllRight) {
  const auto names = names_in(fs::path(VIGIE_SOURCE_DIR) / "presets");
  ASSERT_TRUE(names);
  EXPECT_GE(names->size(), 14U);
  for (const std::string& name : *names) {
    const auto preset = load(fs::path(VIGIE_SOURCE_DIR) / "presets" / name);
    EXPECT_TRUE(preset) << preset.error().text();
  }
}

}  // namespace
}  // namespace vigie::presets
