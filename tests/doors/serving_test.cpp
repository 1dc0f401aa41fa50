// `vigie serve` with several people at it, and what it says of itself.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "base/hash.h"
#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Sales of 10 each in April, from number `first` on.
std::string sales(int first, int count) {
  std::string out = "key,customer,day,amount,channel\n";
  for (int i = first; i < first + count; ++i)
    out += fmt::format("s{},o{},2025-04-{:02},10,web\n", i, 1 + i % 90, 1 + i % 30);
  return out;
}

double value_of(const json::value& explained, const char* measure) {
  for (const json::value& one : explained.at("measures").as_array())
    if (one.at("name") == measure) return one.at("value").to_number<double>();
  ADD_FAILURE() << "no measure " << measure;
  return -1;
}

/// Imports `files` one after another through the server, and in between asks `ask` as often as it can; how often that
/// was.
int while_importing(const Folder& folder, int files, const std::function<void()>& ask) {
  std::atomic<bool> done = false;
  const std::jthread importing([&] {
    for (int i = 0; i < files; ++i) {
      const Ran ran =
          vigie({"import", "-w", "shop", "--map", "maps/sales.yaml", fmt::format("more/{}.csv", i)}, folder.path());
      EXPECT_EQ(ran.code, 0) << ran.err;
    }
    done = true;
  });
  int asked = 0;
  for (; !done; ++asked) ask();
  return asked;
}

TEST(Serving, EachAnswerIsOfOneStateWhileImportsCommit) {
  constexpr int kFiles = 24, kRows = 2'000;
  const Folder folder;
  make_shop(folder);
  for (int i = 0; i < kFiles; ++i) folder.write(fmt::format("more/{}.csv", i), sales(i * kRows, kRows));
  folder.write("more/first.csv", sales(kFiles * kRows, kRows));
  ASSERT_EQ(vigie({"import", "-w", "shop", "--map", "maps/sales.yaml", "more/first.csv"}, folder.path()).code, 0);
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  const std::string april = "from=2025-04-01&to=2025-05-01&grain=total";
  std::set<std::int64_t> states;
  const int asked = while_importing(folder, kFiles, [&] {
    const Reply explanation = server.get("/api/v1/kpis/average_sale/explain?" + april);
    ASSERT_EQ(explanation.status, 200) << explanation.body;
    const json::value explained = json::parse(explanation.body);
    const auto n = explained.at("answer").at("total").at("n").to_number<std::int64_t>();
    states.insert(n);
    EXPECT_EQ(n % kRows, 0);
    EXPECT_EQ(value_of(explained, "priced_sales"), static_cast<double>(n));
    EXPECT_EQ(value_of(explained, "sales_amount"), 10.0 * static_cast<double>(n));
    const Reply answers = server.post(
        "/api/v1/ask",
        R"({"questions":[{"kpi":"orders","from":"2025-04-01","to":"2025-05-01","grain":"total"},)"
        R"({"kpi":"revenue","from":"2025-04-01","to":"2025-05-01","grain":"total","by":["channel"],"top":1}]})");
    ASSERT_EQ(answers.status, 200) << answers.body;
    ASSERT_EQ(answers.body.find("\"code\":\"engine"), std::string::npos) << answers.body;
    const json::value batch = json::parse(answers.body);
    const json::value& orders = batch.at("answers").at(0).at("total").at("value");
    const json::value& revenue = batch.at("answers").at(1).at("total").at("value");
    EXPECT_EQ(revenue.to_number<double>(), 10 * orders.to_number<double>()) << "two questions of one batch";
  });
  EXPECT_GT(asked, 3);
  EXPECT_GT(states.size(), 2U) << "too slow a machine to have seen anything";
  const json::value last = json::parse(server.get("/api/v1/kpis/revenue?" + april).body);
  EXPECT_EQ(last.at("total").at("value").to_number<double>(), 10.0 * (kFiles + 1) * kRows);
}

