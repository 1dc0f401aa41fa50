#include "journal/frame.h"

#include <gtest/gtest.h>

#include "journal/crc32c.h"
#include "journal/segment.h"

namespace vigie::journal {
namespace {

constexpr std::uint64_t kSalt = 0x1122334455667788;

std::string bytes_of_frame(const Record& record) {
  std::string out;
  append_frame(out, kSalt, record);
  return out;
}

TEST(Crc32c, IsThatOfTheStandard) {
  // RFC 3720, B.4, and the check value of the catalogues.
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, OfPiecesIsThatOfTheWhole) {
  const std::string text = "every event is there once, and none is there by half";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(text.substr(cut), crc32c(text.substr(0, cut))), crc32c(text)) << cut;
}

TEST(Frame, ComesBackAsItWent) {
  const Record record{7, 5, Instant{1'764'500'000'000'000}, "shop_orders", "evt_1", R"({"id":1})"};
  const std::string bytes = bytes_of_frame(record);
  EXPECT_EQ(bytes.size(), frame_size("shop_orders", "evt_1", R"({"id":1})"));
  const auto back = frame_at(bytes + "what follows", kSalt);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->size, bytes.size());
  EXPECT_EQ(back->record.sequence, 7U);
  EXPECT_EQ(back->record.durable, 5U);
  EXPECT_EQ(back->record.received, record.received);
  EXPECT_EQ(back->record.source + "|" + back->record.key + "|" + back->record.payload, "shop_orders|evt_1|{\"id\":1}");
}

TEST(Frame, NoBitOfItCanTurn) {
  const std::string good = bytes_of_frame({7, 5, Instant{1}, "s", "k", "payload"});
  for (std::size_t at = 0; at < good.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      EXPECT_FALSE(frame_at(bad, kSalt)) << "byte " << at << ", bit " << bit;
    }
}

TEST(Frame, OfAnotherSegmentIsNone) {
  // A payload may hold a whole frame; under the salt of its own segment it does not check.
  const std::string inner = bytes_of_frame({8, 7, Instant{1}, "s", "", "forged"});
  EXPECT_FALSE(frame_at(inner, kSalt + 1));
}

TEST(Segment, ItsNameIsItsFirstSequence) {
  EXPECT_EQ(segment_file("j", 42).string(), "j/00000000000000000042.log");
  EXPECT_EQ(sequence_of("j/00000000000000000042.log"), Sequence{42});
  for (const char* other : {"keys", "keys.new", "42.log", "0000000000000000004x.log", "00000000000000000042.log.old"})
    EXPECT_FALSE(sequence_of(other)) << other;
}

TEST(Segment, ItsHeadComesBackAndNoBitOfItCanTurn) {
  const std::string good = bytes_of(SegmentHead{42, kSalt});
  ASSERT_EQ(good.size(), kSegmentHead);
  ASSERT_TRUE(segment_head(good));
  EXPECT_EQ(segment_head(good)->first, 42U);
  EXPECT_EQ(segment_head(good)->salt, kSalt);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(segment_head(bad)) << at;
  }
}

}  // namespace
}  // namespace vigie::journal
