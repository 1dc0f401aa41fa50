// The web app from memory, and how answers are squeezed.
#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "server/http/content_security.h"
#include "server/http/encoding.h"
#include "server/http/static_files.h"

namespace vigie::http {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() : folder_(fs::path(testing::TempDir()) / fmt::format("vigie-files-{}", ::getpid())) {
    fs::create_directories(folder_ / "assets");
    write("index.html", "<!doctype html><script>let theme = 1</script><script src=\"/assets/app-1a2b.js\"></script>");
    write("assets/app-1a2b.js", "plain");
    write("assets/app-1a2b.js.br", "BR");
    write("assets/app-1a2b.js.gz", "GZ");
    write("favicon.svg", "<svg/>");
    write("../vigie-secret.txt", "secret");
    fs::create_symlink(folder_.parent_path() / "vigie-secret.txt", folder_ / "link.txt");
  }
  ~Files() override {
    fs::remove_all(folder_);
    fs::remove(folder_.parent_path() / "vigie-secret.txt");
  }
  void write(const std::string& name, std::string_view text) { std::ofstream(folder_ / name) << text; }

  static Request ask(std::string path, std::vector<Header> headers = {}) {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
  }

  fs::path folder_;
};

TEST_F(Files, AreServedInTheSmallestFormTheClientTakes) {
  const StaticFiles files = StaticFiles::load(folder_).value();
  EXPECT_EQ(files.find(ask("/assets/app-1a2b.js"))->text(), "plain");
  const auto brotli = files.find(ask("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip, deflate, br"}}));
  EXPECT_EQ(brotli->text(), "BR");
  EXPECT_EQ(brotli->header("Content-Encoding"), "br");
  EXPECT_EQ(brotli->header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(brotli->header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(files.find(ask("/assets/app-1a2b.js", {{"accept-encoding", "gzip"}}))->text(), "GZ");
  EXPECT_EQ(files.find(ask("/favicon.svg", {{"Accept-Encoding", "br"}}))->text(), "<svg/>") << "has no compressed form";
}

TEST_F(Files, AreNotSentAgainWhenTheyHaveNotChanged) {
  const StaticFiles files = StaticFiles::load(folder_).value();
  const auto first = files.find(ask("/"));
  EXPECT_EQ(first->header("Cache-Control"), "no-cache");
  const std::string tag(first->header("ETag"));
  const auto second = files.find(ask("/", {{"If-None-Match", "\"other\", W/" + tag}}));
  EXPECT_EQ(second->status, 304);
  EXPECT_EQ(second->text(), "");
  // The tag of the brotli form is another one: a cache must not take one for the other.
  EXPECT_NE(files.find(ask("/assets/app-1a2b.js"))->header("ETag"),
            files.find(ask("/assets/app-1a2b.js", {{"Accept-Encoding", "br"}}))->header("ETag"));
}

TEST_F(Files, GiveThePageForItsAddressesAndNothingElse) {
  const StaticFiles files = StaticFiles::load(folder_).value();
  for (const char* page : {"/", "/index.html", "/kpi/churn_rate", "/reviews/"})
    EXPECT_EQ(files.find(ask(page))->header("Content-Type"), "text/html; charset=utf-8") << page;
  for (const char* none : {"/assets/gone.js", "/api/v1/nothing", "/api", "/../vigie-secret.txt", "/link.txt",
                           "/assets/app-1a2b.js.br", "//etc/passwd.txt", "/assets/../index.html"})
    EXPECT_FALSE(files.find(ask(none))) << none;
  Request post = ask("/");
  post.method = "POST";
  EXPECT_FALSE(files.find(post));
}

TEST_F(Files, SayWhenTheAppIsNotBuilt) {
  EXPECT_EQ(StaticFiles::load(folder_ / "nowhere").error().code, "web.missing");
  fs::remove(folder_ / "index.html");
  EXPECT_EQ(StaticFiles::load(folder_).error().message, fmt::format("no index.html in {}", folder_.string()));
}

TEST(ContentSecurity, AllowsThePagesOwnInlineScriptByItsHashAndNoOther) {
  // printf 'let theme = 1' | openssl dgst -sha256 -binary | base64
  EXPECT_NE(content_security_policy("<script>let theme = 1</script>")
                .find("script-src 'self' 'sha256-qMN07CpSUhNb0a/ugetVCjYpopPdzuTrYF/NbwpjXKU='"),
            std::string::npos)
      << content_security_policy("<script>let theme = 1</script>");
  EXPECT_NE(content_security_policy("<script src=x></script>").find("script-src 'self';"), std::string::npos);
  EXPECT_EQ(content_security_policy("").find("unsafe"), std::string::npos);
}

TEST(Encoding, FollowsTheWeightsOfTheHeader) {
  const auto first = [](std::string_view header) { return accepted_encodings(header).front(); };
  EXPECT_EQ(first(""), Encoding::identity);
  EXPECT_EQ(first("gzip, deflate, br, zstd"), Encoding::brotli);
  EXPECT_EQ(first("gzip;q=1.0, br;q=0.5"), Encoding::gzip);
  EXPECT_EQ(first("br;q=0, gzip"), Encoding::gzip);
  EXPECT_EQ(first("*"), Encoding::brotli);
  EXPECT_EQ(first("br;q=x, *;q=0"), Encoding::identity);
  EXPECT_EQ(first("identity, br;q=0.2"), Encoding::identity);
}

std::string unbrotli(const std::string& bytes) {
  std::string out(1 << 20, '\0');
  std::size_t size = out.size();
  if (BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_DECODER_RESULT_SUCCESS)
    return "broken";
  out.resize(size);
  return out;
}

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return state == Z_STREAM_END ? out : "broken";
}

TEST(Encoding, SqueezesLongAnswersOnlyAndWithoutLoss) {
  std::string rows;
  for (int i = 0; i < 1000; ++i) rows += fmt::format("{{\"period\":\"2025-01-01\",\"value\":{}}},", i * 0.25);
  Request request;
  request.headers = {{"Accept-Encoding", "br, gzip"}};
  const Response brotli = compressed(Response::json(200, rows), request);
  EXPECT_EQ(brotli.header("Content-Encoding"), "br");
  EXPECT_LT(brotli.text().size(), rows.size() / 4);
  EXPECT_EQ(unbrotli(std::string(brotli.text())), rows);
  request.headers = {{"Accept-Encoding", "gzip"}};
  EXPECT_EQ(gunzip(std::string(compressed(Response::json(200, rows), request).text())), rows);
  EXPECT_EQ(compressed(Response::json(200, "{}"), request).header("Content-Encoding"), "");
  EXPECT_EQ(compressed(Response::of(200, "image/png", rows), request).text(), rows);
  request.headers.clear();
  EXPECT_EQ(compressed(Response::json(200, rows), request).header("Vary"), "Accept-Encoding");
}

}  // namespace
}  // namespace vigie::http
