// The Unix socket between the command line and a running server.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "server/http/http_client.h"
#include "server/http/test_server.h"

namespace vigie::http {
namespace {

namespace fs = std::filesystem;

class Local : public testing::Test {
 protected:
  Local() : folder_(fs::path(testing::TempDir()) / fmt::format("vigie-local-{}", ::getpid())) {
    fs::create_directories(folder_);
  }
  ~Local() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(Local, CarriesRequestsAndAnswersOfAnySize) {
  ServerOptions options = quick_options();
  options.limits.body_bytes = 1024 * 1024;
  options.handle = [](const Request& request, const CancelToken&) {
    EXPECT_EQ(request.arrival, Arrival::local);
    EXPECT_EQ(request.header("Vigie-Protocol"), "1");
    return Response::json(200, std::string(5'000'000, '1') + request.body);
  };
  TestServer server(std::move(options));
  const fs::path socket = folder_ / "vigie.sock";
  ASSERT_TRUE(server.server().listen_local(socket));
  server.start();

  struct stat info{};
  ASSERT_EQ(::stat(socket.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  LocalClient client = LocalClient::connect(socket).value();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send({.method = "POST", .target = "/api/v1/ask", .body = std::string(900'000, '2')}, {});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->text().size(), 5'900'000u);
  }
  EXPECT_EQ(client.send({.method = "POST", .target = "/", .body = std::string(3'000'000, '2')}, {})->status, 413);
  server.stop();
  EXPECT_FALSE(fs::exists(socket)) << "a server that ends takes its socket with it";
  EXPECT_EQ(LocalClient::connect(socket).error().code, "server.absent");
}

TEST_F(Local, CarriesAFileAPieceAtATime) {
  const fs::path place = folder_ / "file";
  std::string whole;
  for (int i = 0; whole.size() < 3'000'000; ++i) whole += fmt::format("{},", i);
  std::ofstream(place) << whole;
  ServerOptions options = quick_options();
  options.handle = [&](const Request& request, const CancelToken&) {
    if (request.path == "/refused") return Response::json(404, "no such file");
    Response response;
    response.file = std::make_shared<const SentFile>(::open(place.c_str(), O_RDONLY | O_CLOEXEC), whole.size());
    return response;
  };
  TestServer server(std::move(options));
  ASSERT_TRUE(server.server().listen_local(folder_ / "vigie.sock"));
  server.start();
  LocalClient client = LocalClient::connect(folder_ / "vigie.sock").value();
  std::string came;
  std::size_t pieces = 0;
  const auto take = [&](std::string_view piece) -> Result<> {
    came += piece;
    ++pieces;
    return {};
  };
  for (int i = 0; i < 2; ++i) {  // twice on one connection
    came.clear();
    const auto answer = client.send({.target = "/file"}, {}, take);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(came, whole);
    EXPECT_TRUE(answer->text().empty());
  }
  EXPECT_GT(pieces, 10U);
  EXPECT_EQ(client.send({.target = "/file"}, {})->text(), whole) << "or at once, for who wants it so";
  came.clear();
  const auto refused = client.send({.target = "/refused"}, {}, take);
  EXPECT_EQ(refused->text(), "no such file");
  EXPECT_TRUE(came.empty()) << "a problem is no file";
  const auto full = client.send({.target = "/file"}, {}, [](std::string_view) -> Result<> {
    return fail(ErrorKind::unavailable, "file.unwritable", "the disk is full");
  });
  EXPECT_EQ(full.error().code, "file.unwritable");
}

TEST_F(Local, TakesAPathOfAnyLengthAndASocketThatADeadServerLeft) {
  fs::path deep = folder_;
  for (int i = 0; i < 20; ++i) deep /= "a-rather-long-name";
  fs::create_directories(deep);
  const fs::path socket = deep / "vigie.sock";
  std::ofstream(socket) << "left behind";
  EXPECT_EQ(LocalClient::connect(socket).error().code, "server.absent");
  TestServer server(quick_options());
  ASSERT_TRUE(server.server().listen_local(socket));
  server.start();
  EXPECT_EQ(LocalClient::connect(socket).value().send({.target = "/here"}, {})->text(), "GET /here");
  EXPECT_EQ(Server::make(quick_options()).value()->listen_local(folder_ / "nowhere" / "s").error().code,
            "server.socket");
}

TEST_F(Local, EndsWhenTheCallerIsInterruptedOrOutOfPatienceAndTheServerSeesIt) {
  ServerOptions options = quick_options();
  std::atomic<int> interrupted = 0;
  options.handle = [&](const Request& request, const CancelToken& token) {
    while (!token.cancelled()) std::this_thread::sleep_for(milliseconds(1));
    ++interrupted;
    return echo(request, token);
  };
  TestServer server(std::move(options));
  const fs::path socket = folder_ / "vigie.sock";
  ASSERT_TRUE(server.server().listen_local(socket));
  server.start();
  std::atomic<bool> cancelled = false;
  std::jthread hand([&] {
    std::this_thread::sleep_for(milliseconds(50));
    cancelled = true;
  });
  EXPECT_EQ(LocalClient::connect(socket)->send({.target = "/"}, {.longest = {}, .cancelled = &cancelled}).error().code,
            "engine.cancelled");
  EXPECT_EQ(LocalClient::connect(socket)->send({.target = "/"}, {.longest = milliseconds(50)}).error().code,
            "server.silent");
  for (int i = 0; i < 200 && interrupted < 2; ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(interrupted, 2);
}

}  // namespace
}  // namespace vigie::http
