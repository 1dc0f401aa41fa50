// What cannot be answered: one sentence that says what was found and what to do, the right exit code, nothing
// half-written.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "doors/company.h"
#include "doors/definition.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Case {
  Words words;
  int code;
  std::string says;  ///< the whole of it, after "vigie: "
};

/// Nothing on standard output, one line on standard error.
void expect_refused(const Case& one, const fs::path& folder) {
  const Ran ran = vigie(one.words, folder);
  std::string line;
  for (const std::string& word : one.words) line += " " + word;
  EXPECT_EQ(ran.code, one.code) << line;
  EXPECT_EQ(ran.err, "vigie: " + one.says + "\n") << line;
  EXPECT_EQ(ran.out, "") << line;
}

TEST(BadQuestion, SaysWhatItFoundAndWhatToDo) {
  for (
      const Case& one : std::vector<Case>{
          {{"kpi", "revnue"}, 2, "no KPI \"revnue\"; did you mean \"revenue\"?"},
          {{"kpi", "churn_rate:rolling30d"},
           2,
           "churn_rate has no variant \"rolling30d\"; did you mean \"rolling_30d\"?"},
          {{"kpi", "conversion_rate", "--by", "chanel"},
           2,
           "conversion_rate cannot be split by \"chanel\": prospects has no such dimension; did you mean \"channel\"?"},
          {{"kpi", "conversion_rate", "--by", "channel,segment,channel"},
           2,
           "by: \"channel\" stands twice; name each dimension once"},
          {{"kpi", "revenue", "--from", "2025-01-01", "--to", "2025-01-01"},
           2,
           "the period is empty: it starts and ends on 2025-01-01; to is the first day after the last: for that day "
           "alone, 2025-01-02"},
          {{"kpi", "revenue", "--compare",
            "previous_year,target,previous_period,previous_year_weekday,2024-01-01..2025-01-01,2024-01-02..2025-01-01,"
            "2024-01-03..2025-01-01,2024-01-04..2025-01-01,2024-01-05..2025-01-01,2024-01-06..2025-01-01,"
            "2024-01-07..2025-01-01,2024-01-08..2025-01-01,2024-01-09..2025-01-01"},
           2,
           "compare: 13 comparisons were asked for; 12 is the most; ask several times"},
          {{"reconcile", "churn_rate", "churn_rate:rolling_30d", "--grain", "month"},
           2,
           "a bridge takes no \"grain\": it leads between two figures of one range; narrow both with a filter"},
          {{"kpi", "conversion_rate", "--param", "windw=30"},
           2,
           "conversion_rate has no parameter \"windw\"; did you mean \"window\"?"},
          {{"kpi", "conversion_rate", "--param", "window=soon"},
           2,
           "\"soon\" is no value for the parameter \"window\"; write a number"},
          {{"kpi", "conversion_rate", "--where", "chanel = 'web'"},
           2,
           "1:1: unknown column \"chanel\" in prospects; did you mean \"channel\"?"},
          {{"kpi", "conversion_rate", "--where", "channel = 'x'; drop table leads"},
           2,
           "1:14: unexpected \";\"; an expression is one condition or value, not several statements"},
          {{"kpi", "conversion_rate", "--where", "channel = 'x' union select 1"},
           2,
           "1:15: expected the end or an operator, found \"union\""},
          {{"kpi", "conversion_rate", "--where", "channel = 'x"},
           2,
           "1:11: this ' has no end; close it with '; a ' inside is written twice"},
          {{"kpi", "revenue", "--from", "2025-03-01", "--to", "2025-02-01"},
           2,
           "the period ends (2025-02-01) before it starts (2025-03-01); from is the first day, to the first day after "
           "the last"},
          {{"kpi", "revenue", "--from", "2025-02-30"}, 2, "from: \"2025-02-30\" is not a date; write it as 2025-01-31"},
          {{"kpi", "revenue", "--grain", "mont"}, 2, "\"mont\" is not a grain; did you mean \"month\"?"},
          {{"kpi", "revenue", "--compare", "previous_yeer"},
           2,
           "compare: \"previous_yeer\" is no comparison; did you mean \"previous_year\"?; a range is written "
           "2025-01-01..2025-02-01"},
          {{"kpi", "revenue", "--compare", "2011-01-01..2010-01-01"},
           2,
           "compare: the range \"2011-01-01..2010-01-01\" ends before it starts; the first day stands before the dots, "
           "the first day after the last behind them"},
          {{"kpi", "revenue", "--compare", "2011-01-01..2011-01-01"},
           2,
           "compare: the range \"2011-01-01..2011-01-01\" is empty; the first day stands before the dots, the first "
           "day "
           "after the last behind them"},
          // The data end with 2025: the last twelve months are its own.
          {{"kpi", "revenue", "--to", "2000-01-01"},
           2,
           "the period ends on 2000-01-01, and no first day was given: the one taken, 2025-01-01, is not before it; "
           "say "
           "from too"},
          {{"kpi", "revenue", "--from", "2040-01-01"},
           2,
           "the period starts on 2040-01-01, and no end was given: the one taken, 2026-01-01, is not after it; say to "
           "too"},
          {{"why", "revenue", "--from", "2030-01-01", "--to", "2031-01-01"},
           1,
           "revenue has no figure from 2030-01-01 to 2031-01-01: no data for this period; choose a period, and one to "
           "compare it with, in which it has one"},
          {{"kpi", "revenue", "--as-of", "hier"},
           2,
           "as_of: \"hier\" is neither a date nor an instant; write 2025-01-31 (the end of that day) or "
           "2025-01-31T10:00:00Z"},
          {{"kpi", "revenue", "--version", "9"}, 2, "revenue has no version 9; it has versions 1 to 1"},
          {{"kpi", "revenue", "--top", "0"}, 2, "top: \"0\" is not a whole number above 0"},
          {{"explain", "revnue"}, 2, "no KPI \"revnue\"; did you mean \"revenue\"?"},
          {{"why", "revnue"}, 2, "no KPI \"revnue\"; did you mean \"revenue\"?"},
          {{"why", "revenue", "--compare", "target"},
           2,
           "a target has no parts to compare with; compare with previous_period, previous_year or FROM..TO"},
          {{"reconcile", "churn_rate", "churn_rte"}, 2, "no KPI \"churn_rte\"; did you mean \"churn_rate\"?"},
          {{"reconcile", "churn_rate", "retention_rate", "--by", "channel"},
           2,
           "a bridge takes no \"by\": it leads between two figures of one range; narrow both with a filter"},
          {{"reconcile", "churn_rate", "retention_rate", "--compare", "previous_year"},
           2,
           "a bridge takes no \"compare\": it leads between two figures of one range; narrow both with a filter"},
          {{"reconcile", "churn_rate", "retention_rate", "--top", "3"},
           2,
           "a bridge takes no \"top\": it leads between two figures of one range; narrow both with a filter"},
          {{"board", "--by", "chanel"},
           2,
           "conversion_rate cannot be split by \"chanel\": prospects has no such dimension; did you mean \"channel\"?"},
          {{"model", "ordrs"}, 2, "no table \"ordrs\"; did you mean \"orders\"?"},
      })
    expect_refused(one, atelier());
}

