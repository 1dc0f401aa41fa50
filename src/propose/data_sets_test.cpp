// Real files: the table that each is, and a map that its own import takes. Where the folder of data sets is not there,
// these tests say so and are skipped.
#include <cstdlib>
#include <fstream>

#include "base/utf8.h"
#include "ingest/import_fixture.h"
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

/// Enough of a CSV reader for files that are right: quotes doubled inside quotes, line breaks within them.
class CsvReader {
 public:
  CsvReader(const std::filesystem::path& file, char delimiter) : in_(file, std::ios::binary), delimiter_(delimiter) {
    if (in_.peek() == 0xEF) in_.ignore(3);
  }
  bool next(std::vector<std::string>& cells) {
    cells.assign(1, "");
    if (in_.peek() == std::char_traits<char>::eof()) return false;
    bool quoted = false;
    for (int c = in_.get(); c != std::char_traits<char>::eof(); c = in_.get()) {
      const char letter = static_cast<char>(c);
      if (quoted) {
        if (letter != '"') cells.back() += letter;
        else if (in_.peek() == '"') cells.back() += static_cast<char>(in_.get());
        else quoted = false;
      } else if (letter == '"') {
        quoted = true;
      } else if (letter == delimiter_) {
        cells.emplace_back();
      } else if (letter == '\n') {
        break;
      } else if (letter != '\r') {
        cells.back() += letter;
      }
    }
    return true;
  }

 private:
  std::ifstream in_;
  char delimiter_;
};

class ProposedDataSets : public ingest::ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    const char* given = std::getenv("VIGIE_SHARED_DATA");
    data_ =
        given != nullptr ? std::filesystem::path(given) : std::filesystem::path(VIGIE_SOURCE_DIR) / "../shared/data";
    if (!std::filesystem::exists(data_))
      GTEST_SKIP() << "no data sets at " << data_.string() << " (VIGIE_SHARED_DATA says where)";
  }

  Proposal of(const std::string& path, char delimiter = ',', const Wishes& wishes = {}) {
    CsvReader csv(data_ / path, delimiter);
    std::vector<std::string> cells;
    EXPECT_TRUE(csv.next(cells)) << path;
    // Names as the import gives them: those without one are counted.
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].empty()) cells[i] = fmt::format("column {}", i + 1);
    TableSketch sketch(cells, shipped_vocabulary());
    const std::size_t width = cells.size();
    bool short_rows = false;
    while (csv.next(cells)) {
      short_rows = short_rows || cells.size() < width;
      const std::vector<std::string_view> views(cells.begin(), cells.end());
      sketch.add(views);
    }
    FileFacts facts;
    facts.files = std::filesystem::path(path).filename().string();
    facts.delimiter = std::string(1, delimiter);
    facts.fills_short_rows = short_rows;
    auto out = propose(sketch, facts, wishes, model::shipped_model(), shipped_vocabulary());
    EXPECT_TRUE(out) << out.error().text();
    if (!out) return {};
    if (std::getenv("VIGIE_SHOW_PROPOSALS") != nullptr) show(path, *out);
    return std::move(*out);
  }

  static void show(const std::string& path, const Proposal& p) {
    fmt::print("######## {} → {} {}\n", path, p.table, p.known_as);
    for (const TableScore& one : p.tables)
      fmt::print("  {} {:.1f} {}\n", one.table, one.score, join(one.reasons, " | "));
    for (const Question& one : p.questions)
      fmt::print("  ? {}{}: {} {}\n", one.blocks ? "! " : "", one.code, one.text, join(one.answers, ", "));
    for (const ProposedMap& one : p.maps) {
      fmt::print("--- {} {}\n{}", one.table, one.loads ? "loads" : "waits", one.yaml);
      for (const auto& row : one.preview) fmt::print("    {}\n", join(row, " | "));
    }
  }

  /// What the import of a proposed map says, run over the file and rolled back.
  ingest::Receipt receipt_of(const std::string& path, const ProposedMap& map) {
    EXPECT_TRUE(map.loads) << map.yaml;
    ingest::Request request;
    request.folder = (data_ / path).parent_path();
    request.preview = true;
    const auto receipt = import(map.yaml, request);
    EXPECT_TRUE(receipt) << receipt.error().text() << "\n" << map.yaml;
    return receipt ? *receipt : ingest::Receipt{};
  }

  std::filesystem::path data_;
};