TEST(Serving, ImportsWaitForEachOtherOutsideTheServer) {
  const int imports =
      static_cast<int>(std::max(2U, std::thread::hardware_concurrency())) + 1;  // more than it has workers
  constexpr int kRows = 5'000;
  const Folder folder;
  make_shop(folder);
  for (int i = 0; i < imports; ++i) folder.write(fmt::format("more/{}.csv", i), sales(i * kRows, kRows));
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  std::vector<std::future<Ran>> running;
  for (int i = 0; i < imports; ++i)
    running.push_back(std::async(std::launch::async, [&, i] {
      return vigie({"import", "-w", "shop", "--map", "maps/sales.yaml", fmt::format("more/{}.csv", i)}, folder.path());
    }));
  for (auto& one : running) {
    const Ran ran = one.get();
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_NE(ran.out.find("loaded 5"), std::string::npos) << ran.out;
  }
  const json::value all = json::parse(server.get("/api/v1/kpis/orders?from=2025-04-01&to=2025-05-01&grain=total").body);
  EXPECT_EQ(all.at("total").at("value").to_number<int>(), imports * kRows);
}

/// `vigie serve` with these words until it has said where it answers; what it said, and on standard error.
Ran said(const Folder& folder, const std::string& words) {
  // Without what an earlier one said, which would be taken for its word.
  const Ran ran = shell("rm -f said; vigie serve -w shop --port 0 " + words +
                            " >said & p=$!\n"
                            "for i in $(seq 300); do grep -q http said && break; kill -0 $p || break; sleep 0.1; done\n"
                            "kill $p; wait $p; code=$?; cat said; exit $code",
                        folder.path());
  return ran;
}

TEST(Serving, SaysWhereItIsAndWhoCanReadIt) {
  const Folder folder;
  make_shop(folder);
  const Ran open = said(folder, "--host 0.0.0.0");
  EXPECT_EQ(open.code, 0) << open.err;
  EXPECT_NE(open.out.find("http://0.0.0.0:"), std::string::npos) << open.out;
  EXPECT_NE(open.err.find("nobody has to sign in"), std::string::npos) << open.err;
  const Ran own = said(folder, "--host 127.0.0.1");
  EXPECT_EQ(own.code, 0) << own.err;
  EXPECT_EQ(own.err.find("sign in"), std::string::npos) << own.err;
  const Ran six = said(folder, "--host ::1");
  if (six.err.find("cannot listen") != std::string::npos) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_NE(six.out.find("http://[::1]:"), std::string::npos) << six.out << six.err;
}

TEST(Serving, AnswersToTheNamesItIsGiven) {
  const Folder folder;
  make_shop(folder);
  const Serving server(folder.path() / "shop", {"--allow-host", "vigie.intern"});
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(server.get("/healthz", "vigie.intern").status, 200);
  const Reply refused = server.get("/healthz", "other.intern");
  EXPECT_EQ(refused.status, 421);
  EXPECT_NE(refused.body.find("--allow-host"), std::string::npos) << refused.body;
}

