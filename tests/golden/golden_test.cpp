// Runs the golden cases: golden_test [--rewrite] [FILE…]; without files, those of the folder given at build time.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>

#include "base/text.h"
#include "golden/fixture.h"
#include "golden/verdict.h"

namespace vigie::golden {
namespace {

namespace fs = std::filesystem;

/// Lines of a file to take the place of [first, last].
struct Edit {
  int first, last;
  std::vector<std::string> lines;
};

class CaseTest : public testing::Test {
 public:
  CaseTest(fs::path file, bool rewrite) : file_(std::move(file)), rewrite_(rewrite) {}

  void TestBody() override {
    const auto read = read_case(file_);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    const CaseFile& it = *read;
    const auto made = Fixture::make({it.settings, it.files, it.now, it.complete_until, it.history_complete});
    ASSERT_TRUE(made.has_value()) << "the workspace does not open: " << made.error().text();
    for (const Step& step : it.steps) {
      if (const auto* table = std::get_if<TableStep>(&step)) ASSERT_NO_FATAL_FAILURE(import(**made, *table));
      if (const auto* ask = std::get_if<AskStep>(&step)) judge(**made, *ask);
      if (const auto* error = std::get_if<ErrorStep>(&step)) judge(**made, *error);
    }
    if (rewrite_) rewrite(it);
  }

 private:
  std::string place(int line) const { return fmt::format("{}:{}: ", file_.string(), line); }

  void import(Fixture& fixture, const TableStep& step) {
    // Each import comes a little after the one before, and all of them before anything is asked.
    const std::int64_t before = kMicrosPerSecond - ++imports_;
    fixture.wait(-before);
    const auto receipt = fixture.import(step);
    fixture.wait(before);
    ASSERT_TRUE(receipt.has_value()) << place(step.line) << receipt.error().text();
    const std::map<std::string, std::int64_t> counts{
        {"read", receipt->read},        {"loaded", receipt->loaded},
        {"updated", receipt->updated},  {"unchanged", receipt->unchanged},
        {"merged", receipt->merged},    {"quarantined", receipt->quarantined},
        {"deleted", receipt->deleted},  {"exact_duplicates", receipt->exact_duplicates},
        {"unpriced", receipt->unpriced}};
    const std::string refused = receipt->refusals.empty()
                                    ? "nothing"
                                    : receipt->refusals.front().code + " in " + receipt->refusals.front().column +
                                          ": " + receipt->refusals.front().message;
    for (const auto& [name, value] : step.receipt) {
      if (name == "refusal") {
        EXPECT_TRUE(!receipt->refusals.empty() && receipt->refusals.front().code == value)
            << place(step.line) << "refused: " << refused;
        continue;
      }
      ASSERT_TRUE(counts.contains(name)) << place(step.line) << "a receipt has no \"" << name << "\"";
      EXPECT_EQ(fmt::format("{}", counts.at(name)), value)
          << place(step.line) << "receipt, " << name << "; refused: " << refused;
    }
    const bool expected = std::ranges::any_of(step.receipt, [](const auto& one) { return one.first == "quarantined"; });
    if (!expected) EXPECT_EQ(receipt->quarantined, 0) << place(step.line) << "refused: " << refused;
  }

  Result<kpi::Answer> ask(Fixture& fixture, const Words& fields) {
    VIGIE_TRY(const plan::Question question, plan::question_from_fields(fields, fixture.workspace().calendar()));
    return fixture.workspace().ask({question}, {})[0];
  }

  void judge(Fixture& fixture, const AskStep& step) {
    const auto answer = ask(fixture, step.fields);
    if (!answer) {
      ADD_FAILURE() << place(step.line) << error_line(answer.error());
      return;
    }
    const auto rows = judge_rows(step.expected, *answer);
    if (!rows) {
      ADD_FAILURE() << place(step.line) << rows.error().text();
      return;
    }
    const Verdict facts = judge_facts(step, *answer);
    EXPECT_TRUE(facts.agrees()) << place(step.line) << "\n" << facts.difference;
    if (rows->agrees()) return;
    if (rewrite_) edits_.push_back({step.expected.first_line, step.expected.last_line, rows->replacement});
    else ADD_FAILURE() << place(step.line) << "\n" << rows->difference;
  }

  void judge(Fixture& fixture, const ErrorStep& step) {
    const auto answer = ask(fixture, step.fields);
    if (answer) {
      ADD_FAILURE() << place(step.line) << "no error, but\n    " << step.expected << "\nwas expected";
      return;
    }
    const std::string found = error_line(answer.error());
    if (rewrite_ && found != step.expected) edits_.push_back({step.expected_line, step.expected_line, {found}});
    else EXPECT_EQ(found, step.expected) << place(step.line);
  }

  void rewrite(const CaseFile& it) {
    if (edits_.empty()) return;
    std::vector<std::string> lines = it.lines;
    for (auto edit = edits_.rbegin(); edit != edits_.rend(); ++edit) {
      const auto first = lines.begin() + edit->first - 1, last = lines.begin() + edit->last;
      lines.insert(lines.erase(first, last), edit->lines.begin(), edit->lines.end());
    }
    std::ofstream out(it.path, std::ios::binary);
    for (const std::string& line : lines) out << line << '\n';
    std::cout << "rewritten: " << it.path.string() << '\n';
  }

  fs::path file_;
  bool rewrite_;
  std::vector<Edit> edits_;
  std::int64_t imports_ = 0;
};

std::vector<fs::path> cases_of(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".kpi" && entry.path().parent_path().filename() != "pending")
      out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

}  // namespace
}  // namespace vigie::golden

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<std::filesystem::path> files;
  bool rewrite = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--rewrite") rewrite = true;
    else files.emplace_back(argv[i]);
  }
  if (rewrite && std::getenv("CI")) {
    std::cerr << "--rewrite is for people who read what it writes, never for CI\n";
    return 2;
  }
  if (files.empty()) files = vigie::golden::cases_of(VIGIE_GOLDEN_FOLDER);
  for (const auto& file : files)
    testing::RegisterTest(file.parent_path().filename().c_str(), file.stem().c_str(), nullptr, nullptr, file.c_str(), 1,
                          [=]() -> testing::Test* { return new vigie::golden::CaseTest(file, rewrite); });
  return RUN_ALL_TESTS();
}
