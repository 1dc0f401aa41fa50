// The server as a careless or hostile client sees it. Every case ends with the server still answering others.
#include <gtest/gtest.h>

#include <semaphore>

#include "server/http/test_server.h"

namespace vigie::http {
namespace {

using std::chrono::steady_clock;

class Abuse : public testing::Test {
 protected:
  void serve(ServerOptions options) {
    server_.emplace(std::move(options));
    server_->start();
  }
  RawClient client() { return RawClient(server_->port()); }
  void TearDown() override {
    if (!server_) return;
    RawClient after(server_->port());
    after.send(get("/still-here"));
    EXPECT_EQ(body(after.response()), "GET /still-here");
  }
  // What the handlers of the cases below wait for; it outlives the server, which TearDown still asks.
  std::counting_semaphore<> begun_{0}, interrupted_{0}, gone_{0};
  std::atomic<bool> busy_ = true;
  std::optional<TestServer> server_;
};

TEST_F(Abuse, AHeaderThatNeverEndsIsTimedOutEvenWhenItKeepsDripping) {
  serve(quick_options());
  RawClient silent = client(), dripping = client();
  silent.send("GET / HT");
  const auto begun = steady_clock::now();
  // 100 bytes at 10 ms would take a second; the header has 150 ms.
  for (int i = 0; i < 100 && dripping.send(i == 0 ? "GET / HTTP/1.1\r\nX: " : "a"); ++i) {
    std::this_thread::sleep_for(milliseconds(10));
    if (steady_clock::now() - begun > milliseconds(300)) break;
  }
  EXPECT_EQ(status(dripping.all()), "408");
  EXPECT_EQ(status(silent.all()), "408");
}

TEST_F(Abuse, ABodyThatNeverEndsIsTimedOut) {
  serve(quick_options());
  RawClient slow = client();
  slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
  const std::string response = slow.all();
  EXPECT_EQ(status(response), "408");
  EXPECT_NE(response.find("the body did not come in time"), std::string::npos);
}

TEST_F(Abuse, AnIdleConnectionIsClosedWithoutAWord) {
  ServerOptions options = quick_options();
  options.limits.idle = milliseconds(50);
  serve(std::move(options));
  RawClient idle = client(), used = client();
  used.send(get("/a"));
  EXPECT_EQ(idle.all(), "");
  EXPECT_EQ(status(used.response()), "200");
  EXPECT_EQ(used.all(), "");
}

TEST_F(Abuse, AHugeHeaderIs431) {
  serve(quick_options());
  RawClient huge = client();
  huge.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(status(huge.all()), "431");
}

TEST_F(Abuse, AnEndlessChunkedBodyIs413AndTheClientSeesIt) {
  serve(quick_options());
  RawClient endless = client();
  endless.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  std::size_t sent = 0;
  while (sent < 64 * 1024 * 1024 && endless.send(chunk)) sent += chunk.size();
  EXPECT_LT(sent, 64u * 1024 * 1024) << "the server has stopped listening";
  EXPECT_EQ(status(endless.response()), "413") << "and said why before that";
}

TEST_F(Abuse, ALongBodyIsRefusedBeforeItIsSent) {
  serve(quick_options());
  RawClient big = client();
  big.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n");
  const std::string response = big.all();
  EXPECT_EQ(status(response), "413");
  EXPECT_NE(response.find("\"code\":\"request.body_too_large\""), std::string::npos);
}

TEST_F(Abuse, PipelinedRequestsAreAnsweredInOrder) {
  serve(quick_options());
  RawClient eager = client();
  std::string many;
  for (int i = 0; i < 200; ++i) many += get(fmt::format("/{}", i));
  eager.send(many);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(body(eager.response()), fmt::format("GET /{}", i));
}

TEST_F(Abuse, TwoHundredIdleConnectionsKeepNobodyOut) {
  ServerOptions options = quick_options();
  options.limits.connections = 50;
  serve(std::move(options));
  std::vector<RawClient> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(client());
    ASSERT_TRUE(idle.back().connected());
  }
  RawClient guest = client();
  guest.send(get("/guest"));
  EXPECT_EQ(body(guest.response()), "GET /guest");
  EXPECT_EQ(idle.front().all(), "") << "the one idle for longest had to make room";
}

TEST_F(Abuse, WhenAllConnectionsAreAtWorkTheNextIs503) {
  ServerOptions options = quick_options();
  options.limits.connections = 3;
  options.limits.workers = 3;
  options.handle = [this](const Request& request, const CancelToken& token) {
    begun_.release();
    while (busy_) std::this_thread::sleep_for(milliseconds(1));
    return echo(request, token);
  };
  serve(std::move(options));
  std::vector<RawClient> working;
  for (int i = 0; i < 3; ++i) {
    working.push_back(client());
    working.back().send(get("/work"));
    begun_.acquire();
  }
  RawClient extra = client();
  EXPECT_EQ(status(extra.all()), "503");
  busy_ = false;
  for (RawClient& one : working) EXPECT_EQ(body(one.response()), "GET /work");
}

TEST_F(Abuse, ACrowdIsToldToComeBack) {
  ServerOptions options = quick_options();
  options.limits.workers = 1;
  options.limits.queue = 1;
  options.handle = [this](const Request& request, const CancelToken& token) {
    begun_.release();
    while (busy_) std::this_thread::sleep_for(milliseconds(1));
    return echo(request, token);
  };
  serve(std::move(options));
  RawClient first = client(), second = client(), third = client();
  first.send(get("/first"));
  begun_.acquire();
  second.send(get("/second"));
  std::this_thread::sleep_for(milliseconds(30));
  third.send(get("/third"));
  const std::string refused = third.response();
  EXPECT_EQ(status(refused), "429");
  EXPECT_NE(refused.find("Retry-After: 1"), std::string::npos);
  busy_ = false;
  EXPECT_EQ(body(first.response()), "GET /first");
  EXPECT_EQ(body(second.response()), "GET /second");
  third.send(get("/again"));
  EXPECT_EQ(body(third.response()), "GET /again") << "a refusal for now does not end the connection";
}

TEST_F(Abuse, AClientThatLeavesInterruptsItsQuery) {
  ServerOptions options = quick_options();
  options.handle = [this](const Request& request, const CancelToken& token) {
    if (request.path != "/long") return echo(request, token);
    begun_.release();
    while (!token.cancelled()) std::this_thread::sleep_for(milliseconds(1));
    interrupted_.release();
    return echo(request, token);
  };
  serve(std::move(options));
  RawClient leaving = client();
  leaving.send(get("/long"));
  begun_.acquire();
  leaving.leave();
  EXPECT_TRUE(interrupted_.try_acquire_for(milliseconds(2'000)));
}

TEST_F(Abuse, AClientThatOnlyStopsSendingStillGetsAQuickAnswer) {
  ServerOptions options = quick_options();
  options.handle = [](const Request& request, const CancelToken& token) {
    std::this_thread::sleep_for(milliseconds(20));
    return token.cancelled() ? Response::json(499, "too soon") : echo(request, token);
  };
  serve(std::move(options));
  RawClient half = client();
  half.send(get("/quick"));
  half.shut_sending();
  EXPECT_EQ(body(half.all()), "GET /quick");
  RawClient nothing = client(), broken = client();
  nothing.shut_sending();
  EXPECT_EQ(nothing.all(), "");
  broken.send("GET / HTTP/1.1\r\nHo");
  broken.shut_sending();
  EXPECT_EQ(broken.all(), "");
}

TEST_F(Abuse, AClientThatDoesNotReadIsCutOff) {
  ServerOptions options = quick_options();
  const auto large = std::make_shared<const std::string>(64 * 1024 * 1024, 'x');
  options.handle = [large](const Request& request, const CancelToken& token) {
    if (request.path != "/large") return echo(request, token);
    Response response;
    response.body = large;
    return response;
  };
  options.observe = [this](const Exchange& exchange) {
    if (exchange.target == "/large") gone_.release();
  };
  serve(std::move(options));
  RawClient deaf = client();
  deaf.send(get("/large"));
  RawClient other = client();
  other.send(get("/meanwhile"));
  EXPECT_EQ(body(other.response()), "GET /meanwhile");
  EXPECT_TRUE(gone_.try_acquire_for(milliseconds(2'000)));
  EXPECT_LT(deaf.all().size(), large->size());
}

TEST_F(Abuse, AForeignHostNameIsRefused) {
  ServerOptions options = quick_options();
  options.host_names = {"vigie.intern"};
  serve(std::move(options));
  RawClient rebound = client(), listed = client(), none = client();
  rebound.send("GET / HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n");
  const std::string refused = rebound.response();
  EXPECT_EQ(status(refused), "421");
  EXPECT_NE(refused.find("--allow-host"), std::string::npos);
  listed.send("GET /in HTTP/1.1\r\nHost: vigie.intern\r\n\r\n");
  EXPECT_EQ(body(listed.response()), "GET /in");
  none.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(status(none.all()), "421");
}

TEST_F(Abuse, AHandlersLineBreakCannotBeginAHeader) {
  ServerOptions options = quick_options();
  options.handle = [](const Request& request, const CancelToken& token) {
    Response response = echo(request, token);
    response.headers.push_back({"X-Name", "a\r\nSet-Cookie: b"});
    return response;
  };
  serve(std::move(options));
  RawClient any = client();
  any.send(get("/"));
  EXPECT_EQ(any.response().find("\r\nSet-Cookie"), std::string::npos);
}

}  // namespace
}  // namespace vigie::http
