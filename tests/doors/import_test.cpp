// Imports through a running server: the same receipts and the same errors, with paths as they were typed.
#include <gtest/gtest.h>

#include <regex>

#include "doors/company.h"

namespace vigie::doors {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kSpendMap = R"(map: spend
source: ads
table: channel_spend
input: spend.csv
date_format: "%d/%m/%Y"
columns: {channel: channel, date: day, spend: cost}
)";

/// Rows of two equal lines and one with a day that does not exist.
constexpr const char* kSpend = "channel,day,cost\nweb,03/03/2025,10\nweb,03/03/2025,10\nshop,31/02/2025,5\n";

void write_files(const Folder& folder) {
  folder.write("in/spend.csv", kSpend);
  folder.write("in/spend.yaml", kSpendMap);
  folder.write("spend.csv", kSpend);
  folder.write("spend.yaml", kSpendMap);
  folder.write("in/other.csv", "channel,day,cost\nweb,04/03/2025,11\n");
  folder.write("in/wrong.yaml",
               "map: wrong\nsource: ads\ntable: channel_spend\ninput: spend.csv\ncolumns: {chanel: channel}\n");
  folder.write("days/none.csv", "channel,day,cost\nweb,2025-03-03,1\nweb,2025-03-04,x\nweb,04/03/2025\n");
  folder.write("days/none.yaml",
               "map: none\nsource: ads\ntable: channel_spend\ninput: none.csv\ndate_format: \"%d/%m/%Y\"\n"
               "columns: {channel: channel, date: day, spend: cost}\n");
  EXPECT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
}

/// The same files, typed in many ways; then what cannot be taken.
const std::vector<Words> kImports{{"--map", "in/spend.yaml"},
                                  {"--map", "./in/spend.yaml"},
                                  {"--map", "spend.yaml"},
                                  {"--map", "spend.yaml", "--from", "in/"},
                                  {"--map", "in/spend.yaml", "in/other.csv"},
                                  {"in/other.csv", "--map", "in/spend.yaml"},
                                  {"--map", "spend.yaml", "--map", "in/spend.yaml", "spend.csv"},
                                  {"--map", "spend.yaml", "in/spend.yaml"},
                                  {"--map", "in", "--from", "in"},
                                  {"--map", "in/absent.yaml"},
                                  {"--map", "in/spend.yaml", "in/absent.csv"},
                                  {"--map", "in/spend.yaml", "--from", "absent"},
                                  {"--map", "in/wrong.yaml"},
                                  {"--map", "days/none.yaml"},
                                  {"--map", "days/none.yaml"}};

std::vector<Ran> run_all(const Folder& folder, const std::string& format) {
  std::vector<Ran> out;
  for (Words words : kImports) {
    words.insert(words.begin(), {"import", "-w", "shop", "--format", format});
    out.push_back(vigie(words, folder.path()));
    out.back().out = std::regex_replace(out.back().out, std::regex("\"seconds\":[0-9.e+-]+"), "\"seconds\":0");
  }
  return out;
}

TEST(Import, SaysTheSameThroughAServer) {
  for (const char* format : {"table", "json"}) {
    const Folder alone, served;
    write_files(alone);
    write_files(served);
    const auto expected = run_all(alone, format);
    const Serving server(served.path() / "shop");
    ASSERT_TRUE(server.answers());
    const auto found = run_all(served, format);
    for (std::size_t i = 0; i < found.size(); ++i) {
      std::string line = format;
      for (const std::string& word : kImports[i]) line += " " + word;
      EXPECT_EQ(found[i].code, expected[i].code) << line << "\n" << found[i].err;
      EXPECT_EQ(found[i].out, expected[i].out) << line;
      EXPECT_EQ(found[i].err, expected[i].err) << line;
    }
  }
}

constexpr const char* kNothingTaken =
    "none of the 3 rows that were read can be taken: 2 × cast.date (days/none.csv:2, day; also 3): \"2025-03-03\": not "
    "a "
    "date in the declared format, or a day that does not exist · 1 × cast.number (days/none.csv:3, cost): \"x\": not a "
    "number as the map says they are written (decimal, thousands, symbols, parentheses) · 1 × csv.columns "
    "(days/none.csv:4): \"web,04/03/2025\": the record has 2 of 3 columns; where those that are not written are empty, "
    "say short_rows: fill";

TEST(Import, AFileAllOfWhoseRowsAreRefusedIsAnErrorEachTime) {
  const Folder folder;
  write_files(folder);
  for (int time = 0; time < 2; ++time) {
    const Ran ran = vigie({"import", "-w", "shop", "--map", "days/none.yaml"}, folder.path());
    EXPECT_EQ(ran.code, 3);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, std::string("vigie: ") + kNothingTaken +
                           "; is the map the right one for this file? Mend it, or the file, and import again; until "
                           "then these rows wait in the quarantine\n");
  }
  const Ran fr = vigie({"import", "-w", "shop", "--map", "days/none.yaml"}, folder.path(), Language::fr);
  EXPECT_EQ(fr.code, 3);
  EXPECT_TRUE(
      fr.err.starts_with("vigie: aucune des 3 lignes lues ne peut être prise\u00a0: 2 × cast.date "
                         "(days/none.csv:2, day\u00a0; aussi 3)\u00a0: «\u00a02025-03-03\u00a0»\u00a0: pas une "
                         "date au format déclaré, ou un jour qui n'existe pas · 1 × cast.number"))
      << fr.err;
  EXPECT_TRUE(fr.err.ends_with("attendent en quarantaine\n")) << fr.err;
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  const Ran served = vigie({"import", "-w", "shop", "--map", "days/none.yaml"}, folder.path());
  EXPECT_EQ(served.code, 3) << "through a server too";
  EXPECT_TRUE(served.err.starts_with(std::string("vigie: ") + kNothingTaken)) << served.err;
}

