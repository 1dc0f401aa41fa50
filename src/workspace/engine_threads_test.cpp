// Who asks of few rows works alone; an import takes all cores, whoever asks meanwhile.
#include "workspace/engine_threads.h"

#include <gtest/gtest.h>

#include <thread>

namespace vigie::workspace {
namespace {

using Rows = EngineThreads::Rows;

std::int64_t threads_of(store::Database& database) {
  auto connection = database.connect();
  const auto rows = connection->query("SELECT CAST(current_setting('threads') AS BIGINT)");
  return rows ? rows->int64(0, 0) : -1;
}

class ThreadsOfAnEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::Database::open({});
    ASSERT_TRUE(opened) << opened.error().text();
    database_ = std::move(*opened);
  }
  const std::int64_t all_ = std::max(1U, std::thread::hardware_concurrency());
  std::unique_ptr<store::Database> database_;
};

TEST_F(ThreadsOfAnEngine, SuitTheRowsThatAreRead) {
  EngineThreads threads(*database_);
  EXPECT_EQ(threads_of(*database_), all_);
  ASSERT_TRUE(threads.suit(Rows::few));
  EXPECT_EQ(threads_of(*database_), 1);
  ASSERT_TRUE(threads.suit(Rows::many));
  EXPECT_EQ(threads_of(*database_), all_);
}

TEST_F(ThreadsOfAnEngine, AreAllOfThemWhileSomethingIsImported) {
  EngineThreads threads(*database_);
  ASSERT_TRUE(threads.suit(Rows::few));
  {
    const auto import = threads.import();
    ASSERT_TRUE(import);
    EXPECT_EQ(threads_of(*database_), all_);
    ASSERT_TRUE(threads.suit(Rows::few));
    EXPECT_EQ(threads_of(*database_), all_) << "somebody asks meanwhile";
  }
  EXPECT_EQ(threads_of(*database_), all_) << "until somebody asks";
  ASSERT_TRUE(threads.suit(Rows::few));
  EXPECT_EQ(threads_of(*database_), 1);
}

}  // namespace
}  // namespace vigie::workspace
