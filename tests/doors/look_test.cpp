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
  std::ptrdiff_t copies() const {
    return std::ranges::distance(fs::directory_iterator(folder_.path() / "shop/files"), fs::directory_iterator());
  }
  bool is_there(const std::string& name) const { return fs::exists(folder_.path() / name); }

  Folder folder_;
};

/// A title above, semicolons, days before months, decimal commas: as a spreadsheet in France writes it.
constexpr std::string_view kCommandes =
    "N° commande;Date de commande;Client;Statut;Montant HT;Devise\n"
    "1001;31/01/2025;Dupont;Payée;1 184,50;EUR\n"
    "1002;01/02/2025;Martin;Payée;89,90;EUR\n"
    "1003;02/02/2025;Dupont;Annulée;20,00;EUR\n"
    "1004;03/02/2025;Durand;Payée;45,00;EUR\n";

TEST_F(Look, TellsTheMapThatItKeepsAndImportsNothing) {
  file("commandes.csv", kCommandes);
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
  file("commandes.csv", kCommandes);
  const Ran taken = look({"commandes.csv", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, HasSubstr("read 4 = loaded 4"));
  // 1184.50 + 89.90 + 45.00; the one that was cancelled counts in nothing.
  EXPECT_THAT(revenue(), HasSubstr("1319.4"));
}

TEST_F(Look, CopiesTheRowsOfATableThatNoMapCanRead) {
  // A total below: a map would read it as a row.
  file("commandes.csv", "Export du 31/03/2025\n\n" + std::string(kCommandes) + "Total;;;;1 339,40;\n");
  const Ran taken = look({"commandes.csv", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, AllOf(HasSubstr("are copied"), HasSubstr("read 4 = loaded 4")));
  EXPECT_EQ(copies(), 1) << "its rows, under the file's name and what it holds";
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
  const Ran taken = look({"commandes.csv", "--date-order", "dmy", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(revenue(), HasSubstr("61"));
}

TEST_F(Look, AProposalThatNobodyEditedGivesWay) {
  file("commandes.csv", kCommandes);
  EXPECT_EQ(look({"commandes.csv"}).code, 0);
  EXPECT_EQ(look({"commandes.csv", "--decimal", "comma"}).code, 0) << "answers to what was not asked change nothing";
  look({"commandes.csv", "--table", "leads"});  // as another table: that one has a map of its own
  const auto other = bytes_of(folder_.path() / "shop/maps/commandes_leads.yaml");
  ASSERT_TRUE(other);
  EXPECT_THAT(*other, HasSubstr("table: leads"));
  const auto map = bytes_of(folder_.path() / "shop/maps/commandes.yaml");
  ASSERT_TRUE(map);
  EXPECT_THAT(*map, HasSubstr("table: orders"));
  // One comment is its owner's work.
  file("shop/maps/commandes.yaml", "# mine\n" + *map);
  EXPECT_EQ(look({"commandes.csv"}).code, 2);
  // Another file of that name is another file.
  file("shop/maps/commandes.yaml", *map);
  file("later/commandes.csv", kCommandes);
  EXPECT_THAT(look({"later/commandes.csv"}).out, HasSubstr("vigie import --map shop/maps/commandes.yaml FILE"));
}

TEST_F(Look, ANewerExportOfANameStandsBesideTheOlderOne) {
  const auto list = [](std::string_view rows) { return "[" + std::string(rows) + "]"; };
  constexpr std::string_view kJanuary =
      R"({"order_id": 1, "order_date": "2025-01-31", "customer": "a", "net_amount": 10.5},
         {"order_id": 2, "order_date": "2025-01-30", "customer": "b", "net_amount": 1.125})";
  file("orders.json", list(kJanuary));
  const Ran january = look({"orders.json", "--yes"});
  EXPECT_EQ(january.code, 0) << january.out;
  EXPECT_THAT(january.out, HasSubstr("read 2 = loaded 2"));
  file("orders.json", list(R"({"order_id": 3, "order_date": "2025-02-28", "customer": "a", "net_amount": 4})"));
  const Ran february = look({"orders.json", "--yes"});
  EXPECT_EQ(february.code, 0) << february.out;
  EXPECT_THAT(february.out, HasSubstr("read 1 = loaded 1"));
  EXPECT_EQ(copies(), 2);
  EXPECT_THAT(revenue(), HasSubstr("15.625"));
  // All that is in a workspace comes from its files.
  ASSERT_EQ(run({"init", "again", "--currency", "EUR"}).code, 0);
  fs::copy(folder_.path() / "shop/maps/orders.yaml", folder_.path() / "again/maps/orders.yaml");
  fs::copy(folder_.path() / "shop/files", folder_.path() / "again/files", fs::copy_options::recursive);
  EXPECT_THAT(run({"import", "-w", "again", "--map", "again/maps"}).out, HasSubstr("read 3 = loaded 3"));
}

TEST_F(Look, IsToldHowAFileIsReadInTheReadersOwnWords) {
  file("ragged.csv",
       "Order ID,Order date,Customer,Net amount,Note\n1,2025-01-31,a,10,x\n2,2025-02-28,b,20\n3,2025-03-01,b,30,y\n");
  const Ran refused = look({"ragged.csv", "--yes"});
  EXPECT_EQ(refused.code, 3) << refused.out;
  EXPECT_THAT(refused.out, HasSubstr("said to this command: --read short_rows=…"));
  const Ran taken = look({"ragged.csv", "--read", "short_rows=fill", "--yes"});
  EXPECT_EQ(taken.code, 0) << taken.out;
  EXPECT_THAT(taken.out, HasSubstr("read 3 = loaded 3"));
  EXPECT_THAT(look({"ragged.csv", "--read", "short_row=fill"}).out, HasSubstr("did you mean \"short_rows\"?"));
  EXPECT_THAT(look({"ragged.csv", "--read", "short_rows=maybe"}).out, HasSubstr("it takes fill, refuse"));
  EXPECT_THAT(look({"ragged.csv", "--read", "fill"}).out, HasSubstr("--read wants WORD=VALUE"));
}

TEST_F(Look, TellsAllOfItAsJson) {
  file("commandes.csv", "Export du 31/03/2025\n\n" + std::string(kCommandes));
  const Ran told = vigie({"import", "-w", "shop", "commandes.csv", "--yes", "--format", "json"}, folder_.path());
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr(R"("looked_at":"commandes.csv")"), HasSubstr(R"("told":[{"line":)"),
                              HasSubstr(R"("table":"orders")"), HasSubstr(R"("questions":[])"),
                              HasSubstr(R"("receipts":[{)"), HasSubstr(R"("loaded":4)")));
}

/// A column that nothing is made of is told where one looks, with the reason, before and after the import.
TEST_F(Look, TellsWhichColumnsAreLeftOut) {
  file("commandes.csv",
       "N° commande;Date de commande;Total HT;E-mail;Vide;Téléphone\n"
       "1001;31/01/2025;184,50;a@b.fr;;0612345678\n1002;01/02/2025;89,90;c@d.fr;;0612345679\n");
  const std::string email = "- \"E-mail\": left out: e-mail addresses, which no figure needs\n";
  EXPECT_THAT(look({"commandes.csv"}).out, AllOf(HasSubstr(email), HasSubstr("- \"Vide\": left out: it is empty\n"),
                                                 HasSubstr("\"Téléphone\": left out: ")));
  EXPECT_THAT(look({"commandes.csv", "--yes"}).out, HasSubstr(email));
  EXPECT_THAT(look({"commandes.csv", "--yes", "--format", "json"}).out,
              HasSubstr(R"({"column":"E-mail","reason":"left out: e-mail addresses, which no figure needs"})"));
  EXPECT_THAT(vigie({"import", "-w", "shop", "commandes.csv"}, folder_.path(), Language::fr).out,
              HasSubstr("- «\u00a0E-mail\u00a0»\u00a0: laissée\u00a0: des adresses e-mail"));
}

/// The rows that are shown are those of the map: its query has run, and its conditions hold.
TEST_F(Look, ShowsTheFirstRowsOfAQuery) {
  file("factures.csv",
       "N° facture;Date de facture;TVA 20%;Total TTC\nF1;31/01/2025;20,00;120,00\nF2;01/02/2025;10,00;60,00\n");
  const Ran told = look({"factures.csv"});
  EXPECT_THAT(told.out, HasSubstr("F1 | 2025-01-31 | 20 | 120 | invoice | 100\n")) << told.out;
  file("affaires.csv",
       "Id affaire;Nom de l'affaire;Étape;Montant;Date de création;Date de clôture\n"
       "D1;Toit;Gagnée;1200;2025-01-03;2025-02-03\nD3;Sol;Devis envoyé;950;2025-01-05;2025-06-30\n");
  const Ran deals = look({"affaires.csv"});
  EXPECT_THAT(deals.out, Not(HasSubstr("2025-06-30 | 2025-06-30"))) << "an open deal is not closed: " << deals.out;
}

TEST_F(Look, AColumnIsSaidToBeWhatNoNameSays) {
  file("abonnements.csv",
       "Contrat;Titulaire;Formule;Tarif mensuel;Date d'effet\nK-001;Martin;Pro;12,50;2025-01-01\n"
       "K-002;Dupont;Pro;12,50;2025-02-01\nK-003;Martin;Base;9,00;2025-02-15\n");
  const Ran asked = look({"abonnements.csv", "--yes"});
  EXPECT_EQ(asked.code, 3);
  EXPECT_THAT(asked.out, HasSubstr("--column \"Titulaire=customer_key\""));
  const Ran said = look({"abonnements.csv", "--yes", "--column", "Titulaire=customer_key"});
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_THAT(said.out, HasSubstr("read 3 = loaded 3"));
  EXPECT_THAT(look({"abonnements.csv", "--column", "Titulaire"}).out, HasSubstr("--column wants COLUMN=NAME"));
}

/// Two persons of one name are two: a name is a key where somebody says so.
TEST_F(Look, ANameIsNoKeyUnlessSaid) {
  file("clients.csv", "Nom;Ville\nMartin;Lyon\nDupont;Paris\n");
  const Ran asked = look({"clients.csv", "--yes"});
  EXPECT_EQ(asked.code, 3);
  EXPECT_THAT(asked.out, HasSubstr("      --key \"Nom\"\n"));
  EXPECT_THAT(look({"clients.csv", "--yes", "--key", "Nom"}).out, HasSubstr("read 2 = loaded 2"));
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
  file("two.csv", kCommandes);
  EXPECT_THAT(look({"orders.parquet"}).out,
              HasSubstr("orders.parquet is no whole Parquet file; fetch or export it again"));
  EXPECT_THAT(look({"two.csv", "two.csv"}).out, HasSubstr("without a map one file is looked at"));
  EXPECT_EQ(look({"absent.csv"}).code, 4);
  EXPECT_THAT(look({"two.csv", "--date-order", "ymd"}).out, HasSubstr("dmy"));
}

}  // namespace
}  // namespace vigie::doors
