#pragma once
// For tests: definitions as a test writes them.
#include "base/test_folder.h"
#include "catalog/catalog.h"
#include "model/shipped_model.h"

namespace vigie::catalog {

constexpr Date kToday{20'000};

/// A folder of definitions written by a test.
class DefinitionFolder {
 public:
  DefinitionFolder() { std::filesystem::create_directories(kpis()); }
  std::filesystem::path kpis() const { return files_ / "kpis"; }
  void write(const std::string& name, const std::string& text) const { files_.write("kpis/" + name, text); }
  Result<Catalog> load() const { return Catalog::load({kpis()}, model::shipped_model()); }
  /// The error of what was written; empty: there is none.
  std::string refusal() const {
    const auto loaded = load();
    return loaded ? "" : loaded.error().text();
  }

 private:
  TestFolder files_;
};

inline Result<Catalog> shipped_catalog() {
  return Catalog::load({std::filesystem::path(VIGIE_SOURCE_DIR) / "kpis"}, model::shipped_model());
}

/// A definition with one measure, m, and one variant. `more`: further lines of its head.
inline std::string definition(const std::string& id, const std::string& measure, const std::string& value,
                              const std::string& unit = "money", const std::string& more = {}) {
  return "id: " + id + "\neffective_from: 2020-01-01\nunit: " + unit + "\ndirection: up\n" + more +
         "label: {en: X, fr: X}\ndescription: {en: X, fr: X}\nmeasures:\n  m: " + measure +
         "\nvariants:\n  default:\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: " + value + "\n";
}

}  // namespace vigie::catalog
