#include "kpi/apart.h"

#include <gtest/gtest.h>

#include "expr/check.h"

namespace vigie::kpi {
namespace {

class Columns final : public expr::Scope {
 public:
  std::string subject() const override { return "customers"; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    if (name == "relation" || name == "segment") return expr::ColumnInfo{expr::Type::text, 0};
    return std::nullopt;
  }
  std::vector<std::string> column_names() const override { return {"relation", "segment"}; }
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }
};

/// Which of the two relations a filter lets through.
std::string passing(const std::string& text) {
  const auto filter = expr::parse_and_check(text, Columns(), {"", 1, 1}, expr::Type::boolean);
  EXPECT_TRUE(filter) << text;
  std::string out;
  for (const char* value : {"contract", "purchase"})
    if (filter && may_pass(*filter, "relation", value)) out += (out.empty() ? "" : " ") + std::string(value);
  return out;
}

TEST(Apart, AFilterMayLeaveOneOfTwo) {
  EXPECT_EQ(passing("relation = 'purchase'"), "purchase");
  EXPECT_EQ(passing("'purchase' = relation and segment = 'small'"), "purchase");
  EXPECT_EQ(passing("relation != 'purchase'"), "contract");
  EXPECT_EQ(passing("relation in ('contract', 'other')"), "contract");
  EXPECT_EQ(passing("relation not in ('contract')"), "purchase");
  EXPECT_EQ(passing("not (relation = 'contract' or segment = 'small')"), "purchase");
}

TEST(Apart, AFilterMayLeaveBoth) {
  EXPECT_EQ(passing("segment = 'small'"), "contract purchase");
  EXPECT_EQ(passing("relation = 'purchase' or segment = 'small'"), "contract purchase");
  EXPECT_EQ(passing("relation = segment"), "contract purchase");
  EXPECT_EQ(passing("relation like 'c%'"), "contract purchase");
}

TEST(Apart, OrNone) {
  EXPECT_EQ(passing("relation = 'other'"), "");
  EXPECT_TRUE(may_pass(nullptr, "relation", "contract"));
}

}  // namespace
}  // namespace vigie::kpi
