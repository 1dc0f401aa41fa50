#pragma once
// What the tests of this room share: a workspace on disk, its warehouse in memory, and a clock that stands still.
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "sources/sources.h"
#include "store/warehouse.h"

namespace vigie::sources {

class SyncTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = std::make_unique<model::Model>(*model::Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model"));
    database_ = *store::Database::open({});
    calendar_ = std::make_unique<calendar::Calendar>(*calendar::Calendar::make({.time_zone = "Europe/Paris"}));
    ASSERT_TRUE(store::prepare_warehouse(*database_, *model_, {.time_zone = "Europe/Paris", .base_currency = "EUR"}));
    ASSERT_TRUE(ingest::prepare(*database_));
    connection_ = std::make_unique<store::Connection>(*database_->connect());
    std::filesystem::create_directories(folder_ / "data");
  }

  Context context_of(const ingest::Context& context) {
    return {context, folder_.path(), std::filesystem::path(VIGIE_SOURCE_DIR) / "presets", under_way_};
  }
  Result<Report> sync(const std::string& source = "") {
    const FixedClock clock(now_);
    const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock};
    return sources::sync(context_of(context), {.source = source, .cancelled = cancelled_, .whole = whole_});
  }
  Status status(const std::string& source = "") {
    const FixedClock clock(now_);
    const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock};
    const auto all = *sources::status(context_of(context));
    for (const Status& one : all)
      if (source.empty() || one.id == source) return one;
    return {};
  }
  std::vector<Behind> behind() {
    const FixedClock clock(now_);
    const ingest::Context context{*database_, *model_, *calendar_, "EUR", clock};
    return sources::behind(context_of(context));
  }
  void at(std::string_view time) { now_ = *parse_instant(time); }

  /// "orders brought 3+0=0-0!0 (2025-…)": loaded + updated = unchanged - deleted ! quarantined (reached), a line a map;
  /// or its error.
  std::string told(const std::string& source = "") {
    const auto report = sync(source);
    if (!report) return report.error().text();
    std::string out;
    for (const FeedReport& feed : report->feeds) {
      ingest::Receipt sum;
      for (const ingest::Receipt& one : feed.receipts) {
        sum.loaded += one.loaded, sum.updated += one.updated, sum.unchanged += one.unchanged;
        sum.deleted += one.deleted, sum.quarantined += one.quarantined;
      }
      out += fmt::format("{}{} {} {}+{}={}-{}!{}{}", out.empty() ? "" : "\n", feed.map, name_of(feed.outcome),
                         sum.loaded, sum.updated, sum.unchanged, sum.deleted, sum.quarantined,
                         feed.reached.empty() ? "" : " (" + feed.reached + ")");
      if (feed.error) out += " " + feed.error->code + ": " + feed.error->message;
    }
    return out;
  }

  std::string rows(const std::string& sql) {
    const auto result = connection_->query(sql);
    if (!result) return result.error().text();
    std::string out;
    for (std::size_t row = 0; row < result->rows(); ++row) {
      if (row > 0) out += '\n';
      for (std::size_t column = 0; column < result->columns().size(); ++column) {
        if (column > 0) out += '|';
        out += result->is_null(row, column) ? "-" : result->text(row, column);
      }
    }
    return out;
  }
  std::string batches() { return rows("SELECT count(*)::VARCHAR FROM _batches"); }

  TestFolder folder_;
  std::unique_ptr<model::Model> model_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<calendar::Calendar> calendar_;
  std::unique_ptr<store::Connection> connection_;
  UnderWay under_way_;
  const std::atomic<bool>* cancelled_ = nullptr;
  std::set<std::string> whole_;
  Instant now_ = *parse_instant("2025-07-01T09:00:00Z");
};

inline constexpr const char* kOrdersMap =
    "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns:\n  key: id\n  ordered_at: placed\n"
    "  customer_key: customer\n  amount_net: amount\n  updated_at: updated\n  deleted_at: gone\n  x_note: note\n";

}  // namespace vigie::sources
