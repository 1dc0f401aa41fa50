// The rows that imports could not take, as they are listed: in their order, within limits, from one state.
#include <thread>

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kSpoiledOrders = R"(
map: shop_orders
source: shop
table: orders
input: orders.csv
columns:
  key: number
  customer_key: customer
  ordered_at: {from: date, as: date}
  amount_net: total
)";
constexpr std::size_t kRoom = 1'000'000;

class ListOfTheRefused : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    file("orders.csv",
         "number,customer,date,total\n"
         "1,a,2025-01-31,10\n"
         "2,a,2025-02-31,10\n"
         "3,a,2025-01-31,free\n"
         ",a,2025-01-31,10\n"
         "5,a,,10\n");
    EXPECT_EQ(take(kSpoiledOrders).quarantined, 4);
  }
  Result<Quarantine> listed(const QuarantineFilter& filter, const store::QueryLimits& limits = {}) const {
    return quarantined(*database_, filter, limits);
  }
};

TEST_F(ListOfTheRefused, IsNarrowedToABatchAndAMap) {
  const auto found = listed({.batch = 1, .map = "shop_orders", .limit = 2, .bytes = kRoom});
  ASSERT_TRUE(found) << found.error().text();
  ASSERT_EQ(found->rows.size(), 2U);
  EXPECT_EQ(found->rows[0].row, 3);
  EXPECT_EQ(found->rows[0].value, "2025-02-31");
  EXPECT_EQ(found->rows[1].row, 4);
  EXPECT_EQ(found->left_out, 2);
  EXPECT_EQ(listed({.batch = 0, .map = "shop_ordres", .limit = 3, .bytes = kRoom}).error().text(),
            "nothing was imported with a map \"shop_ordres\"; did you mean \"shop_orders\"?");
  EXPECT_EQ(listed({.batch = 99, .map = "", .limit = 3, .bytes = kRoom}).error().text(),
            "there is no batch 99; the last one is 1");
}

TEST_F(ListOfTheRefused, HoldsAsManyAsThereIsRoomForAndOneAtLeast) {
  const auto lengths_of = [&](std::size_t limit, std::size_t bytes) {
    const auto found = listed({.batch = 0, .map = "", .limit = limit, .bytes = bytes});
    return found ? std::pair(found->rows.size(), found->left_out) : std::pair(std::size_t{99}, std::int64_t{99});
  };
  const std::string first =
                        "2025-02-31"
                        R"({"number":"2","customer":"a","date":"2025-02-31","total":"10"})",
                    second =
                        "free"
                        R"({"number":"3","customer":"a","date":"2025-01-31","total":"free"})";
  const std::size_t both = first.size() + second.size();
  EXPECT_EQ(lengths_of(4, kRoom), std::pair(std::size_t{4}, std::int64_t{0}));
  EXPECT_EQ(lengths_of(4, both), std::pair(std::size_t{2}, std::int64_t{2}));
  EXPECT_EQ(lengths_of(4, both - 1), std::pair(std::size_t{1}, std::int64_t{3}));
  EXPECT_EQ(lengths_of(4, 1), std::pair(std::size_t{1}, std::int64_t{3})) << "one that is too long by itself is listed";
  EXPECT_EQ(lengths_of(0, kRoom), std::pair(std::size_t{0}, std::int64_t{4})) << "who asks for none is told how many";
}

TEST_F(ListOfTheRefused, EndsForWhoHasLeftAndInItsTime) {
  const std::atomic<bool> left = true;
  const QuarantineFilter all{.batch = 0, .map = "", .limit = 3, .bytes = kRoom};
  EXPECT_EQ(listed(all, {.cancelled = &left}).error().code, "engine.cancelled");
  EXPECT_EQ(listed(all, {.deadline = std::chrono::milliseconds(0)}).error().code, "engine.deadline");
}

// Somebody imports what mends all four, and what breaks them again, all the while.
TEST_F(ListOfTheRefused, IsOfOneState) {
  const QuarantineFilter all{.batch = 0, .map = "", .limit = 4, .bytes = kRoom};
  ASSERT_TRUE(connection_->execute("CREATE TABLE broken AS FROM _quarantine; DELETE FROM _quarantine"));
  EXPECT_EQ(listed(all)->rows.size(), 0U);
  ASSERT_TRUE(connection_->execute("INSERT INTO _quarantine FROM broken"));
  EXPECT_EQ(listed(all)->rows.size(), 4U);
  std::atomic<bool> done = false;
  std::thread other([&] {
    store::Connection connection = *database_->connect();
    while (!done)
      for (const char* change : {"DELETE FROM _quarantine", "INSERT INTO _quarantine FROM broken"})
        EXPECT_TRUE(connection.execute(change));
  });
  // A machine with much else to do may let the other wait long: until both states were met, however many readings.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  bool mended = false, broken = false;
  for (int i = 0; i < 500 || !mended || !broken; ++i) {
    const auto found = listed(all);
    EXPECT_TRUE(found);
    if (!found || std::chrono::steady_clock::now() > deadline) break;
    (found->rows.empty() ? mended : broken) = true;
    EXPECT_EQ(found->left_out, 0) << "counted otherwise than it is listed: " << found->rows.size();
    EXPECT_TRUE(found->rows.empty() || found->rows.size() == 4) << found->rows.size();
  }
  done = true;
  other.join();
  EXPECT_TRUE(mended && broken) << "both states are there to be met";
}

}  // namespace
}  // namespace vigie::ingest
