// Figures that a definition knows of the company's data, held against what comes out.
#include "workspace/check.h"
#include "workspace/workspace_fixture.h"

namespace vigie::workspace {
namespace {

/// Two weeks of advertising: 10 on the web and 30 in print; what it cost in all, and the share of the web.
class KnownFigures : public WorkspaceTest {
 protected:
  void SetUp() override {
    WorkspaceTest::SetUp();
    const auto receipt = open(clock_)->import(spend("web,2025-03-03,10\nprint,2025-03-10,30\n"));
    ASSERT_TRUE(receipt) << receipt.error().text();
  }
  /// Everything wrong that is found with these tests in the definition, one a line.
  std::string found_with(const std::string& tests) const {
    write(
        "w/kpis/web.yaml",
        "id: web_share\nversion: 1\neffective_from: 2020-01-01\nunit: rate\ndirection: neutral\n"
        "label: {en: Web, fr: Web}\ndescription: {en: Web, fr: Web}\n"
        "measures:\n  on_web: {from: channel_spend, at: date, sum: spend, where: channel = 'web'}\n"
        "  in_all: {from: channel_spend, at: date, sum: spend}\n  bills: {from: channel_spend, at: date, count: rows}\n"
        "variants:\n  default:\n    label: {en: Web, fr: Web}\n    words: {en: web / all, fr: web / tout}\n"
        "    value: on_web / in_all\n    n: bills\n" +
            tests);
    std::string out;
    for (const Error& error : check(home_, clock_)) out += error.text() + "\n";
    return out;
  }

  const SystemClock clock_;
};

TEST_F(KnownFigures, ThatHoldAreNotSpokenOf) {
  // 10 of 40 is 0.25; no share is held to less than whole points. Nothing was spent in April.
  EXPECT_EQ(found_with("tests:\n"
                       "  - {from: 2025-03-01, to: 2025-04-01, value: 0.25}\n"
                       "  - {from: 2025-03-01, to: 2025-04-01, value: 0.2500}\n"
                       "  - {from: 2025-03-05, to: 2025-04-01, value: 0}\n"
                       "  - {from: 2025-03-01, to: 2025-04-01, where: channel = 'print', value: 0}\n"
                       "  - {from: 2025-03-04, to: 2025-03-06, reason: no_denominator}\n"),
            "");
}

TEST_F(KnownFigures, ThatComeOutOtherwiseAreToldWithTheirPlace) {
  EXPECT_NE(found_with("tests:\n  - {from: 2025-03-01, to: 2025-04-01, value: 0}\n").find("is 0.250, where 0 is known"),
            std::string::npos);
  const std::string found = found_with(
      "tests:\n"
      "  - {from: 2025-03-01, to: 2025-04-01, value: 0.26}\n"
      "  - {from: 2025-03-01, to: 2025-04-01, reason: no_data}\n"
      "  - {from: 2025-03-04, to: 2025-03-06, value: 1}\n"
      "  - {from: 2025-03-01, to: 2025-04-01, where: channel = 'web', value: 2}\n");
  EXPECT_EQ(
      found,
      "kpis/web.yaml:19:5: web_share:default is 0.25000, where 0.26 is known; see what it rests on: vigie explain "
      "web_share:default --version 1 --grain total --from 2025-03-01 --to 2025-04-01\n"
      "kpis/web.yaml:20:5: web_share:default is 0.250, where none (no_data) is known; see what it rests on: vigie "
      "explain web_share:default --version 1 --grain total --from 2025-03-01 --to 2025-04-01\n"
      "kpis/web.yaml:21:5: web_share:default is none (no_denominator), where 1 is known; see what it rests on: "
      "vigie explain web_share:default --version 1 --grain total --from 2025-03-04 --to 2025-03-06\n"
      "kpis/web.yaml:22:5: web_share:default is 1.000, where 2 is known; see what it rests on: vigie explain "
      "web_share:default --version 1 --grain total --from 2025-03-01 --to 2025-04-01 --where 'channel = "
      R"('\''web'\'')"
      "'\n");
}

TEST_F(KnownFigures, AShareIsWrittenAsAFraction) {
  const std::string found = found_with(
      "tests:\n"
      "  - {from: 2025-03-01, to: 2025-04-01, value: 26}\n"
      "  - {from: 2025-03-01, to: 2025-04-01, where: channel = 'web', value: 2}\n");
  EXPECT_NE(
      found.find("19:5: web_share:default is 0.250, where 26 is known; write a share as a fraction: 0.26 for 26 %; "
                 "see what it rests on: "),
      std::string::npos)
      << found;
  EXPECT_NE(found.find("is 1.000, where 2 is known; see what it rests on: "), std::string::npos) << found;
}

TEST_F(KnownFigures, ThatAskWhatNobodyCanAnswerAreNamed) {
  EXPECT_TRUE(found_with("tests:\n  - {variant: other, from: 2025-03-01, to: 2025-04-01, value: 1}\n")
                  .starts_with("kpis/web.yaml:19:5: web_share has no variant \"other\""));
  EXPECT_NE(
      found_with("tests:\n  - {from: 2025-03-01, to: 2025-04-01, wher: x, value: 1}\n").find("unknown key \"wher\""),
      std::string::npos);
  EXPECT_NE(found_with("tests:\n  - {from: 2025-03-01, to: 2025-04-01}\n").find("the reason why there is none"),
            std::string::npos);
  EXPECT_NE(found_with("tests:\n  - {from: 2025-03-01, value: 1}\n").find("19:5"), std::string::npos);
  EXPECT_NE(found_with("tests:\n  - {from: 2025-03-01, to: 2025-04-01, reason: nodata}\n")
                .find("kpis/web.yaml:19:5: unknown reason \"nodata\"; did you mean \"no_data\"?"),
            std::string::npos);
  EXPECT_NE(found_with("tests:\n  - {from: 2025-03-01, to: 2025-04-01, reason: because}\n")
                .find("19:5: unknown reason \"because\"; known: currency_missing, discount_unknown, mixed_scales, "
                      "never_reached, "),
            std::string::npos);
  EXPECT_NE(found_with("tests: 3\n").find("tests is a list of figures that are known"), std::string::npos);
}

}  // namespace
}  // namespace vigie::workspace