/// A folder of what ships with the program, with these files as its web/.
class Share {
 public:
  explicit Share(const std::vector<std::pair<std::string, std::string>>& web) {
    for (const char* part : {"model", "kpis"})
      fs::create_directory_symlink(fs::path(VIGIE_SOURCE_DIR) / part, folder_.path() / part);
    for (const auto& [name, text] : web) folder_.write("web/" + name, text);
    ::setenv("VIGIE_SHARE", folder_.path().c_str(), 1);
  }
  ~Share() { ::unsetenv("VIGIE_SHARE"); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

 private:
  Folder folder_;
};

TEST(Serving, ThePageIsTheBuiltOne) {
  const Folder folder;
  make_shop(folder);
  const std::string source = "<!doctype html><script type=module src=/src/main.ts></script>",
                    built = "<!doctype html><p>built";
  for (const auto& [web, status] : std::vector<std::pair<std::vector<std::pair<std::string, std::string>>, int>>{
           {{{"package.json", "{}"}, {"index.html", source}}, 404},  // sources that nobody has built
           {{{"package.json", "{}"}, {"index.html", source}, {"dist/index.html", built}}, 200},
           {{{"index.html", built}}, 200}}) {  // as it is installed
    const Share share(web);
    const Serving server(folder.path() / "shop");
    ASSERT_TRUE(server.answers());
    const Reply page = server.get("/");
    EXPECT_EQ(page.status, status) << page.body;
    if (status == 200) EXPECT_EQ(page.body, built);
    else EXPECT_NE(page.body.find("web.missing"), std::string::npos) << page.body;
  }
}

TEST(Board, HoldsTheTenOfADemoAndAReasonForEachBlank) {
  const Folder folder;
  ASSERT_EQ(vigie({"demo", "demo", "--customers", "400", "--months", "30"}, folder.path()).code, 0);
  const Ran printed = vigie({"board", "-w", "demo", "--grain", "month", "--format", "json"}, folder.path());
  ASSERT_EQ(printed.code, 0) << printed.err;
  const json::value board = json::parse(printed.out);
  std::set<std::string> ids;
  for (const json::value& answer : board.at("answers").as_array()) {
    const std::string id(answer.at("kpi").as_string());
    ids.insert(id);
    EXPECT_GT(answer.at("rows").as_array().size(), 3U) << id;
    EXPECT_FALSE(answer.at("total").at("value").is_null()) << id << " of a whole company";
    for (const json::value& row : answer.at("rows").as_array())
      if (row.at("value").is_null())
        EXPECT_FALSE(row.at("reason").as_string().empty()) << id << " " << row.at("period");
  }
  EXPECT_EQ(ids, (std::set<std::string>{"average_sale", "cac", "channel_roi", "churn_rate", "conversion_rate", "ltv",
                                        "nps", "retention_rate", "revenue_per_employee", "sales_cycle"}));
  // The API's board is the same text.
  const Serving server(folder.path() / "demo");
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(server.get("/api/v1/board?grain=month").body + "\n", printed.out);
}

TEST(Board, TheFirstOfADemoStandsReady) {
  const Folder folder;
  ASSERT_EQ(vigie({"demo", "demo", "--customers", "300", "--months", "30"}, folder.path()).code, 0);
  const fs::path boards = folder.path() / "demo" / "data" / "boards";
  ASSERT_TRUE(fs::exists(boards));
  const std::vector<fs::directory_entry> kept(fs::directory_iterator(boards), fs::directory_iterator{});
  ASSERT_EQ(kept.size(), 1U);
  const auto written = fs::last_write_time(kept.front());
  const Ran read = vigie({"board", "-w", "demo"}, folder.path());
  EXPECT_EQ(read.code, 0) << read.err;
  // One that is answered is written again.
  EXPECT_EQ(fs::last_write_time(kept.front()), written);
  fs::remove_all(boards);
  const Ran answered = vigie({"board", "-w", "demo"}, folder.path());
  EXPECT_EQ(answered.code, 0) << answered.err;
  EXPECT_EQ(read.out, answered.out);
  EXPECT_TRUE(fs::exists(kept.front().path())) << "the same question";
}

TEST(Board, OneThatCannotBeAnsweredLeavesTheOthers) {
  const auto& folder = atelier();
  for (const char* format : {"table", "csv", "json"}) {
    const Ran ran = vigie({"board", "-w", ".", "--from", "2025-01-01", "--to", "2026-01-01", "--where",
                           "amount_net > 1 EUR", "--format", format},
                          folder);
    // It stands in its own place; a spreadsheet has none for it.
    const bool csv = std::string(format) == "csv";
    EXPECT_EQ(ran.code, csv ? 2 : 0) << format;
    EXPECT_NE((csv ? ran.err : ran.out).find("what it rests on does not tell "), std::string::npos) << ran.err;
    if (std::string(format) != "json") {
      EXPECT_NE(ran.out.find("verage"), std::string::npos) << ran.out;
      continue;
    }
    const json::value board = json::parse(ran.out);
    int answered = 0, failed = 0;
    for (const json::value& one : board.at("answers").as_array())
      (one.as_object().contains("rows") ? answered : failed) += 1;
    EXPECT_EQ(answered + failed, 10);
    EXPECT_GT(answered, 0);
    EXPECT_GT(failed, 0);
  }
}

/// Puts other words into the one board that is kept, as whole as it was.
void rename_channel(const fs::path& boards, const std::string& name) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(boards)) files.push_back(entry.path());
  ASSERT_EQ(files.size(), 1U);
  std::string text = text_of(files.front());
  const auto begins = text.find('{');
  const std::string digest = text_digest(text.substr(begins)), key = "\"channel\":\"";
  const auto before = text.rfind(digest, begins);
  ASSERT_NE(before, std::string::npos);
  const auto named = text.find(key, begins);
  ASSERT_NE(named, std::string::npos);
  const std::string old = text.substr(named, text.find('"', named + key.size()) + 1 - named);
  for (auto at = named; at != std::string::npos; at = text.find(old, at + 1))
    text.replace(at, old.size(), key + name + "\"");
  text.replace(before, digest.size(), text_digest(text.substr(begins)));
  std::ofstream(files.front(), std::ios::binary) << text;
}

