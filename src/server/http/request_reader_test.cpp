#include "server/http/request_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vigie::http {
namespace {

using State = RequestReader::State;

/// Feeds the bytes in pieces of these sizes (the last one repeats) and lists what came out: a line a request, or a
/// refusal.
std::vector<std::string> read(std::string_view bytes, const std::vector<std::size_t>& pieces) {
  static const Limits kLimits;
  RequestReader reader(kLimits);
  std::vector<std::string> out;
  std::size_t piece = 0;
  while (true) {
    for (State state = reader.advance(); state == State::done; state = reader.advance()) {
      const Request request = reader.take();
      out.push_back(fmt::format("{} {} {}", request.method, request.path, request.body));
      reader.next();
    }
    if (reader.advance() == State::refused) {
      out.push_back(fmt::format("refused {}", reader.refusal_status()));
      return out;
    }
    if (bytes.empty()) return out;
    const auto space = reader.space();
    const std::size_t size = std::min({space.size(), bytes.size(), pieces[std::min(piece++, pieces.size() - 1)]});
    std::copy_n(bytes.begin(), size, space.begin());
    reader.added(size);
    bytes.remove_prefix(size);
  }
}

const std::string kThree =
    "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
    "\r\n"
    "POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    "POST /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

TEST(RequestReader, ReadsRequestsThatComeInOnePiece) {
  const std::vector<std::string> expected = {"GET /one ", "POST /two hello", "POST /three abcde"};
  EXPECT_EQ(read(kThree, {100'000}), expected);
}

RC_GTEST_PROP(RequestReader, DoesNotCareWhereTheNetworkCuts, ()) {
  const auto pieces =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40)));
  const std::vector<std::string> expected = {"GET /one ", "POST /two hello", "POST /three abcde"};
  RC_ASSERT(read(kThree, pieces) == expected);
}

// Whatever stands in place of a few bytes of good requests, it ends in requests or in a refusal of a known status.
RC_GTEST_PROP(RequestReader, SurvivesDamage, ()) {
  std::string bytes = kThree;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
  for (const std::string& line : read(bytes, {*rc::gen::inRange<std::size_t>(1, 300)}))
    if (line.starts_with("refused"))
      RC_ASSERT(line == "refused 400" || line == "refused 413" || line == "refused 501" || line == "refused 505");
}

TEST(RequestReader, RefusesWhatTwoServersMightReadDifferently) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::vector<std::string> refused = {"refused 400"};
  EXPECT_EQ(read(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {999}), refused);
  EXPECT_EQ(read(post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", {999}), refused);
  EXPECT_EQ(read(post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", {999}), refused);
  EXPECT_EQ(read(post + "Content-Length: -3\r\n\r\n", {999}), refused);
  EXPECT_EQ(read(post + "Content-Length : 3\r\n\r\nabc", {999}), refused);
  EXPECT_EQ(read(post + "Host: b\r\n\r\n", {999}), refused);
  EXPECT_EQ(read("GET / HTTP/1.1\r\n\r\n", {999}), refused);
  EXPECT_EQ(read("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", {999}), refused);
  EXPECT_EQ(read(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", {999}),
            std::vector<std::string>{"refused 501"});
  EXPECT_EQ(read("GET / HTTP/2.0\r\nHost: a\r\n\r\n", {999}), std::vector<std::string>{"refused 505"});
  EXPECT_EQ(read("\x16\x03\x01\x02\x00\x01", {999}), refused) << "somebody speaks TLS to a port that does not";
}

TEST(RequestReader, BoundsHeaderBodyChunkLineAndTrailer) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string kilobyte(1024, 'x');
  std::string big_header = "GET / HTTP/1.1\r\nHost: a\r\nX: ", big_line = chunked + "3;",
              big_trailer = chunked + "0\r\nX: ", chunks = chunked;
  for (int i = 0; i < 200; ++i) big_header += kilobyte, big_line += kilobyte, big_trailer += kilobyte;
  for (int i = 0; i < 1200; ++i) chunks += "400\r\n" + kilobyte + "\r\n";
  EXPECT_EQ(read(big_header, {999}), std::vector<std::string>{"refused 431"});
  EXPECT_EQ(read(post + "Content-Length: 2000000\r\n\r\n", {999}), std::vector<std::string>{"refused 413"});
  EXPECT_EQ(read(post + "Content-Length: 99999999999999999999999\r\n\r\n", {999}),
            std::vector<std::string>{"refused 400"});
  EXPECT_EQ(read(chunks, {9999}), std::vector<std::string>{"refused 413"});
  EXPECT_EQ(read(chunked + "ffffffffffffffff\r\n", {999}), std::vector<std::string>{"refused 413"});
  EXPECT_EQ(read(big_line, {9999}).size(), 1u);
  EXPECT_EQ(read(big_trailer, {9999}).size(), 1u);
}

}  // namespace
}  // namespace vigie::http
