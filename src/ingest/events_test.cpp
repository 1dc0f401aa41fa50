// Rows that come out of a journal.
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kEventOrders =
    "map: shop_orders\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
    "filter: \"kind != 'test'\"\ncolumns: {key: id, ordered_at: {from: [at, _received_at]}, amount_net: amount, "
    "channel: "
    "channel, "
    "status: {value: confirmed}}\n";

class Events : public ImportTest {
 protected:
  Request events(const std::string& lines, std::int64_t sequence) {
    Request out;
    out.files = {file(fmt::format("events-{}.jsonl", sequence), lines)};
    out.applied = {{"events/shop_orders", sequence}, {"events", sequence}};
    return out;
  }
  std::string applied_so_far() {
    std::string out;
    for (const auto& [journal, sequence] : applied(*database_).value())
      out += fmt::format("{}{}={}", out.empty() ? "" : " ", journal, sequence);
    return out;
  }
};

TEST_F(Events, SayInTheirOwnTransactionHowFarTheyAreApplied) {
  EXPECT_EQ(applied_so_far(), "");
  take(kEventOrders, events(R"({"_sequence":7,"id":1,"at":"2025-06-01","amount":10,"kind":"sale"})", 7));
  EXPECT_EQ(applied_so_far(), "events=7 events/shop_orders=7");
  take(kEventOrders, events(R"({"_sequence":8,"id":2,"at":"2025-06-02","amount":20,"kind":"sale"})", 8));
  EXPECT_EQ(applied_so_far(), "events=8 events/shop_orders=8");
  EXPECT_EQ(rows("SELECT source_key, amount_net FROM orders ORDER BY 1"), "1|10\n2|20");
}

TEST_F(Events, AreNotAppliedWhereNothingIsCommitted) {
  Request bad = events(R"({"id":1,"at":"2025-06-01","amount":10})", 7);
  EXPECT_FALSE(
      import("map: m\nsource: s\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
             "columns: {key: id, ordered_at: at, status: {value: paid}}\n",
             bad));
  bad.preview = true;
  take(kEventOrders, bad);
  EXPECT_EQ(applied_so_far(), "");
}

TEST_F(Events, ThatCannotBeTakenAreAppliedToo) {
  const Receipt receipt = take(kEventOrders, events(R"({"_sequence":7,"id":1,"at":"yesterday","amount":10})", 7));
  EXPECT_EQ(receipt.quarantined, 1);
  EXPECT_EQ(applied_so_far(), "events=7 events/shop_orders=7") << "they wait in the quarantine, and are not read again";
  take(kEventOrders, events(R"({"_sequence":8,"id":2,"at":"tomorrow","amount":10})", 8));
  EXPECT_EQ(quarantine(), "cast.date|at|1\ncast.date|at|1") << "one does not take the other's place";
}

TEST_F(Events, AreNoFileThatWasImportedBefore) {
  Request again = events(R"({"id":1,"at":"2025-06-01","amount":10})", 7);
  take(kEventOrders, again);
  again.applied = {{"events", 9}};
  const Receipt receipt = take(kEventOrders, again);
  EXPECT_FALSE(receipt.already_imported) << "how far a journal is applied says what came before";
  EXPECT_EQ(receipt.unchanged, 1);
  EXPECT_EQ(applied_so_far(), "events=9 events/shop_orders=7");
}

TEST_F(Events, MayLeaveOutWhatTheyHaveNothingToSayOf) {
  // No event of this batch has kind, channel or at: in an export each would be a slip.
  const std::string line = R"({"_received_at":"2025-06-03T10:00:00Z","id":1,"amount":10})";
  take(kEventOrders, events(line, 1));
  EXPECT_EQ(rows("SELECT source_key, ordered_at_day, coalesce(channel, 'none') FROM orders"), "1|20242|none");
  Request as_file;
  as_file.files = {file("export.jsonl", line + "\n" + line)};
  const auto refused = import(kEventOrders, as_file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "map.input_column");
}

TEST_F(Events, OfAQueryDeclareWhatTheyMayHold) {
  constexpr std::string_view kQuery =
      "map: shop_orders\nsource: shop\ntable: orders\n"
      "inputs: {e: {files: none.jsonl, format: jsonl, header: [id, day, amount, channel]}}\n"
      "query: SELECT id, day, amount, lower(channel) AS channel FROM e\n"
      "columns: {key: id, ordered_at: day, amount_net: amount, channel: channel, status: {value: confirmed}}\n";
  take(kQuery, events(R"({"id":1,"day":"2025-06-01","amount":10})", 1));
  take(kQuery, events(R"({"id":2,"day":"2025-06-01","amount":10,"channel":"WEB"})", 2));
  EXPECT_EQ(rows("SELECT source_key, coalesce(channel, 'none') FROM orders ORDER BY 1"), "1|none\n2|web");
}

}  // namespace
}  // namespace vigie::ingest