TEST_F(ProposedDataSets, AreTheTablesTheyAre) {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"zoho_crm/Accounts.csv", "customers"},
      {"zoho_crm/Calls.csv", "activities"},
      {"zoho_crm/Campaigns.csv", "channel_spend"},
      {"zoho_crm/Events.csv", "activities"},
      {"zoho_crm/Invoices.csv", "orders"},
      {"zoho_crm/Leads.csv", "leads"},
      {"zoho_crm/Potentials.csv", "opportunities"},
      {"zoho_crm/Products.csv", "products"},
      {"zoho_crm/Quotes.csv", "orders"},
      {"zoho_crm/Sales_Orders.csv", "orders"},
      {"zoho_crm/Sales_Order_Line_Items.csv", "order_lines"},
      {"zoho_crm/Invoice_Line_Items.csv", "order_lines"},
      {"zoho_crm/Tasks.csv", "activities"},
      {"zoho_crm/Users.csv", "employees"},
      {"leads/Leads.csv", "leads"},
      {"crm_pipeline/accounts.csv", "customers"},
      {"crm_pipeline/clicks.csv", "touchpoints"},
      {"crm_pipeline/products.csv", "products"},
      {"crm_pipeline/sales-pipeline.csv", "opportunities"},
      {"crm_pipeline/sales-teams.csv", "employees"},
      {"ravenstack/ravenstack_accounts.csv", "customers"},
      {"ravenstack/ravenstack_subscriptions.csv", "subscriptions"},
      {"nps_bank/NPStimeseries.csv", "survey_responses"},
      {"marketing_spend/meridian_national_all_channels.csv", "channel_spend"},
      {"marketing_spend/robyn_dt_simulated_weekly.csv", "channel_spend"},
      {"online_retail_daily/2010-12-01.csv", "order_lines"},
      {"attribution_sessions/ad_spend.csv", "channel_spend"},
      {"attribution_sessions/sessions.csv", "touchpoints"},
      {"attribution_sessions/customer_conversions.csv", "orders"},
      {"hr/HRDataset_v14.csv", "headcount"},
      {"olist/olist_customers_dataset.csv", "customers"},
      {"olist/olist_orders_dataset.csv", "orders"},
      {"olist/olist_order_items_dataset.csv", "order_lines"},
      {"olist/olist_order_payments_dataset.csv", "payments"},
      {"olist/olist_order_reviews_dataset.csv", "survey_responses"},
      {"olist/olist_products_dataset.csv", "products"},
      {"olist/olist_marketing_qualified_leads_dataset.csv", "leads"},
      {"olist/olist_closed_deals_dataset.csv", "opportunities"},
      {"deal_change_log/users.csv", "employees"},
      {"deal_change_log/stages.csv", "stages"},
      {"deal_change_log/activity.csv", "activities"},
      {"fx_rates/eurofxref-hist.csv", "fx_rates"},
  };
  for (const auto& [path, table] : expected) EXPECT_EQ(of(path).table, table) << path;
  for (const auto& [path, table] : std::vector<std::pair<std::string, std::string>>{
           {"boutique_fr/erp.csv", "products"}, {"boutique_fr/web.csv", "products"}, {"boutique_fr/liaison.csv", ""}})
    EXPECT_EQ(of(path, ';').table, table) << path;
  EXPECT_EQ(of("fec_fr/000000001FEC20220831_ventes.txt", '\t').table, "orders");
  // Neither of these is a table of the model, and none is guessed.
  for (const std::string path :
       {"olist/product_category_name_translation.csv", "deal_change_log/fields.csv", "zoho_crm/Cases.csv"})
    EXPECT_EQ(of(path).table, "") << path;
}

