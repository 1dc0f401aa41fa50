// Exports known as wholes, and the vocabulary itself.
#include <set>

#include "base/test_folder.h"
#include "ingest/map.h"
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(KnownExport, ShopifyHasItsTotalsOnTheFirstLineOfAnOrder) {
  const Proposal p =
      proposed({"Name;Email;Financial Status;Paid at;Fulfillment "
                "Status;Currency;Subtotal;Shipping;Taxes;Total;Discount Amount;Created at;Lineitem quantity;Lineitem "
                "name;Lineitem price;Lineitem sku;Cancelled at;Source",
                "#1001;a@b.fr;paid;2025-01-03 10:00:00 +0100;fulfilled;EUR;100.00;5.00;20.00;125.00;0.00;2025-01-03 "
                "09:59:00 +0100;1;Chaise;60.00;CH1;;web",
                "#1001;a@b.fr;;;;;;;;;;2025-01-03 09:59:00 +0100;2;Coussin;20.00;CO1;;",
                "#1002;c@d.fr;refunded;2025-01-04 10:00:00 +0100;fulfilled;EUR;40.00;5.00;8.00;53.00;0.00;2025-01-04 "
                "09:59:00 +0100;1;Table;40.00;TA1;;web"},
               "orders_export_1.csv");
  EXPECT_EQ(p.known_as, "Shopify orders export");
  EXPECT_THAT(p.questions, IsEmpty());
  ASSERT_THAT(p.maps, SizeIs(2));
  EXPECT_THAT(p.maps[0].yaml, HasSubstr("filter: \"\\\"Financial Status\\\" is not null\""));
  EXPECT_THAT(p.maps[0].yaml, HasSubstr("amount_net: Subtotal"));
  EXPECT_THAT(p.maps[0].yaml, HasSubstr("refunded: confirmed"));
  EXPECT_THAT(p.maps[1].yaml, HasSubstr("unit_price: Lineitem price"));
  EXPECT_TRUE(p.maps[0].loads && p.maps[1].loads);
}

/// The lines have no "region", the orders neither: what is said of a column is not passed over.
TEST(KnownExport, OfSeveralMapsOneHasTheColumnThatIsSaid) {
  const std::vector<std::string> lines{
      "Name;Financial Status;Paid at;Currency;Subtotal;Shipping;Taxes;Total;Discount Amount;Created at;Lineitem "
      "quantity;Lineitem name;Lineitem price;Lineitem sku;Cancelled at;Fulfillment Status;Email;Source",
      "#1001;paid;2025-01-03 10:00:00 +0100;EUR;100.00;5.00;20.00;125.00;0.00;2025-01-03 09:59:00 "
      "+0100;1;Chaise;60.00;CH1;;fulfilled;a@b.fr;web"};
  const auto with = [&](const std::string& target) {
    Wishes wishes;
    wishes.columns.emplace_back("Source", target);
    return propose(sketch_of(lines), semicolons("orders_export_1.csv"), wishes, model::shipped_model(),
                   shipped_vocabulary());
  };
  EXPECT_TRUE(with("channel"));
  const auto slip = with("stage_key");
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().code, "propose.column");
  EXPECT_THAT(slip.error().text(), HasSubstr("none of orders, order_lines has a column \"stage_key\""));
}

TEST(KnownExport, StripeCountsInUtc) {
  const Proposal p =
      proposed({"id;Created (UTC);Amount;Amount Refunded;Currency;Captured;Fee;Status;Customer ID;Card Brand",
                "ch_1;2025-01-15 10:20:30;120.00;0.00;eur;TRUE;1.20;Paid;cus_1;Visa",
                "ch_2;2025-01-16 10:20:30;80.00;0.00;eur;TRUE;1.00;Failed;cus_2;Visa"},
               "payments.csv");
  EXPECT_EQ(p.known_as, "Stripe payments export");
  EXPECT_EQ(p.table, "payments");
  EXPECT_THAT(yaml_of(p), HasSubstr("time_zone: UTC"));
}

TEST(KnownExport, HubSpotIsReadInBothLanguages) {
  for (const std::string header : {"Record ID;Deal Name;Deal Stage;Close Date;Amount;Pipeline;Deal owner;Create Date",
                                   "ID de fiche d'informations;Nom de la transaction;Phase de la transaction;Date de "
                                   "fermeture;Montant;Pipeline;Propriétaire "
                                   "de la transaction;Date de création"}) {
    const Proposal p = proposed({header, "9001;A;Closed Won;2025-02-03 10:00;1200;Sales;Ann;2025-01-03 09:00",
                                 "9002;B;Closed Lost;2025-02-04 10:00;300;Sales;Bob;2025-01-04 09:00",
                                 "9003;C;Proposal Sent;2025-09-04 10:00;500;Sales;Bob;2025-01-05 09:00"});
    EXPECT_EQ(p.table, "opportunities") << header;
    EXPECT_THAT(p.known_as, HasSubstr("HubSpot"));
    EXPECT_THAT(yaml_of(p), HasSubstr("source: hubspot"));
    EXPECT_THAT(yaml_of(p), HasSubstr("Proposal Sent: open"));
  }
}

