// Real files, read right: where the folder of data sets is not there, these tests say so and are skipped.
#include <cstdlib>

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class DataSetsTest : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    const char* given = std::getenv("VIGIE_SHARED_DATA");
    data_ =
        given != nullptr ? std::filesystem::path(given) : std::filesystem::path(VIGIE_SOURCE_DIR) / "../shared/data";
    if (!std::filesystem::exists(data_))
      GTEST_SKIP() << "no data sets at " << data_.string() << " (VIGIE_SHARED_DATA says where)";
  }
  Receipt take_from(const char* set, std::string_view map) {
    Request request;
    request.folder = data_ / set;
    return take(map, request);
  }
  std::filesystem::path data_;
};

TEST_F(DataSetsTest, AnswersOfABankAreDatedDayFirst) {
  const Receipt receipt = take_from("nps_bank", R"(
map: nps
source: bank
table: survey_responses
input: NPStimeseries.csv
columns:
  key: ID
  respondent_key: ID
  answered_at: {from: Survey date, date_format: "%d/%m/%y"}
  kind: {value: nps}
  score: NPS
  x_month: {from: Month, as: number}
)");
  EXPECT_EQ(receipt.loaded, 5000);
  EXPECT_EQ(receipt.quarantined, 0);
  EXPECT_EQ(rows("SELECT count(*) FROM survey_responses WHERE month(DATE '1970-01-01' + answered_at_day) <> x_month"),
            "0")
      << "the file's own Month column proves the order";
}

TEST_F(DataSetsTest, EmployeesAreDatedMonthFirstWithTwoDigitYears) {
  const Receipt receipt = take_from("hr", R"(
map: staff
source: hr
table: headcount
input: HRDataset_v14.csv
date_format: "%m/%d/%y"
year_pivot: 20
columns:
  employee_key: EmpID
  from_date: DateofHire
  to_date: {from: DateofTermination, plus_days: 1}
)");
  EXPECT_EQ(receipt.loaded, 311);
  EXPECT_EQ(
      rows("SELECT DATE '1970-01-01' + min(from_date) || '', DATE '1970-01-01' + max(from_date) || '' FROM headcount")
          .substr(0, 7),
      "2006-01");
  EXPECT_EQ(rows("SELECT count(*) FROM headcount WHERE to_date IS NOT NULL"), "104");
}

TEST_F(DataSetsTest, EmployeesNamesAreTrimmedBehindAByteOrderMark) {
  const Receipt receipt = take_from("hr", R"(
map: people
source: hr
table: employees
input: HRDataset_v14.csv
columns: {key: EmpID, name: Employee_Name}
)");
  EXPECT_EQ(receipt.loaded, 311);
  EXPECT_EQ(rows("SELECT count(*) FROM employees WHERE name <> trim(name)"), "0");
  EXPECT_EQ(rows("SELECT name FROM employees WHERE source_key = '10026'"), "Adinolfi, Wilson  K");
}

TEST_F(DataSetsTest, RatesInColumnsBecomeRows) {
  const Receipt receipt = take_from("fx_rates", R"yaml(
map: ecb
source: ecb
table: fx_rates
inputs: {hist: {files: eurofxref-hist.csv, null_values: [N/A]}}
query: |
  SELECT "Date" AS day, currency, rate FROM
    (UNPIVOT hist ON COLUMNS(* EXCLUDE ("Date")) INTO NAME currency VALUE rate)
  WHERE rate IS NOT NULL AND length(currency) = 3
columns: {date: day, currency: currency, per_euro: rate}
)yaml");
  EXPECT_EQ(receipt.quarantined, 0);
  EXPECT_EQ(receipt.read, receipt.loaded);
  EXPECT_EQ(
      rows("SELECT per_euro FROM fx_rates WHERE currency = 'USD' AND date = DATE '2026-04-13' - DATE '1970-01-01'"),
      "1.1684");
  EXPECT_EQ(rows("SELECT count(DISTINCT date) FROM fx_rates"), "6983");
}