/// A data base feeds tables too: Chinook, a list for each of its tables.
TEST_F(ProposedDataSets, ATableOfADataBaseIsOneToo) {
  for (const auto& [name, table] : std::vector<std::pair<std::string, std::string>>{{"Customer", "customers"},
                                                                                    {"Invoice", "orders"},
                                                                                    {"InvoiceLine", "order_lines"},
                                                                                    {"Employee", "employees"},
                                                                                    {"Track", "products"},
                                                                                    {"PlaylistTrack", ""}}) {
    const auto read =
        connection_->query(fmt::format("SELECT COLUMNS(*)::VARCHAR FROM (SELECT unnest(rows, recursive := true) FROM "
                                       "(SELECT unnest(\"{}\") AS rows FROM read_json('{}', "
                                       "maximum_object_size = 100000000)))",
                                       name, (data_ / "chinook/ChinookData.json.gz").string()));
    ASSERT_TRUE(read) << read.error().text();
    std::vector<std::string> names;
    for (const auto& column : read->columns()) names.push_back(column.name);
    TableSketch sketch(names, shipped_vocabulary());
    for (std::size_t row = 0; row < read->rows(); ++row) {
      std::vector<std::string> cells;
      for (std::size_t i = 0; i < names.size(); ++i) {
        cells.push_back(shown(read->at(row, i)));
        if (cells.back() == "-") cells.back().clear();
      }
      const std::vector<std::string_view> views(cells.begin(), cells.end());
      sketch.add(views);
    }
    FileFacts facts;
    facts.files = name + ".csv";
    const auto p = propose(sketch, facts, {}, model::shipped_model(), shipped_vocabulary());
    ASSERT_TRUE(p) << p.error().text();
    EXPECT_EQ(p->table, table) << name;
    if (std::getenv("VIGIE_SHOW_PROPOSALS") != nullptr) show(name, *p);
  }
}

/// Files of open data portals, of connectors, broken ones: whatever they are, no map is written that does not load.
TEST_F(ProposedDataSets, NoFileOfTheFolderMakesADefect) {
  int files = 0, tables = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_)) {
    std::string ending = lower_ascii(entry.path().extension().string());
    if (!entry.is_regular_file() || ending != ".csv" || entry.file_size() > 3'000'000) continue;
    std::ifstream in(entry.path());
    std::string header;
    std::getline(in, header);
    if (trim(header).empty() || !is_utf8(header)) continue;
    const char delimiter = std::ranges::count(header, ';') > std::ranges::count(header, ',') ? ';' : ',';
    const Proposal p = of(std::filesystem::relative(entry.path(), data_).string(), delimiter);
    ++files;
    tables += p.table.empty() ? 0 : 1;
    for (const ProposedMap& map : p.maps)
      EXPECT_TRUE(map.loads || std::ranges::any_of(p.questions, &Question::blocks)) << entry.path();
  }
  EXPECT_GT(files, 200);
  EXPECT_GT(tables, 60);
}