TEST(KnownExport, PipedriveSaysWonInItsStatus) {
  const Proposal p =
      proposed({"Affaire - ID;Affaire - Titre;Affaire - Valeur;Affaire - Devise;Affaire - Étape;Affaire - "
                "Statut;Organisation - Nom;Affaire - Date d'ajout",
                "1;Toit;1 200,50;EUR;Devis;Gagné;Alpha;2025-01-03 10:00:00",
                "2;Mur;800,00;EUR;Visite;Ouvert;Beta;2025-01-04 10:00:00"});
  EXPECT_THAT(p.known_as, HasSubstr("Pipedrive"));
  EXPECT_THAT(yaml_of(p), HasSubstr("Gagné: won"));
  EXPECT_THAT(yaml_of(p), HasSubstr("decimal: \",\""));
}

TEST(KnownExport, SalesforceReportsEndWithLinesThatAreNoDeals) {
  const Proposal p =
      proposed({"Opportunity Name;Stage;Close Date;Account Name;Opportunity Owner;Amount;Probability (%);Created Date",
                "Alpha - roof;Closed Won;03/25/2025;Alpha;Ann;1,200.00;100;01/03/2025",
                "Beta - wall;Prospecting;04/02/2025;Beta;Bob;800.00;10;01/04/2025"});
  EXPECT_THAT(p.known_as, HasSubstr("Salesforce"));
  EXPECT_THAT(yaml_of(p), HasSubstr("filter: \"\\\"Stage\\\" is not null\""));
  EXPECT_THAT(yaml_of(p), HasSubstr("factor: 0.01"));
  EXPECT_THAT(yaml_of(p), HasSubstr("as the column \"Close Date\" of the same file tells"));
}

TEST(KnownExport, AdReportsSayTheirCurrencyAndTheirDays) {
  const Proposal google =
      proposed({"Campagne;Jour;Code de la devise;Coût;Impr.;Clics;Conversions",
                "Marque;2025-01-03;EUR;12,50;1 200;30;1,5", "Générique;2025-01-03;EUR;20,00;900;22;0"});
  EXPECT_THAT(google.known_as, HasSubstr("Google Ads"));
  EXPECT_THAT(yaml_of(google), HasSubstr("key: [Jour, Campagne]"));
  const Proposal meta =
      proposed({"Nom de la campagne;Début des rapports;Fin des rapports;Montant dépensé (EUR);Impressions;Clics sur un "
                "lien;Résultats",
                "Été;2025-01-03;2025-01-03;12,50;1200;30;4", "Hiver;2025-01-03;2025-01-03;20,00;900;22;1"});
  EXPECT_THAT(meta.known_as, HasSubstr("Meta Ads"));
  EXPECT_THAT(yaml_of(meta), HasSubstr("spend: \"Montant dépensé (EUR)\""));
  EXPECT_TRUE(google.maps[0].loads && meta.maps[0].loads);
}

const std::string kFecHeader =
    "JournalCode;JournalLib;EcritureNum;EcritureDate;CompteNum;CompteLib;CompAuxNum;CompAuxLib;PieceRef;PieceDate;"
    "EcritureLib;Debit;Credit;EcritureLet;DateLet;ValidDate;"
    "Montantdevise;Idevise";

std::string entry(const std::string& journal, const std::string& account, const std::string& debit,
                  const std::string& credit) {
  return fmt::format("{};x;1;20250103;{};libellé;;;P1;20250103;écriture;{};{};;;20250131;;", journal, account, debit,
                     credit);
}

TEST(KnownExport, TheBooksGiveTheMapsOfTheAccountsTheyHold) {
  const Proposal sales = proposed({kFecHeader, entry("VE", "411000", "120,00", "0,00"),
                                   entry("VE", "706000", "0,00", "100,00"), entry("VE", "445710", "0,00", "20,00")},
                                  "fec.txt");
  EXPECT_EQ(sales.known_as, "French accounting entries (FEC)");
  std::vector<std::string> ids;
  for (const ProposedMap& map : sales.maps) ids.push_back(map.id);
  EXPECT_THAT(ids, ElementsAre("fec_sales", "fec_credit_notes", "fec_customers"));
  EXPECT_THAT(sales.questions, IsEmpty());
}

