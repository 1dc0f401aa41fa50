#include "insight/handbook.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vigie::insight {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

TEST(Handbook, TheCommittedDocumentsSayWhatTheCatalogueSays) {
  const fs::path root(VIGIE_SOURCE_DIR);
  const auto model = model::Model::load(root / "model");
  ASSERT_TRUE(model) << model.error().text();
  const auto catalog = catalog::Catalog::load({root / "kpis"}, *model);
  ASSERT_TRUE(catalog) << catalog.error().text();
  for (const auto& [language, name] : {std::pair{tongue::Language::en, "en"}, std::pair{tongue::Language::fr, "fr"}}) {
    const std::string file = fmt::format("docs/handbook.{}.md", name);
    EXPECT_TRUE(text_of(root / file) == handbook(*catalog, language, Date{40'000}))
        << file << " is behind the catalogue; write it again:\n  LC_ALL=" << name
        << " build/bin/vigie kpis --format markdown > " << file;
  }
}

}  // namespace
}  // namespace vigie::insight
