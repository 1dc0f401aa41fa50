#include <gtest/gtest.h>

#include <iostream>

#include "compare.h"
#include "data_set.h"

namespace vigie::data_test {
namespace {

namespace fs = std::filesystem;

void report(const std::vector<std::string>& wrong) {
  for (const std::string& line : wrong) ADD_FAILURE() << line;
}

/// The set's run.sh goes from raw files to printed KPIs.
class RunTest : public testing::Test {
 public:
  explicit RunTest(std::shared_ptr<DataSet> set) : set_(std::move(set)) {}
  void TestBody() override {
    if (const std::string missing = set_->missing(); !missing.empty()) GTEST_SKIP() << missing;
    std::vector<std::string> wrong;
    if (const Result<>& made = set_->make(); !made) wrong.push_back(made.error().text());
    const std::string printed = set_->printed();
    for (const std::string& text : set_->file().prints)
      if (!printed.contains(text)) wrong.push_back(fmt::format("run.sh does not print \"{}\"", text));
    report(wrong);
  }

 private:
  std::shared_ptr<DataSet> set_;
};

/// One check: a question to the program, its answer against the expected figures.
class CheckTest : public testing::Test {
 public:
  CheckTest(std::shared_ptr<DataSet> set, const Check& check) : set_(std::move(set)), check_(check) {}
  void TestBody() override {
    if (const std::string missing = set_->missing(); !missing.empty()) GTEST_SKIP() << missing;
    set_->make();  // whether run.sh went through to its end is what the test `run` says
    report(wrong());
  }

 private:
  std::vector<std::string> wrong() {
    Result<json::value> entry = check_.is ? *check_.is : json::value(nullptr);
    if (!check_.is && !check_.entry.empty()) entry = set_->entry(check_.entry);
    if (!entry) return {entry.error().text()};
    const Result<json::value> answer = set_->answer(check_.ask);
    if (!answer) return {answer.error().text()};
    std::vector<std::string> lines = differences(check_, *entry, *answer);
    for (std::string& line : lines) line = fmt::format("vigie {}\n  {}", fmt::join(check_.ask, " "), line);
    return lines;
  }

  std::shared_ptr<DataSet> set_;
  Check check_;
};

std::string test_name(std::string text, std::set<std::string>& taken) {
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  std::string name = text;
  for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}_{}", text, n);
  return name;
}

Result<> register_file(const fs::path& path) {
  VIGIE_TRY(CheckFile file, read_checks(path));
  auto set = std::make_shared<DataSet>(std::move(file));
  const std::string suite = set->file().example;
  testing::RegisterTest(suite.c_str(), "run", nullptr, nullptr, path.c_str(), 1,
                        [set]() -> testing::Test* { return new RunTest(set); });
  std::set<std::string> taken{"run"};
  for (const Check& check : set->file().checks)
    testing::RegisterTest(suite.c_str(), test_name(check.name, taken).c_str(), nullptr, nullptr, path.c_str(), 1,
                          [set, &check]() -> testing::Test* { return new CheckTest(set, check); });
  return {};
}

std::vector<fs::path> check_files() {
  const fs::path root = VIGIE_SOURCE_DIR;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(root / "tests" / "data"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  for (const auto& entry : fs::directory_iterator(root / "examples"))
    if (fs::exists(entry.path() / "expected.yaml")) files.push_back(entry.path() / "expected.yaml");
  std::ranges::sort(files);
  return files;
}

}  // namespace
}  // namespace vigie::data_test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const auto& file : vigie::data_test::check_files())
    if (const auto registered = vigie::data_test::register_file(file); !registered) {
      std::cerr << registered.error().text() << "\n";
      return 2;
    }
  return RUN_ALL_TESTS();
}
