// `vigie serve` is killed with SIGKILL at random moments while events are pushed at it. Afterwards every event that was
// acknowledged is in the warehouse once, none is there twice, and none by half.
#include <gtest/gtest.h>

#include <mutex>
#include <random>
#include <thread>

#include "crash/rounds.h"
#include "doors/program.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

constexpr int kSenders = 3, kEventRounds = 10;

/// Without a key of its own each event becomes a row: one that is applied twice is seen.
constexpr const char* kKeyless =
    "map: pushed\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
    "columns: {ordered_at: at, amount_net: amount, channel: twin, status: {value: confirmed}, x_ref: ref}\n";

/// What was sent, and what of it the server said that it keeps.
class Ledger {
 public:
  /// Events of the next request of a sender: "s3-17-0" and so on; some of a request, some alone.
  static std::vector<std::string> refs(int sender, int request) {
    std::vector<std::string> out;
    for (int i = 0; i < 1 + request % 7; ++i) out.push_back(fmt::format("s{}-{}-{}", sender, request, i));
    return out;
  }
  static std::string body(const std::vector<std::string>& refs) {
    std::string out;
    for (const std::string& ref : refs)
      out += fmt::format("{}{{\"ref\":\"{}\",\"at\":\"2025-06-01T10:00:00Z\",\"amount\":{},\"twin\":\"{}\"}}",
                         out.empty() ? "[" : ",", ref, amount(ref), ref);
    return out + "]";
  }
  static std::size_t amount(const std::string& ref) { return 1 + std::hash<std::string>()(ref) % 1000; }

  void acknowledge(const std::vector<std::string>& refs) {
    const std::lock_guard guard(mutex_);
    acknowledged_.insert(refs.begin(), refs.end());
  }
  const std::set<std::string>& acknowledged() const { return acknowledged_; }

 private:
  std::mutex mutex_;
  std::set<std::string> acknowledged_;
};

/// Pushes until nobody answers. A request without an answer is sent again, with the same key, when there is a server.
class Sender {
 public:
  Sender(int number, Ledger& ledger) : number_(number), ledger_(ledger) {}

  void push(const Serving& server) {
    while (true) {
      const std::vector<std::string> refs = Ledger::refs(number_, request_);
      const Reply reply = server.post("/api/v1/events?map=pushed", Ledger::body(refs),
                                      {fmt::format("Idempotency-Key: s{}-{}", number_, request_)});
      if (reply.status == 0) return;
      ASSERT_EQ(reply.status, 202) << reply.body;
      ledger_.acknowledge(refs);
      ++request_;
    }
  }

 private:
  int number_, request_ = 0;
  Ledger& ledger_;
};

TEST(EventsCrash, WhatWasAcknowledgedIsThereOnce) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "w"}, folder.path()).code, 0);
  folder.write("w/maps/events/pushed.yaml", kKeyless);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> moment(30, 900);
  Ledger ledger;
  std::vector<Sender> senders;
  for (int i = 0; i < kSenders; ++i) senders.emplace_back(i, ledger);
  for (int round = crash_rounds(kEventRounds); round > 0; --round) {
    Serving server(folder / "w");
    ASSERT_TRUE(server.answers());
    std::vector<std::jthread> pushing;
    for (Sender& sender : senders) pushing.emplace_back([&] { sender.push(server); });
    std::this_thread::sleep_for(std::chrono::milliseconds(moment(random)));
    server.kill();
  }
  {
    const Serving server(folder / "w");
    std::string status;
    for (int i = 0; i < 1'200 && status.find(R"("lag":{"events":0)") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      status = server.get("/api/v1/events").body;
    }
    EXPECT_NE(status.find(R"("lag":{"events":0)"), std::string::npos) << status;
    EXPECT_NE(status.find(R"("error":null})"), std::string::npos) << status;
  }
  auto database = store::Database::open({.file = folder / "w/data/warehouse.duckdb", .read_only = true});
  ASSERT_TRUE(database) << database.error().text();
  const auto rows = (*database)->connect()->query(
      "SELECT x_ref, count(*), min(amount_net)::BIGINT, min(channel) FROM orders GROUP BY x_ref ORDER BY x_ref");
  ASSERT_TRUE(rows) << rows.error().text();
  std::set<std::string> found;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const std::string ref = rows->text(row, 0);
    found.insert(ref);
    EXPECT_EQ(rows->int64(row, 1), 1) << ref << " is there " << rows->int64(row, 1) << " times";
    EXPECT_EQ(rows->int64(row, 2), static_cast<std::int64_t>(Ledger::amount(ref))) << ref;
    EXPECT_EQ(rows->text(row, 3), ref) << "by half";
  }
  for (const std::string& ref : ledger.acknowledged()) EXPECT_TRUE(found.contains(ref)) << ref << " is lost";
  // Beside those there may be what each sender had under way at the end, and nothing else.
  EXPECT_LE(found.size(), ledger.acknowledged().size() + kSenders * 7);
  EXPECT_GT(ledger.acknowledged().size(), 100U) << "nothing was tried";
  std::printf("%zu acknowledged, %zu found\n", ledger.acknowledged().size(), found.size());
}

}  // namespace
}  // namespace vigie::doors
