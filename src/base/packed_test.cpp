#include "base/packed.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace vigie {
namespace {

/// As gzip writes it: header, deflated, checksum and length.
std::string packed(std::string_view text) {
  z_stream z{};
  constexpr int kGzipOnly = 16;
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + kGzipOnly, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(text.data()));
  z.avail_in = static_cast<unsigned>(text.size());
  z.next_out = reinterpret_cast<unsigned char*>(out.data());
  z.avail_out = static_cast<unsigned>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string many_lines() {
  std::string out;
  for (int i = 0; i < 20'000; ++i) out += std::to_string(i * 7919 % 10007) + ",line\n";
  return out;
}

template <class Watch>
Packed state_of(std::string_view bytes, std::size_t at_once) {
  Watch watch;
  for (std::size_t at = 0; at < bytes.size(); at += at_once) watch.read(bytes.substr(at, at_once));
  return watch.state();
}

template <class Watch = GzipWatch>
Packed state_of(std::string_view bytes) {
  const Packed whole = state_of<Watch>(bytes, bytes.size() + 1);
  for (const std::size_t at_once : {1UL, 7UL, 4096UL})
    EXPECT_EQ(state_of<Watch>(bytes, at_once), whole) << "however it comes, " << at_once;
  return whole;
}

using enum Packed;

TEST(GzipWatch, AWholeFileIsOneMemberOrSeveral) {
  const std::string one = packed(many_lines()), other = packed("b\n"), none = packed("");
  EXPECT_EQ(state_of(one), whole);
  EXPECT_EQ(state_of(one + other + none + one), whole);
  EXPECT_EQ(state_of(other + std::string(512, '\0')), whole) << "filled up with zeros";
}

TEST(GzipWatch, WhatEndsBeforeItsEndIsCut) {
  const std::string one = packed(many_lines());
  for (const std::size_t kept : {std::size_t{0}, std::size_t{3}, std::size_t{10}, one.size() / 2, one.size() - 8,
                                 one.size() - 4, one.size() - 1})
    EXPECT_EQ(state_of(one.substr(0, kept)), cut) << kept;
  EXPECT_EQ(state_of(one + one.substr(0, one.size() / 2)), cut) << "within its second member";
}

TEST(GzipWatch, WhatIsNotWhatWasPackedIsDamaged) {
  const std::string one = packed(many_lines());
  for (const std::size_t from_end : {std::size_t{1}, std::size_t{5}}) {  // its length; its checksum
    std::string wrong = one;
    wrong[wrong.size() - from_end] = static_cast<char>(wrong[wrong.size() - from_end] ^ 1);
    EXPECT_EQ(state_of(wrong), damaged) << from_end;
  }
  for (std::size_t at = one.size() / 4; at < one.size() - 8; at += one.size() / 5) {
    std::string flipped = one;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    EXPECT_NE(state_of(flipped), whole) << at;
  }
  EXPECT_EQ(state_of("id,name\n1,Ann\n"), damaged) << "no gzip at all";
  EXPECT_EQ(state_of(one + "and more"), damaged) << "what follows is no member";
}

TEST(ZstdWatch, WalksFromFrameToFrame) {
  using namespace std::literals;
  // "a,b\n1,2\n" as zstd 1.5 packs it: with its size and a checksum; without the latter; from a pipe, of unknown size.
  const std::string sized = "\x28\xb5\x2f\xfd\x24\x08\x41\x00\x00\x61\x2c\x62\x0a\x31\x2c\x32\x0a\x35\xe7\xca\xce"s,
                    bare = "\x28\xb5\x2f\xfd\x20\x08\x41\x00\x00\x61\x2c\x62\x0a\x31\x2c\x32\x0a"s,
                    piped = "\x28\xb5\x2f\xfd\x04\x58\x41\x00\x00\x61\x2c\x62\x0a\x31\x2c\x32\x0a\x35\xe7\xca\xce"s;
  // A frame to skip, of 3 bytes; a frame of two blocks: 300 times "a", then one that is empty.
  const std::string skipped = "\x51\x2a\x4d\x18\x03\x00\x00\x00xyz"s,
                    repeated = "\x28\xb5\x2f\xfd\x00\x58\x62\x09\x00\x61\x01\x00\x00"s;
  for (const std::string& one : {sized, bare, piped, repeated, sized + skipped + bare + repeated}) {
    EXPECT_EQ(state_of<ZstdWatch>(one), whole) << one.size();
    EXPECT_EQ(state_of<ZstdWatch>(one.substr(0, one.size() - 1)), cut) << one.size();
  }
  for (std::size_t kept = 0; kept < sized.size(); ++kept)
    EXPECT_EQ(state_of<ZstdWatch>(sized.substr(0, kept)), cut) << kept;
  EXPECT_EQ(state_of<ZstdWatch>("id,name\n"), damaged);
  EXPECT_EQ(state_of<ZstdWatch>(sized + "more"), damaged);
  EXPECT_EQ(state_of<ZstdWatch>("\x28\xb5\x2f\xfd\x20\x08\x47\x00\x00"s), damaged) << "a block of no known kind";
}

}  // namespace
}  // namespace vigie
