// Who asks of few rows works alone; an import takes all threads, and so does who reads first what it left.
#include "workspace/engine_threads.h"

#include <gtest/gtest.h>

namespace vigie::workspace {
namespace {

constexpr std::int64_t kThreads = 3, kFew = 500'000, kMany = 500'001;

class ThreadsOfAnEngine : public ::testing::Test {
 protected:
  std::int64_t in_use() const {
    auto connection = database_->connect();
    const auto rows = connection->query("SELECT CAST(current_setting('threads') AS BIGINT)");
    return rows ? rows->int64(0, 0) : -1;
  }

  const std::unique_ptr<store::Database> database_ =
      std::move(store::Database::open({.memory_limit_mb = 256, .threads = kThreads}).value());
  EngineThreads threads_{*database_};
};

TEST_F(ThreadsOfAnEngine, SuitTheRowsThatAreRead) {
  EXPECT_EQ(in_use(), kThreads) << "until it is known how many there are";
  threads_.rows_are(threads_.now(), kFew);
  EXPECT_EQ(in_use(), 1);
  threads_.rows_are(threads_.now(), kMany);
  EXPECT_EQ(in_use(), kThreads);
}

TEST_F(ThreadsOfAnEngine, AreAllOfThemWhileSomethingIsImported) {
  threads_.rows_are(threads_.now(), kFew);
  threads_.import_begins();
  EXPECT_EQ(in_use(), kThreads);
  threads_.rows_are(threads_.now(), kFew);
  EXPECT_EQ(in_use(), kThreads) << "somebody asks meanwhile";
}

TEST_F(ThreadsOfAnEngine, AreAllOfThemUntilItIsKnownWhatAnImportLeft) {
  threads_.rows_are(threads_.now(), kFew);
  threads_.import_begins();
  threads_.import_ends();
  EXPECT_EQ(in_use(), kThreads) << "there may be ten million now";
  threads_.rows_are(threads_.now(), kFew);
  EXPECT_EQ(in_use(), 1);
}

TEST_F(ThreadsOfAnEngine, AreNotThoseOfAStateBegunBeforeAnImportEnded) {
  const auto before = threads_.now();
  threads_.import_begins();
  const auto during = threads_.now();
  threads_.import_ends();
  threads_.rows_are(before, kFew);
  EXPECT_EQ(in_use(), kThreads) << "those few are not what is read from now on";
  threads_.rows_are(during, kFew);
  EXPECT_EQ(in_use(), kThreads) << "it may have been begun before the commit";
  threads_.rows_are(threads_.now(), kFew);
  EXPECT_EQ(in_use(), 1);
  threads_.rows_are(before, kMany);
  EXPECT_EQ(in_use(), 1);
}

}  // namespace
}  // namespace vigie::workspace