TEST(Board, AskedAgainItIsTheSame) {
  const fs::path boards = atelier() / "data" / "boards";
  const std::vector<std::string> by_channel{"board", "-w", ".", "--by", "channel", "--compare", "previous_year"};
  for (const char* format : {"table", "csv", "json"}) {
    std::vector<std::string> words = by_channel;
    words.insert(words.end(), {"--format", format});
    fs::remove_all(boards);
    const Ran first = vigie(words, atelier());
    ASSERT_TRUE(fs::exists(boards) && !fs::is_empty(boards));
    const Ran again = vigie(words, atelier());
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(again.out, first.out) << format;
    EXPECT_NE(first.out, "");
    // And it is the one that was kept, not answered anew.
    rename_channel(boards, "read from the file");
    const Ran third = vigie(words, atelier());
    EXPECT_EQ(third.code, 0) << third.err;
    EXPECT_NE(third.out.find("read from the file"), std::string::npos) << format << third.out;
    EXPECT_EQ(first.out.find("read from the file"), std::string::npos);
    fs::remove_all(boards);
  }
  // It is of this question: another one is answered anew.
  const Ran other = vigie({"board", "-w", ".", "--format", "json"}, atelier());
  EXPECT_EQ(other.out.find("\"by\":[\"channel\"]"), std::string::npos);
}

TEST(Board, AQuestionThatNoneCanAnswerIsOneError) {
  const Ran ran = vigie({"board", "-w", ".", "--by", "chanel", "--format", "json"}, atelier());
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
}

TEST(Import, TellsOfWhatItTookBeforeItFailed) {
  const Folder folder;
  make_shop(folder);
  folder.write("two/1.yaml", text_of(folder.path() / "maps/sales.yaml"));
  folder.write("two/2.yaml",
               "map: wrong\nsource: books\ntable: orders\ninput: absent.csv\ncolumns: {key: key, ordered_at: {from: "
               "day, as: date}}\n");
  folder.write("two/sales.csv", sales(0, 3));
  for (const bool served : {false, true}) {
    folder.write("two/sales.csv", sales(served ? 3 : 0, 3));
    std::optional<Serving> server;
    if (served) server.emplace(folder.path() / "shop");
    const Ran ran = vigie({"import", "-w", "shop", "--map", "two", "--format", "json"}, folder.path());
    EXPECT_NE(ran.code, 0);
    EXPECT_NE(ran.err.find("absent.csv"), std::string::npos) << ran.err;
    boost::system::error_code error;
    const json::value receipts = json::parse(ran.out, error);
    ASSERT_TRUE(receipts.is_array()) << ran.out;
    ASSERT_EQ(receipts.as_array().size(), 1U);
    EXPECT_EQ(receipts.at(0).at("loaded").to_number<int>(), 3);
  }
}

TEST(FullDisk, IsNoReasonNotToAnswer) {
  const Folder folder;
  make_shop(folder);
  // No file may grow by a byte: what an import left to be remembered, and who holds the lock, cannot be written.
  const Ran ran =
      shell("( trap '' XFSZ; ulimit -f 0; vigie kpi revenue -w shop --from 2025-02-01 --to 2025-04-01 2>&1 ) | cat",
            folder.path());
  EXPECT_NE(ran.out.find("570"), std::string::npos) << ran.out;  // 300 in February and 270 in March
}

}  // namespace
}  // namespace vigie::doors