/// Every map that is proposed without asking first is taken by the import of its own file, nearly every row of it.
TEST_F(ProposedDataSets, AreImportedByTheirMaps) {
  struct Taken {
    std::string path;
    char delimiter = ',';
    double share = 0.99;   ///< of the rows, of the first map
    std::string key = {};  ///< the name that stands for it, as somebody says
  };
  for (const Taken& one : std::vector<Taken>{{"zoho_crm/Accounts.csv"},
                                             {"zoho_crm/Calls.csv"},
                                             {"zoho_crm/Campaigns.csv"},
                                             {"zoho_crm/Events.csv"},
                                             {"zoho_crm/Invoices.csv", ',', 0.5},  // "Created" is asked for
                                             {"zoho_crm/Leads.csv"},
                                             {"zoho_crm/Potentials.csv"},
                                             {"zoho_crm/Products.csv"},
                                             {"zoho_crm/Quotes.csv"},
                                             {"zoho_crm/Tasks.csv"},
                                             {"zoho_crm/Users.csv"},
                                             {"crm_pipeline/accounts.csv", ',', 0.99, "Account"},
                                             {"crm_pipeline/clicks.csv"},
                                             {"crm_pipeline/products.csv", ',', 0.99, "Product"},
                                             {"crm_pipeline/sales-pipeline.csv"},
                                             {"crm_pipeline/sales-teams.csv", ',', 0.99, "Sales_Agent"},
                                             {"ravenstack/ravenstack_accounts.csv"},
                                             {"ravenstack/ravenstack_subscriptions.csv"},
                                             {"nps_bank/NPStimeseries.csv"},
                                             {"marketing_spend/meridian_national_all_channels.csv"},
                                             {"marketing_spend/robyn_dt_simulated_weekly.csv"},
                                             {"online_retail_daily/2010-12-01.csv"},
                                             {"attribution_sessions/ad_spend.csv"},
                                             {"attribution_sessions/sessions.csv"},
                                             {"attribution_sessions/customer_conversions.csv"},
                                             {"hr/HRDataset_v14.csv"},
                                             {"olist/olist_orders_dataset.csv"},
                                             {"olist/olist_order_reviews_dataset.csv"},
                                             {"olist/olist_marketing_qualified_leads_dataset.csv"},
                                             {"olist/olist_closed_deals_dataset.csv"},
                                             {"fx_rates/eurofxref-hist.csv"},
                                             {"boutique_fr/erp.csv", ';'},
                                             {"boutique_fr/web.csv", ';', 0.95},
                                             {"fec_fr/000000001FEC20220831_ventes.txt", '\t'}}) {
    Wishes wishes;
    if (!one.key.empty()) wishes.key = {one.key};
    const Proposal p = of(one.path, one.delimiter, wishes);
    ASSERT_FALSE(p.maps.empty()) << one.path;
    for (const ProposedMap& map : p.maps) {
      const ingest::Receipt receipt = receipt_of(one.path, map);
      const double taken = static_cast<double>(receipt.loaded + receipt.unchanged + receipt.updated);
      EXPECT_GT(receipt.read, 0) << one.path << " " << map.id;
      EXPECT_GE(taken, one.share * static_cast<double>(receipt.read))
          << one.path << "\n"
          << map.yaml
          << (receipt.refusals.empty() ? "" : place_of(receipt.refusals.front()) + receipt.refusals.front().example);
      EXPECT_EQ(receipt.merged, 0) << one.path << ": rows of one key are one\n" << map.yaml;
    }
  }
}

/// The revenue of the books is what stands on the accounts 70x, credit less debit, to the cent: what the two maps bring
/// in must add up to it.
TEST_F(ProposedDataSets, TheBooksKeepTheirRevenue) {
  const std::string path = "fec_fr/000000001FEC20220831_ventes.txt";
  CsvReader csv(data_ / path, '\t');
  std::vector<std::string> cells;
  csv.next(cells);
  const auto cents = [](std::string text) {
    std::erase(text, ',');
    return std::stoll(text);
  };
  std::int64_t revenue = 0;
  while (csv.next(cells))
    if (cells[4].starts_with("70")) revenue += cents(cells[12]) - cents(cells[11]);
  const Proposal p = of(path, '\t');
  ASSERT_EQ(p.maps.size(), 3U)
      << "sales, credit notes, customers: the file holds neither bank, advertising nor payroll";
  ingest::Request request;
  request.folder = (data_ / path).parent_path();
  for (const ProposedMap& map : p.maps) take(map.yaml, request);
  EXPECT_EQ(rows("SELECT CAST((SELECT sum(amount_net) FROM orders) * 100 - (SELECT sum(amount_net) FROM refunds) * 100 "
                 "AS BIGINT)"),
            std::to_string(revenue));
  EXPECT_EQ(rows("SELECT count(*) FROM orders WHERE customer_key IS NULL"), "0");
}

}  // namespace
}  // namespace vigie::propose