TEST(BadCommandLine, SaysWhatItFoundAndWhatToDo) {
  const Folder folder;
  for (const Case& one : std::vector<Case>{
           {{}, 2, "no command is given; see vigie help"},
           {{"bord"}, 2, "no command \"bord\"; did you mean \"board\"?"},
           {{"kpi"}, 2, "\"kpi\" wants ID; see vigie help kpi"},
           {{"kpi", "revenue", "--frmat", "json"}, 2, "\"kpi\" takes no \"--frmat\"; did you mean \"--format\"?"},
           {{"kpi", "revenue", "orders"}, 2, "\"kpi\" takes no \"orders\"; see vigie help kpi"},
           {{"kpi", "revenue", "--format", "jsn"}, 2, "--format: \"jsn\" is no format; did you mean \"json\"?"},
           {{"kpi", "revenue", "--compare", ""},
            2,
            "--compare: the text is empty; give it a value, or leave the option out"},
           {{"board", "--where", ""}, 2, "--where: the text is empty; give it a value, or leave the option out"},
           {{"quarantine", "--map", ""}, 2, "--map: the text is empty; give it a value, or leave the option out"},
           {{"import"}, 2, "import wants --map, or a file; see vigie help import"},
       })
    expect_refused(one, folder.path());
}

// A variable of a script that is not set: the folder that one stands in, all KPIs, or the maps' own folder is not
// meant.
TEST(BadCommandLine, AnEqualSignWithNothingBehindItTakesNoOtherWord) {
  expect_refused({{"kpi", "revenue", "--by=", "--to", "2025-04-01"},
                  2,
                  "--by: the text is empty; give it a value, or leave the option out"},
                 atelier());
}