TEST(KnownExport, WhichPartOfThePayrollSellsIsAskedNotGuessed) {
  const Proposal p = proposed({kFecHeader, entry("OD", "641100", "5000,00", "0,00"),
                               entry("OD", "645000", "2000,00", "0,00"), entry("AC", "623100", "300,00", "0,00")},
                              "fec.txt");
  std::set<std::string> tables;
  for (const ProposedMap& map : p.maps) tables.insert(map.table);
  EXPECT_THAT(tables, ElementsAre("channel_spend", "costs"));
  ASSERT_THAT(p.questions, SizeIs(1));
  EXPECT_EQ(p.questions[0].code, "share");
  EXPECT_FALSE(p.questions[0].blocks) << "without a key they are in no acquisition cost, and the answer says so";
  for (const ProposedMap& map : p.maps)
    EXPECT_THAT(map.yaml, HasSubstr("inputs:\n  entries:\n    files: fec.txt\n    delimiter: \";\"\nquery: |\n"));
}

TEST(KnownExport, OneHeaderLessIsAnotherFile) {
  const Proposal p = proposed({"Name;Financial Status;Subtotal", "#1001;paid;100.00", "#1002;paid;40.00"});
  EXPECT_EQ(p.known_as, "");
}

// --- the vocabulary --------------------------------------------------------------------------------------------------

TEST(Vocabulary, NamesAreComparedByTheirLettersAndDigits) {
  for (const char* name : {"N° commande", "n_commande", "N°Commande", "  n-commande "})
    EXPECT_EQ(bare(name), "ncommande") << name;
  EXPECT_EQ(bare("Clé %"), "clepercent");
  EXPECT_EQ(bare_without_brackets("Montant dépensé (EUR)"), "montantdepense");
}

TEST(Vocabulary, NounsMakeNamesOfTheTablesOwn) {
  const auto& columns = shipped_vocabulary().find("orders")->columns;
  for (const char* name : {"Order Date", "date de commande", "Date de la facture", "invoice_date"})
    EXPECT_EQ(columns.at("ordered_at").at(bare(name)).strength, Strength::own) << name;
  EXPECT_EQ(columns.at("ordered_at").at("date").strength, Strength::usual);
  EXPECT_EQ(columns.at("customer_key").at(bare("N° client")).strength, Strength::reference);
  EXPECT_EQ(columns.at("customer_key").at(bare("Nom du client")).strength, Strength::by_name);
}

/// A file of headers/ with that text, beside the others as they ship; its error.
std::string refusal_of(const std::string& name, const std::string& text) {
  const TestFolder folder;
  std::filesystem::copy(std::filesystem::path(VIGIE_SOURCE_DIR) / "headers", folder.path(),
                        std::filesystem::copy_options::recursive);
  folder.write(name, text);
  const auto read = Vocabulary::load(folder.path(), {}, model::shipped_model());
  return read ? "" : read.error().text();
}

TEST(Vocabulary, IsRefusedWholeWithItsPlace) {
  EXPECT_THAT(refusal_of("tables.yaml",
                         "key_words: [id]\nname_words: [name]\nevery_table: {}\ntables:\n  orders:\n    nouns: "
                         "[order]\n    columns:\n      orderd_at: {usual: [date]}\n"),
              HasSubstr("tables.yaml:8:7"));
  EXPECT_THAT(refusal_of("words.yaml",
                         "nothing: [x]\n\"yes\": [a]\n\"no\": [b]\nspend_suffixes: [spend]\nvalues:\n  "
                         "orders.status:\n    confirmd: [paid]\n"),
              HasSubstr("did you mean \"confirmed\""));
  EXPECT_THAT(refusal_of("exports/x.yaml",
                         "export: x\nlabel: {en: X, fr: X}\nsource: x\nknown_by: [A, B]\nmaps: [{map: a, table: "
                         "orders, columns: {}}]\n"),
              HasSubstr("three headers at least"));
}

/// The maps of a preset are maps: each loads as it stands.
TEST(Vocabulary, PresetsAreMaps) {
  int maps = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(VIGIE_SOURCE_DIR) / "presets" / "fec")) {
    if (file.path().filename() == "preset.yaml") continue;
    const auto map = ingest::Map::load(file.path(), model::shipped_model(), "Europe/Paris");
    EXPECT_TRUE(map) << map.error().text();
    ++maps;
  }
  EXPECT_EQ(maps, 6);
}

}  // namespace
}  // namespace vigie::propose
