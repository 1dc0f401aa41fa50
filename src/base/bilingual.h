#pragma once
#include <string>

#include "base/result.h"

namespace vigie {

class JsonWriter;
class YamlNode;

/// What people are told, in both languages.
struct Text {
  std::string en, fr;
};

Result<Text> read_text(const YamlNode& node);   ///< {en: …, fr: …}, both required
void write(JsonWriter& out, const Text& text);  ///< {"en":"…","fr":"…"}

}  // namespace vigie
