// Random companies, random questions: the planner against the plain loops.
//
//   VIGIE_REFERENCE_SEED    the first seed (default: fixed, so that a run can be repeated; "time" for a new one)
//   VIGIE_REFERENCE_WORLDS  how many companies (default 10)
//   VIGIE_REFERENCE_ASKED   how many questions to each (default 210)
//   VIGIE_REFERENCE_KPI     only KPIs whose name contains this
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "base/text.h"
#include "reference/generate.h"
#include "reference/trial.h"

namespace vigie::reference {
namespace {

constexpr std::uint64_t kFirstSeed = 20'250'101;
constexpr int kBatch = 15;  ///< questions that share their scans
constexpr int kShownPerKpi = 3;
/// KPIs whose every row has a time of day.
constexpr std::string_view kHourly[] = {"revenue:default", "orders:default", "average_sale:default",
                                        "buying_customers:default"};

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  if (!text) return fallback;
  if (std::string_view(text) == "time")
    return static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  return std::strtoull(text, nullptr, 10);
}

std::vector<Kpi> kpis_of(const World& world) {
  const char* wanted = std::getenv("VIGIE_REFERENCE_KPI");
  std::vector<Kpi> out;
  for (const auto& list : {sales_kpis(), customer_kpis(), deal_kpis(), company_kpis(), channel_kpis()})
    for (const Kpi& kpi : list)
      if (kpi.asked_of(world) && (!wanted || kpi.name.find(wanted) != std::string::npos)) out.push_back(kpi);
  return out;
}

/// What went wrong so far, by KPI.
class Findings {
 public:
  void add(const World& world, const Trial& trial, const std::vector<std::string>& differences) {
    if (differences.empty()) return;
    if (++by_kpi_[trial.kpi.name] > kShownPerKpi) return;
    std::string lines;
    for (std::size_t i = 0; i < differences.size() && i < 4; ++i) lines += "\n    " + differences[i];
    if (differences.size() > 4) lines += fmt::format("\n    … and {} more", differences.size() - 4);
    ADD_FAILURE() << "VIGIE_REFERENCE_SEED=" << world.seed << "\n  " << trial.text() << lines;
  }
  void tell() const {
    for (const auto& [kpi, count] : by_kpi_) std::cout << fmt::format("  {:<45} {} wrong\n", kpi, count);
  }

 private:
  std::map<std::string, int> by_kpi_;
};

class ReferenceTest : public testing::Test {
 protected:
  void try_world(std::uint64_t seed, int questions) {
    const auto calendar = calendar::Calendar::make(calendar_of(seed));
    ASSERT_TRUE(calendar.has_value());
    const Moments moments(*calendar);
    const World world = generate(seed, moments);
    auto made = golden::Fixture::make(setup_of(world));
    ASSERT_TRUE(made.has_value()) << made.error().text();
    for (const golden::TableStep& table : tables_of(world)) {
      (*made)->wait(kMicrosPerSecond);
      const auto receipt = (*made)->import(table);
      ASSERT_TRUE(receipt.has_value()) << "seed " << seed << ", " << table.table << ": " << receipt.error().text();
      ASSERT_EQ(receipt->quarantined, 0) << "seed " << seed << ", " << table.table << ": "
                                         << receipt->refusals.front().message;
    }
    const auto kpis = kpis_of(world);
    if (kpis.empty()) return;
    Dice dice(seed ^ 0x5bd1e995);
    for (int asked = 0; asked < questions; asked += kBatch) ask_batch(dice, kpis, world, moments, **made);
  }

  void ask_batch(Dice& dice, const std::vector<Kpi>& kpis, const World& world, const Moments& moments,
                 golden::Fixture& fixture) {
    std::vector<Trial> trials;
    std::vector<plan::Question> questions;
    for (int i = 0; i < kBatch; ++i) {
      const Kpi& kpi = dice.one_of(kpis);
      const bool hourly = std::ranges::find(kHourly, kpi.name) != std::end(kHourly) && dice.once_in(3);
      Trial trial = hourly ? random_hours(dice, kpi, world, moments) : random_trial(dice, kpi, world, moments);
      const auto question = plan::question_from_fields(trial.fields, moments.calendar());
      ASSERT_TRUE(question.has_value()) << trial.text() << ": " << question.error().text();
      questions.push_back(*question);
      trials.push_back(std::move(trial));
    }
    const World in_dollars = in_currency(world, "USD");
    const auto answers = fixture.workspace().ask(questions, {});
    for (std::size_t i = 0; i < trials.size(); ++i) {
      ++asked_;
      std::vector<std::string> wrong;
      if (answers[i])
        wrong = differences(trials[i], trials[i].currency == "EUR" ? world : in_dollars, moments, *answers[i]);
      else wrong = {answers[i].error().text()};
      findings_.add(world, trials[i], wrong);
    }
  }

  Findings findings_;
  int asked_ = 0;
};

TEST_F(ReferenceTest, TheSameFiguresAsPlainLoops) {
  const std::uint64_t first = number_from("VIGIE_REFERENCE_SEED", kFirstSeed);
  const auto worlds = number_from("VIGIE_REFERENCE_WORLDS", 10);
  const auto questions = static_cast<int>(number_from("VIGIE_REFERENCE_ASKED", 210));
  for (std::uint64_t seed = first; seed < first + worlds; ++seed) ASSERT_NO_FATAL_FAILURE(try_world(seed, questions));
  std::cout << fmt::format("{} questions to {} companies, seeds {} to {}\n", asked_, worlds, first, first + worlds - 1);
  findings_.tell();
}

}  // namespace
}  // namespace vigie::reference
