#include "kpi/shown_keys.h"

#include <gtest/gtest.h>

#include "model/shipped_model.h"

namespace vigie::kpi {
namespace {

/// Refuses every query, and counts them.
class Refusing final : public store::Engine {
 public:
  explicit Refusing(std::string code) : code_(std::move(code)) {}
  Result<store::ResultSet> query(const store::RelPtr&, const store::QueryLimits&) override {
    ++asked;
    return fail(ErrorKind::unavailable, code_, "refused");
  }
  std::string sql(const store::RelPtr&) const override { return {}; }
  Result<std::unique_ptr<store::Scratch>> scratch() override { return fail(ErrorKind::unavailable, code_, "refused"); }

  int asked = 0;

 private:
  std::string code_;
};

/// An answer by seller: "Ada" has her name, "e7" may be the key of somebody without one.
class ShownKeys : public ::testing::Test {
 protected:
  ShownKeys() {
    facts_.nameless.insert("employees");
    for (const char* seller : {"Ada", "e7"}) {
      Row row;
      row.by = {{"owner", seller}};
      answer_.rows.push_back(row);
    }
  }
  Result<> warn(store::Engine& engine) {
    const Session session{catalog_, model::shipped_model(), settings_, calendar_, facts_, engine, Instant{0}};
    return warn_of_shown_keys(session, {}, beside_, answer_);
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const Warning& warning : answer_.warnings) out.push_back(warning.code);
    return out;
  }

  const catalog::Catalog catalog_ =
      catalog::Catalog::load({std::filesystem::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model()).value();
  const catalog::Settings settings_;
  const calendar::Calendar calendar_ = calendar::Calendar::make({}).value();
  plan::DataFacts facts_;
  Beside beside_;
  Answer answer_;
};

TEST_F(ShownKeys, ThatCannotBeLookedForAreToldAsThat) {
  Refusing engine("engine.deadline");
  ASSERT_TRUE(warn(engine));
  EXPECT_EQ(codes(), std::vector<std::string>{"names_not_looked_for"});
  EXPECT_EQ(answer_.warnings.front().message.en, catalog_.warning("names_not_looked_for", 1).en);
  // A query that failed ended the snapshot of the whole batch: the next answer is told the same, and nothing is asked.
  ASSERT_TRUE(warn(engine));
  EXPECT_EQ(codes(), (std::vector<std::string>{"names_not_looked_for", "names_not_looked_for"}));
  EXPECT_EQ(engine.asked, 1);
}

TEST_F(ShownKeys, OfNobodyWhoIsStillThere) {
  Refusing engine("engine.cancelled");
  const auto stopped = warn(engine);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "engine.cancelled");
  EXPECT_TRUE(codes().empty());
}

TEST_F(ShownKeys, AreNotLookedForWhereEverybodyHasAName) {
  Refusing engine("engine.deadline");
  facts_.nameless.clear();
  ASSERT_TRUE(warn(engine));
  EXPECT_EQ(engine.asked, 0);
  EXPECT_TRUE(codes().empty());
}

}  // namespace
}  // namespace vigie::kpi
