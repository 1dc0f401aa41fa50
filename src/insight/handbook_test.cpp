#include "insight/handbook.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/yaml.h"
#include "tongue/french.h"

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
    EXPECT_TRUE(text_of(root / file) == handbook(*catalog, *model, language, Date{40'000}))
        << file << " is behind the catalogue; write it again:\n  LC_ALL=" << name
        << " build/bin/vigie kpis --format markdown > " << file;
  }
}

// What fails for want of a figure says why, in one sentence of one language (why.no_value, reconcile.no_value).
TEST(French, KnowsEachReasonOfTheCatalogue) {
  const auto file = YamlNode::load_file(fs::path(VIGIE_SOURCE_DIR) / "kpis/reasons.yaml");
  ASSERT_TRUE(file) << file.error().text();
  const YamlNode* reasons = file->find("reasons");
  ASSERT_TRUE(reasons && reasons->entries().size() > 10);
  const auto alike = [](std::string text) {  // blanks that may break and those that may not
    for (std::size_t at = 0; (at = text.find("\u00a0", at)) != std::string::npos;) text.replace(at, 2, " ");
    return text;
  };
  for (const auto& [code, words] : reasons->entries()) {
    const std::string sentence = "cac has no figure from 2025-01-01 to 2025-02-01: " + words.text("en").value();
    EXPECT_EQ(alike(tongue::in_french(sentence)),
              "cac n'a pas de chiffre du 2025-01-01 au 2025-02-01 : " + alike(words.text("fr").value()));
  }
}

}  // namespace
}  // namespace vigie::insight
