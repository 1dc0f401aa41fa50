// The server as a well-meaning client sees it.
#include <gtest/gtest.h>

#include <csignal>
#include <semaphore>

#include "server/http/test_server.h"

namespace vigie::http {
namespace {

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  TestServer server(quick_options());
  server.start();
  RawClient client(server.port());
  client.send(get("/one"));
  EXPECT_EQ(body(client.response()), "GET /one");
  client.send("POST /two HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
  const std::string second = client.response();
  EXPECT_EQ(body(second), "POST /two hello");
  EXPECT_NE(second.find("Connection: keep-alive"), std::string::npos);
  for (const char* header :
       {"X-Request-Id: ", "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'", "Date: "})
    EXPECT_NE(second.find(header), std::string::npos) << header;
}

TEST(Server, ClosesWhenTheClientAsksForItAndForHttp10) {
  TestServer server(quick_options());
  server.start();
  RawClient modern(server.port()), old(server.port());
  modern.send("GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(body(modern.all()), "GET /a");
  old.send("GET /b HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(body(old.all()), "GET /b");
}

TEST(Server, SendsNoBodyToHead) {
  TestServer server(quick_options());
  server.start();
  RawClient client(server.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(client.response(false).find("Content-Length: 7"), std::string::npos);
  client.send(get("/next"));
  EXPECT_EQ(body(client.response()), "GET /next") << "the connection is in step";
}

TEST(Server, SaysGoOnToAClientThatAsksBeforeItSendsItsBody) {
  TestServer server(quick_options());
  server.start();
  RawClient client(server.port());
  client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status(client.response()), "100");
  client.send("ok");
  EXPECT_EQ(body(client.response()), "POST /a ok");
  RawClient big(server.port());
  big.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status(big.response()), "413") << "and no to one whose body it would not take";
}

TEST(Server, AnswersAtOnceWhatItMayWhileAllWorkersAreBusy) {
  ServerOptions options = quick_options();
  options.handle = [](const Request& request, const CancelToken& token) {
    while (!token.cancelled()) std::this_thread::sleep_for(milliseconds(1));
    return echo(request, token);
  };
  options.immediate = [](const Request& request) {
    return request.path == "/healthz" ? std::optional(Response::json(200, "{}")) : std::nullopt;
  };
  TestServer server(std::move(options));
  server.start();
  std::vector<RawClient> busy;
  for (int i = 0; i < 4; ++i) busy.emplace_back(server.port()).send(get("/slow"));
  RawClient client(server.port());
  client.send(get("/healthz"));
  EXPECT_EQ(body(client.response()), "{}");
}

TEST(Server, TurnsWhatAHandlerThrowsIntoAProblemAndLogsItUnderTheSameId) {
  ServerOptions options = quick_options();
  options.handle = [](const Request&, const CancelToken&) -> Response { throw std::runtime_error("secret detail"); };
  std::vector<Exchange> log;
  options.observe = [&](const Exchange& exchange) { log.push_back(exchange); };
  TestServer server(std::move(options));
  server.start();
  RawClient client(server.port());
  client.send(get("/a"));
  const std::string response = client.response();
  server.stop();
  EXPECT_EQ(status(response), "500");
  EXPECT_EQ(response.find("secret"), std::string::npos);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].fault, "secret detail");
  EXPECT_EQ(log[0].status, 500);
  EXPECT_NE(response.find("\"request_id\":\"" + log[0].id + "\""), std::string::npos);
}

TEST(Server, WritesDownWhatAHandlerThrew) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> log(std::tmpfile(), std::fclose);
  ServerOptions options = quick_options();
  options.handle = [](const Request& request, const CancelToken& token) -> Response {
    if (request.path == "/a") throw std::runtime_error("secret\ndetail");
    return echo(request, token);
  };
  options.observe = fault_log(log.get());
  TestServer server(std::move(options));
  server.start();
  RawClient client(server.port());
  client.send(get("/b"));
  client.response();
  client.send(get("/a?x=1"));
  const std::string response = client.response();
  server.stop();
  const std::size_t at = response.find("X-Request-Id: ") + 14;
  const std::string id = response.substr(at, response.find('\r', at) - at);
  std::rewind(log.get());
  char written[200] = {};
  const std::size_t size = std::fread(written, 1, sizeof written - 1, log.get());
  EXPECT_EQ(std::string(written, size), "vigie: " + id + " GET /a?x=1: secret detail\n");
}

