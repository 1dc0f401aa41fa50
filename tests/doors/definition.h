#pragma once
#include <string>

namespace vigie::doors {

/// A definition of the workspace, its one measure on line 7.
inline std::string definition(const std::string& id, const std::string& measure, const std::string& value) {
  return "id: " + id +
         "\nversion: 1\neffective_from: 2000-01-01\nunit: money\ndirection: up\nmeasures:\n  m: " + measure +
         "\nlabel: {en: X, fr: X}\ndescription: {en: x, fr: x}\nvariants:\n  default:\n    label: {en: X, fr: X}\n    "
         "words: {en: x, fr: x}\n    value: " +
         value + "\n";
}

}  // namespace vigie::doors
