#pragma once
// For tests: definitions as a test writes them.
#include "base/test_folder.h"
#include "catalog/catalog.h"

namespace vigie::catalog {

constexpr Date kToday{20'000};

/// A definition with one measure, m, and one variant. `more`: further lines of its head.
inline std::string definition(const std::string& id, const std::string& measure, const std::string& value,
                              const std::string& unit = "money", const std::string& more = {}) {
  return "id: " + id + "\neffective_from: 2020-01-01\nunit: " + unit + "\ndirection: up\n" + more +
         "label: {en: X, fr: X}\ndescription: {en: X, fr: X}\nmeasures:\n  m: " + measure +
         "\nvariants:\n  default:\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: " + value + "\n";
}

}  // namespace vigie::catalog