TEST(Server, StopsAfterWhatIsUnderWayIsAnswered) {
  ServerOptions options = quick_options();
  std::binary_semaphore begun(0), go_on(0);
  options.limits.drain = milliseconds(5'000);
  options.handle = [&](const Request& request, const CancelToken& token) {
    begun.release();
    go_on.acquire();
    return echo(request, token);
  };
  TestServer server(std::move(options));
  server.start();
  RawClient idle(server.port()), client(server.port());
  client.send(get("/last"));
  begun.acquire();
  server.server().stop();
  EXPECT_EQ(idle.all(), "") << "an idle connection is closed at once";
  EXPECT_FALSE(RawClient(server.port()).connected());
  go_on.release();
  const std::string last = client.all();
  EXPECT_EQ(body(last), "GET /last");
  EXPECT_NE(last.find("Connection: close"), std::string::npos);
  server.stop();
}

TEST(Server, InterruptsAtAStopWhatTakesTooLong) {
  ServerOptions options = quick_options();
  std::binary_semaphore begun(0);
  options.handle = [&](const Request& request, const CancelToken& token) {
    begun.release();
    while (!token.cancelled()) std::this_thread::sleep_for(milliseconds(1));
    return echo(request, token);
  };
  TestServer server(std::move(options));
  server.start();
  RawClient client(server.port());
  client.send(get("/long"));
  begun.acquire();
  const auto before = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, milliseconds(1'500)) << "drain is 100 ms here";
}

TEST(Server, StopsOnASignal) {
  auto server = Server::make(quick_options()).value();
  ASSERT_TRUE(server->listen("127.0.0.1", 0));
  server->take_signals();
  ::kill(::getpid(), SIGTERM);  // before it runs: whoever reads where it is may send one at once
  server->run();
}

/// A server whose one handler looks at nothing for a minute, stopped again and again.
void be_stopped_thrice() {
  ServerOptions options = quick_options();
  std::binary_semaphore begun(0);
  options.limits.drain = std::chrono::minutes(1);
  options.handle = [&](const Request& request, const CancelToken& token) {
    begun.release();
    std::this_thread::sleep_for(std::chrono::minutes(1));
    return echo(request, token);
  };
  auto server = Server::make(std::move(options)).value();
  const std::uint16_t port = server->listen("127.0.0.1", 0).value();
  const std::jthread stopper([&] {
    RawClient client(port);
    client.send(get("/deaf"));
    begun.acquire();
    ::kill(::getpid(), SIGTERM);
    std::this_thread::sleep_for(milliseconds(100));
    ::kill(::getpid(), SIGTERM);
    if (!client.all().empty()) ::_exit(3);  // cut, not answered
    ::kill(::getpid(), SIGTERM);
  });
  server->take_signals();
  server->run();
}

TEST(ServerDeathTest, AThirdSignalEndsWhatTheSecondCouldNot) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(be_stopped_thrice(), testing::KilledBySignal(SIGTERM), "");
}

TEST(Server, SaysWhyItCannotListen) {
  auto server = Server::make(quick_options()).value();
  const std::uint16_t port = server->listen("127.0.0.1", 0).value();
  const auto again = Server::make(quick_options()).value()->listen("127.0.0.1", port);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "server.port_taken");
  EXPECT_EQ(again.error().message, fmt::format("port {} of 127.0.0.1 is taken by another program", port));
  EXPECT_EQ(server->listen("no-such-host.invalid", 0).error().code, "server.address");
  EXPECT_EQ(server->listen("203.0.113.1", 0).error().code, "server.address") << "a good address, of another machine";
}

}  // namespace
}  // namespace vigie::http