TEST(BadCommandLine, AnEmptyTextIsNotWhatIsNotSaid) {
  const auto empty = [](const std::string& what, const Words& words) {
    expect_refused({words, 2, what + ": the text is empty; give it a value, or leave the option out"}, atelier());
  };
  for (const Words& words : {Words{"kpi", "revenue"},
                             {"board"},
                             {"why", "revenue"},
                             {"kpis"},
                             {"model"},
                             {"check"},
                             {"serve"},
                             {"propose"},
                             {"quarantine"},
                             {"import", "--map", "maps"}}) {
    Words all = words;
    for (const char* word : {"-w", ""}) all.emplace_back(word);
    empty("--workspace", all);
  }
  empty("--param", {"kpi", "revenue", "--param", ""});
  empty("--map", {"import", "--map", ""});
  empty("--map", {"import", "--map", "maps", "--map", ""});
  empty("--from", {"import", "--map", "maps", "--from", ""});
  empty("ID", {"kpis", ""});
  empty("TABLE", {"model", ""});
  const Folder folder;
  expect_refused(
      {{"init", "shop", "--company", ""}, 2, "--company: the text is empty; give it a value, or leave the option out"},
      folder.path());
  expect_refused(
      {{"demo", "shop", "--end", ""}, 2, "--end: the text is empty; give it a value, or leave the option out"},
      folder.path());
  for (const char* seed : {"-3", " -3", "3 ", "0x3", "1.5"})
    expect_refused({{"demo", "shop", "--seed", seed}, 2, "--seed: a seed is a whole number from 0 up"}, folder.path());
  EXPECT_EQ(vigie({"kpis", ""}, folder.path(), Language::fr).err,
            "vigie: ID\u00a0: le texte est vide\u00a0; donnez une valeur, ou omettez l'option\n");
}

TEST(BadWorkspace, IsNamed) {
  const Folder folder;
  folder.write("plain/file.txt", "hello\n");
  for (const char* command : {"board", "check", "serve"})
    expect_refused({{command, "-w", "nowhere"},
                    4,
                    "nowhere is no workspace: it has no vigie.yaml; make one with: vigie init nowhere"},
                   folder.path());
  for (const Case& one : std::vector<Case>{
           {{"kpi", "revenue", "-w", "nowhere"},
            4,
            "nowhere is no workspace: it has no vigie.yaml; make one with: vigie init nowhere"},
           {{"init", "shop", "--time-zone", "Europe/Pariss"},
            2,
            "\"Europe/Pariss\" is not a time zone; did you mean \"Europe/Paris\"?"},
           {{"init", "shop", "--fiscal-start", "13-45"}, 2, "\"13-45\" is not a month and a day; write it as 04-01"},
           {{"init", "shop", "--week-start", "mnday"},
            2,
            "\"mnday\" is not a day of the week; did you mean \"monday\"?"},
           {{"demo", "plain"},
            2,
            "plain is there already and is not empty; name a new folder, or remove that one first"},
       })
    expect_refused(one, folder.path());
  EXPECT_FALSE(fs::exists(folder.path() / "shop")) << "a wrong option leaves nothing behind";
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  expect_refused({{"init", "shop"}, 2, "shop is a workspace already; choose another folder"}, folder.path());
  folder.write("shop/vigie.yaml", "format: 1\ncurrency: EUR\ntime_zone: Europe/Pari\n");
  expect_refused({{"kpi", "revenue", "-w", "shop"},
                  2,
                  "vigie.yaml:3:12: \"Europe/Pari\" is not a time zone; did you mean \"Europe/Paris\"?"},
                 folder.path());
  folder.write("shop/vigie.yaml", "format: 99\ncurrency: EUR\n");
  expect_refused(
      {{"kpi", "revenue", "-w", "shop"},
       4,
       "vigie.yaml:1:9: this workspace has format 99; this vigie knows format 1; open it with a newer vigie"},
      folder.path());
}