TEST_F(DataSetsTest, OrdersOfAShopAreJoinedWithTheirLinesBeforeTheyAreAdded) {
  const Receipt receipt = take_from("olist", R"yaml(
map: orders
source: olist
table: orders
time_zone: America/Sao_Paulo
currency: BRL
inputs:
  orders: olist_orders_dataset.csv
  items: olist_order_items_dataset.csv
query: |
  SELECT o.order_id, o.customer_id, o.order_purchase_timestamp, o.order_status, i.price FROM orders o LEFT JOIN
    (SELECT order_id, sum(price::DECIMAL(18,2)) AS price FROM items GROUP BY order_id) i USING (order_id)
columns:
  key: order_id
  customer_key: customer_id
  ordered_at: order_purchase_timestamp
  status: {from: order_status, values: {canceled: cancelled, unavailable: cancelled}, else: confirmed}
  amount_net: price
)yaml");
  EXPECT_EQ(receipt.read, 8135);
  EXPECT_EQ(receipt.loaded, 8135);
  EXPECT_EQ(receipt.unpriced, 8135 - 775) << "775 orders have no line, and so no amount to price";
  EXPECT_EQ(rows("SELECT count(*) FROM orders WHERE amount_net IS NULL"), "775");
}

TEST_F(DataSetsTest, PurchasesWithoutAKeyStayApart) {
  const Receipt receipt = take_from("cdnow", R"yaml(
map: cdnow
source: cdnow
table: orders
currency: USD
inputs: {master: {files: CDNOW_master.txt, format: lines, skip: 1}}
query: |
  SELECT p[1] AS customer, p[2] AS day, p[3] AS cds, p[4] AS amount
  FROM (SELECT string_split_regex(trim(line), ' +') AS p FROM master)
columns:
  customer_key: customer
  ordered_at: {from: day, date_format: "%Y%m%d"}
  amount_net: amount
  x_cds: {from: cds, as: number}
)yaml");
  EXPECT_EQ(receipt.loaded, 69'659);
  EXPECT_EQ(receipt.exact_duplicates, 255);
  EXPECT_EQ(rows("SELECT count(*), count(DISTINCT customer_key) FROM orders"), "69659|23570");
  EXPECT_EQ(rows("SELECT count(*) FROM orders WHERE amount_net = 0"), "80");
}

TEST_F(DataSetsTest, TornRowsOfASpreadsheetAreToldNotLoaded) {
  const Receipt receipt = take_from("leads", R"(
map: leads
source: x
table: leads
input: {files: Leads_collapsed_rows.csv, null_values: [Select]}
columns: {key: Prospect ID, created_at: {value: 2020-01-01}, source_channel: Lead Source}
)");
  EXPECT_EQ(receipt.read, 9240);
  EXPECT_EQ(receipt.quarantined, 338);
  EXPECT_EQ(rows("SELECT code, count(*) FROM _quarantine GROUP BY ALL"), "csv.collapsed|338");
}

// Added up apart: 825 prices make 26742.90; 187 products are out of stock.
TEST_F(DataSetsTest, AWineShopIsHeldAgainstItsOwnTotals) {
  const Receipt receipt = take_from("boutique_fr", R"(
map: erp
source: erp
table: products
input: {files: erp.csv, delimiter: ";"}
decimal: ","
columns:
  key: product_id
  list_price: price
  category: stock_status
checks:
  - {sum: list_price, equals: 26742.90, severity: error}
  - {name: rounded, sum: list_price, equals: 26743, tolerance: 0.05}
  - {in_set: category, values: [instock]}
)");
  EXPECT_EQ(receipt.loaded, 825);
  EXPECT_EQ(
      receipt.warnings,
      (std::vector<std::string>{
          "the sum of list_price of products is 26742.9, and its control total 26743: -0.1 apart, says a check of "
          "the map erp",
          "rows of products whose category is none of instock: 187 (such as " +
              rows("SELECT min(source_key) FROM products WHERE category = 'outofstock'") +
              "), says a check of the map erp"}));
}

}  // namespace
}  // namespace vigie::ingest