TEST(Import, TheReceiptNamesTheFirstRowsOfEachReason) {
  const Folder folder;
  write_files(folder);
  std::string csv = "channel,day,cost\nweb,03/03/2025,1\n";
  for (int row = 3; row <= 9; ++row) csv += row == 5 ? "web,05/03/2025,1\n" : "web,31/02/2025,1\n";
  folder.write("in/many.csv", csv);
  EXPECT_EQ(
      vigie({"import", "-w", "shop", "--map", "in/spend.yaml", "in/many.csv"}, folder.path()).out,
      "spend → channel_spend: read 8 = loaded 2 + updated 0 + unchanged 0 + quarantined 6\n"
      "  6 × cast.date (in/many.csv:3, day; also 4, 6, 7, 8 …): \"31/02/2025\": not a date in the declared format, "
      "or a day that does not exist\n");
}

TEST(Import, WhatWasImportedIsAnsweredAtOnce) {
  const Folder folder;
  write_files(folder);
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  folder.write("maps/orders.yaml",
               "map: o\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: k, ordered_at: {from: d, as: date}, "
               "amount_net: a}\n");
  folder.write("maps/o.csv", "k,d,a\n1,2025-03-03,120.50\n");
  EXPECT_EQ(vigie({"import", "-w", "shop", "--map", "maps/orders.yaml"}, folder.path()).code, 0);
  const Reply reply = server.get("/api/v1/kpis/revenue?from=2025-03-01&to=2025-04-01&grain=total");
  EXPECT_NE(reply.body.find("\"value_exact\":\"120.5\""), std::string::npos) << reply.body;
}

TEST(Import, WhatStandsBehindAMapIsAFile) {
  const Folder folder;
  write_files(folder);
  const Ran ran = vigie({"import", "-w", "shop", "--map", "in/spend.yaml", "in/other.csv"}, folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "spend → channel_spend: read 1 = loaded 1 + updated 0 + unchanged 0 + quarantined 0\n")
      << "and not the map's own";
  const Ran two = vigie({"import", "-w", "shop", "--map", "spend.yaml", "in/wrong.yaml"}, folder.path());
  EXPECT_EQ(two.code, 2);
  EXPECT_EQ(two.err,
            "vigie: in/wrong.yaml is a map, and stands where files of data are named; say --map before each map, or "
            "name their folder\n");
  EXPECT_EQ(two.out, "");
}

TEST(Import, TheReceiptTellsOfRowsThatAreThereAlready) {
  const Folder folder;
  write_files(folder);
  folder.write("in/grown.csv", std::string(kSpend) + "web,04/03/2025,7\n");
  folder.write("in/names.yaml",
               "map: names\nsource: crm\ntable: customers\ninput: names.csv\ncolumns: {key: id, name: name}\n");
  folder.write("in/names.csv", "id,name\n1,Ann\n");
  folder.write("in/other.yaml",
               "map: other\nsource: crm\ntable: customers\ninput: others.csv\ncolumns: {key: id, name: name}\n");
  folder.write("in/others.csv", "id,name\n1,Bob\n");
  EXPECT_EQ(vigie({"import", "-w", "shop", "--map", "in/spend.yaml", "--map", "in/names.yaml"}, folder.path()).code, 0);
  EXPECT_EQ(vigie({"import", "-w", "shop", "--map", "in/spend.yaml", "in/grown.csv"}, folder.path()).out,
            "spend → channel_spend: read 4 = loaded 3 + updated 0 + unchanged 0 + quarantined 1\n"
            "  1 equal to another row, and kept\n"
            "  2 loaded though equal to rows that this map brought before: without a key they count twice\n"
            "  1 × cast.date (in/grown.csv:4, day): \"31/02/2025\": not a date in the declared format, or a day that "
            "does not exist\n");
  EXPECT_EQ(vigie({"import", "-w", "shop", "--map", "in/other.yaml"}, folder.path(), Language::fr).out,
            "other → customers\u00a0: lues 1 = ajoutées 0 + modifiées 1 + inchangées 0 + en quarantaine 0\n"
            "  1 des lignes modifiées vient d'une autre carte (names)\n");
}

TEST(Import, TheReceiptCountsWhatIsEasilyMissed) {
  const Folder folder;
  write_files(folder);
  const Ran en = vigie({"import", "-w", "shop", "--map", "in/spend.yaml"}, folder.path());
  EXPECT_EQ(en.code, 0) << en.err;
  EXPECT_EQ(en.out,
            "spend → channel_spend: read 3 = loaded 2 + updated 0 + unchanged 0 + quarantined 1\n"
            "  1 equal to another row, and kept\n"
            "  1 × cast.date (in/spend.csv:4, day): \"31/02/2025\": not a date in the declared format, or a day that "
            "does not exist\n");
  const Folder again;
  write_files(again);
  const Ran fr = vigie({"import", "-w", "shop", "--map", "in/spend.yaml"}, again.path(), Language::fr);
  EXPECT_EQ(fr.out,
            "spend → channel_spend\u00a0: lues 3 = ajoutées 2 + modifiées 0 + inchangées 0 + en quarantaine 1\n"
            "  1 identique à une autre, et gardée\n"
            "  1 × cast.date (in/spend.csv:4, day)\u00a0: «\u00a031/02/2025\u00a0»\u00a0: pas une date au format "
            "déclaré, ou un jour qui n'existe pas\n");
}

}  // namespace
}  // namespace vigie::doors