constexpr const char* kDealAmount = "{sum: amount, from: deals, at: closed_at}";

TEST(BadDefinition, MayNotReferToItself) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  folder.write("shop/kpis/x.yaml", definition("x", kDealAmount, "kpi.y"));
  folder.write("shop/kpis/y.yaml", definition("y", kDealAmount, "kpi.x"));
  expect_refused(
      {{"check", "-w", "shop"},
       2,
       "kpis/y.yaml:12:5: the definition refers to itself: x → y → x; define one of them from measures alone"},
      folder.path());
  for (const char* kpi : {"x", "y"})
    expect_refused(
        {{"kpi", kpi, "-w", "shop"},
         2,
         "kpis/y.yaml:12:5: the definition refers to itself: x → y → x; define one of them from measures alone"},
        folder.path());
  EXPECT_EQ(vigie({"board", "-w", "shop"}, folder.path()).code, 0) << "none of the ten rests on them";
}

TEST(Check, NamesEveryFindingAndEndsWithTheKindOfTheLast) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  folder.write("shop/kpis/x.yaml", definition("x", kDealAmount, "mm"));
  folder.write("shop/maps/orders.yaml", "map: o\nsource: s\ntable: ordres\ninput: a.csv\ncolumns: {key: k}\n");
  const Ran ran = vigie({"check", "-w", "shop"}, folder.path());
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.err,
            "vigie: kpis/x.yaml:14:12: unknown measure \"mm\" in x; did you mean \"m\"?\n"
            "vigie: maps/orders.yaml:3:8: unknown table \"ordres\"; did you mean \"orders\"?\n");
}

TEST(Check, NamesEveryMapThatIsPassedOverAndEachThatIsWrong) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  const std::string right = "map: o\nsource: s\ntable: orders\ninput: a.csv\ncolumns: {key: k, ordered_at: d}\n";
  folder.write("shop/maps/a.yml", right);
  folder.write("shop/maps/b.YAML", right);
  for (const char* name : {"c", "d", "e"}) folder.write(std::string("shop/maps/") + name + ".yaml", right);
  folder.write("shop/maps/f.yaml", "map: f\nsource: s\ntable: ordres\ninput: a.csv\ncolumns: {key: k}\n");
  const Ran ran = vigie({"check", "-w", "shop"}, folder.path());
  EXPECT_EQ(ran.code, 2);
  const std::string taken =
      "the map \"o\" is in maps/c.yaml already; give one of the two another id: what one brings in "
      "would count as the other's\n";
  EXPECT_EQ(ran.err,
            "vigie: maps/a.yml is not read: the maps of a folder stand in files that end in .yaml; name it a.yaml, or "
            "name the file itself with --map\n"
            "vigie: maps/b.YAML is not read: the maps of a folder stand in files that end in .yaml; name it b.yaml, or "
            "name the file itself with --map\n"
            "vigie: maps/f.yaml:3:8: unknown table \"ordres\"; did you mean \"orders\"?\n"
            "vigie: maps/d.yaml:1:6: " +
                taken + "vigie: maps/e.yaml:1:6: " + taken);
}

TEST(Serve, SaysThatItsPortIsTaken) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  const int taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  socklen_t size = sizeof at;
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&at), &size), 0);
  const std::string port = std::to_string(ntohs(at.sin_port));
  expect_refused(
      {{"serve", "-w", "shop", "--port", port},
       4,
       "port " + port +
           " of 127.0.0.1 is taken by another program; choose another one with --port, or stop that program"},
      folder.path());
  ::close(taken);
  expect_refused({{"serve", "-w", "shop", "--port", "99999"}, 2, "99999 is no port; choose one from 0 to 65535"},
                 folder.path());
  const Ran host = vigie({"serve", "-w", "shop", "--host", "no.such.host.invalid"}, folder.path());
  EXPECT_EQ(host.code, 2);
  EXPECT_TRUE(host.err.starts_with("vigie: no such host \"no.such.host.invalid\"")) << host.err;
  EXPECT_EQ(vigie({"kpi", "revenue", "-w", "shop"}, folder.path()).code, 0) << "the lock is free again";
}

}  // namespace
}  // namespace vigie::doors
