// A file without a map: what it is, the map that is proposed for it, and the figures that come of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "doors/program.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Look : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run({"init", "shop", "--currency", "EUR"}).code, 0); }
  Ran run(std::vector<std::string> words) const {
    Ran ran = vigie(words, folder_.path());
    ran.out += ran.err;
    return ran;
  }
  Ran look(std::vector<std::string> more) const {
    std::vector<std::string> words{"import", "-w", "shop"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::string revenue() const {
    return run({"kpi", "revenue", "-w", "shop", "--from", "2025-01-01", "--to", "2025-04-01", "--grain", "quarter",
                "--format", "csv"})
        .out;
  }
  void file(const std::string& name, std::string_view content) const { folder_.write(name, content); }
  bool is_there(const std::string& name) const { return fs::exists(folder_.path() / name); }

  Folder folder_;
};

/// A title above, semicolons, days before months, decimal commas: as a spreadsheet in France writes it.
constexpr std::string_view kSales =
    "N° commande;Date de commande;Client;Statut;Montant HT;Devise\n"
    "1001;31/01/2025;Dupont;Payée;1 184,50;EUR\n"
    "1002;01/02/2025;Martin;Payée;89,90;EUR\n"
    "1003;02/02/2025;Dupont;Annulée;20,00;EUR\n"
    "1004;03/02/2025;Durand;Payée;45,00;EUR\n";

TEST_F(Look, TellsTheMapThatItKeepsAndImportsNothing) {
  file("commandes.csv", kSales);
  const Ran told = look({"commandes.csv"});
  EXPECT_EQ(told.code, 0) << told.out;
  EXPECT_THAT(told.out,
              AllOf(HasSubstr("separated by \";\""), HasSubstr("→ orders"), HasSubstr("nothing is imported yet")));
  EXPECT_TRUE(is_there("shop/maps/commandes.yaml")) << told.out;
  EXPECT_THAT(revenue(), Not(HasSubstr("1319")));
  // Looked at again, the map is the same; one that its owner changed is not written over.
  EXPECT_EQ(look({"commandes.csv"}).code, 0);
  file("shop/maps/commandes.yaml", "map: mine\n");
  const Ran refused = look({"commandes.csv"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.out, HasSubstr("commandes.yaml is there already, and says something else"));
  EXPECT_EQ(bytes_of(folder_.path() / "shop/maps/commandes.yaml"), "map: mine\n");
}

TEST_F(Look, ImportsAsProposedWithYes) {
  file("commandes.csv", kSales);
  const Ran taken = look({"commandes.csv", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, HasSubstr("read 4 = loaded 4"));
  // 1184.50 + 89.90 + 45.00; the one that was cancelled counts in nothing.
  EXPECT_THAT(revenue(), HasSubstr("1319.4"));
}

TEST_F(Look, CopiesTheRowsOfATableThatNoMapCanRead) {
  // A total below: a map would read it as a row.
  file("commandes.csv", "Export du 31/03/2025\n\n" + std::string(kSales) + "Total;;;;1 339,40;\n");
  const Ran taken = look({"commandes.csv", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, AllOf(HasSubstr("are copied"), HasSubstr("read 4 = loaded 4")));
  EXPECT_TRUE(is_there("shop/files/commandes.csv.csv"));
  EXPECT_THAT(revenue(), HasSubstr("1319.4"));
}

TEST_F(Look, AsksWhatTheFileDoesNotTell) {
  file("commandes.csv",
       "N° commande;Date de commande;Client;Statut;Montant HT\n"
       "1;03/02/2025;a;Payée;10,00\n2;04/03/2025;b;Payée;20,50\n3;05/03/2025;b;Payée;30,50\n");
  const Ran asked = look({"commandes.csv", "--yes"});
  EXPECT_EQ(asked.code, 3) << asked.out;
  EXPECT_THAT(asked.out, HasSubstr("--date-order dmy"));
  EXPECT_THAT(revenue(), Not(HasSubstr("61")));
  fs::remove(folder_.path() / "shop/maps/commandes.yaml");
  const Ran taken = look({"commandes.csv", "--date-order", "dmy", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(revenue(), HasSubstr("61"));
}

TEST_F(Look, GivesTheFilesOfAToolToTheObjectsOfItsPreset) {
  file("out/products.csv", "id,title,vendor\n7,Cup,Acme\n");
  file("out/shopify_orders.csv",
       "id,created_at,processed_at,total_price,subtotal_price,total_tax,currency,customer_id,financial_status\n"
       "1,2025-01-10 10:00:00,2025-01-10 10:00:00,12.00,10.00,2.00,EUR,5,paid\n2,2025-02-10 10:00:00,2025-02-10 "
       "10:00:00,24.00,20.00,4.00,EUR,6,paid\n");
  file("out/notes.csv", "what,when\nnothing,never\n");
  const Ran taken = look({"--preset", "shopify", "out"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, AllOf(HasSubstr("shopify_orders.csv → order (2)"),
                               HasSubstr("shopify_orders → orders: read 2 = loaded 2"),
                               HasSubstr("! notes.csv: it is no object of shopify; say which: OBJECT=FILE")));
  EXPECT_THAT(look({"--preset", "shopify", "out"}).out, HasSubstr("imported before, nothing changes"));
  EXPECT_EQ(
      std::ranges::distance(fs::directory_iterator(folder_.path() / "shop/data"), fs::directory_iterator()),
      std::ranges::count_if(fs::directory_iterator(folder_.path() / "shop/data"), fs::directory_iterator(),
                            [](const auto& one) { return !one.path().filename().string().starts_with("preset-"); }))
      << "nothing of it stays behind";
  EXPECT_THAT(look({"--preset", "shopfy", "out"}).out, HasSubstr("no preset \"shopfy\"; did you mean \"shopify\"?"));
  EXPECT_EQ(look({"--preset", "shopify", "--map", "x.yaml", "out"}).code, 2);
}

TEST_F(Look, SaysWhatBecameOfEachFileOfATool) {
  file("random.csv", "what,when\nnothing,never\n");
  const Ran nothing = look({"--preset", "stripe", "random.csv"});
  EXPECT_EQ(nothing.code, 3);
  EXPECT_THAT(nothing.out + nothing.err,
              HasSubstr("no file is of an object of stripe; random.csv: it is no object of stripe"));
  file("out/orders.csv",
       "id,created_at,processed_at,total_price,subtotal_price,total_tax,currency,customer_id,financial_status\n"
       "1,one day,one day,12.00,10.00,2.00,EUR,5,paid\n");
  fs::create_symlink("loop.csv", folder_.path() / "out/loop.csv");
  fs::create_directories(folder_.path() / "shop/data/preset-killed");
  file("shop/data/preset-killed/customer", "of a process that was killed\n");
  const Ran refused = look({"--preset", "shopify", "out", "out/orders.csv"});
  EXPECT_EQ(refused.code, 3) << refused.out << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("orders.csv → order (1)"));
  const std::string said = refused.out + refused.err;
  EXPECT_NE(said.find("cannot be taken"), said.rfind("cannot be taken")) << "each of two maps: " << said;
  EXPECT_FALSE(fs::exists(folder_.path() / "shop/data/preset-killed")) << "rows of customers";
}

TEST_F(Look, RefusesWhatIsNoTable) {
  file("orders.parquet", "PAR1\0\0\0\0PAR1");
  file("two.csv", kSales);
  EXPECT_THAT(look({"orders.parquet"}).out, HasSubstr("is a Parquet file; write its map"));
  EXPECT_THAT(look({"two.csv", "two.csv"}).out, HasSubstr("without a map one file is looked at"));
  EXPECT_EQ(look({"absent.csv"}).code, 4);
  EXPECT_THAT(look({"two.csv", "--date-order", "ymd"}).out, HasSubstr("dmy"));
}

}  // namespace
}  // namespace vigie::doors
