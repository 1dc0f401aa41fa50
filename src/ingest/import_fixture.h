#pragma once
// What the tests of this room share: a workspace in memory, files written by the test, and its story told in rows.
#include <gtest/gtest.h>

#include <fstream>

#include "ingest/ingest.h"
#include "store/warehouse.h"

namespace vigie::ingest {

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() /
        fmt::format("vigie-ingest-{}-{}", ::getpid(), ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    model_ = std::make_unique<model::Model>(*model::Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model"));
    privacy_ = std::make_shared<Privacy>(folder_, std::nullopt);
    open("Europe/Paris", "EUR");
  }
  void TearDown() override {
    connection_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open(const std::string& zone, const std::string& currency) {
    connection_.reset();
    currency_ = currency;
    database_ = *store::Database::open({});
    calendar_ = std::make_unique<calendar::Calendar>(*calendar::Calendar::make({.time_zone = zone}));
    const auto laid = store::prepare_warehouse(*database_, *model_, {.time_zone = zone, .base_currency = currency});
    ASSERT_TRUE(laid) << laid.error().text();
    const auto prepared = prepare(*database_);
    ASSERT_TRUE(prepared) << prepared.error().text();
    connection_ = std::make_unique<store::Connection>(*database_->connect());
  }

  std::filesystem::path file(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  Result<Receipt> import(std::string_view map, Request request = {}) {
    request.map_file = file("map.yaml", map);
    const FixedClock clock(now_);
    return run({*database_, *model_, *calendar_, currency_, clock, false, privacy_}, request);
  }

  /// The receipt of an import that must succeed and account for every row.
  Receipt take(std::string_view map, const Request& request = {}) {
    const Result<Receipt> receipt = import(map, request);
    EXPECT_TRUE(receipt) << receipt.error().text();
    if (!receipt) return {};
    EXPECT_EQ(receipt->read, receipt->loaded + receipt->updated + receipt->unchanged + receipt->quarantined);
    return *receipt;
  }

  /// The result of a SELECT, "a|b" a row, rows after line breaks.
  std::string rows(const std::string& sql) {
    const auto result = connection_->query(sql);
    if (!result) return result.error().text();
    std::string out;
    for (std::size_t row = 0; row < result->rows(); ++row) {
      if (row > 0) out += '\n';
      for (std::size_t column = 0; column < result->columns().size(); ++column) {
        if (column > 0) out += '|';
        out += shown(result->at(row, column));
      }
    }
    return out;
  }

  static std::string shown(const store::Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
    if (const auto* decimal = std::get_if<Decimal>(&cell)) return decimal->to_plain();
    if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "true" : "false";
    if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
    return "-";
  }

  /// "cast.date|date|3" for each line of the quarantine.
  std::string quarantine() {
    return rows("SELECT code, column_name, row FROM _quarantine ORDER BY batch, file, row, column_name, code");
  }

  std::filesystem::path folder_;
  std::unique_ptr<model::Model> model_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<calendar::Calendar> calendar_;
  std::unique_ptr<store::Connection> connection_;
  std::string currency_;
  std::shared_ptr<Privacy> privacy_;  ///< with a secret of its own
  Instant now_ = *parse_instant("2025-07-01T09:00:00Z");
};

}  // namespace vigie::ingest
