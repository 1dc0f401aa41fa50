#include "base/bilingual.h"

#include "base/json_writer.h"
#include "base/yaml.h"

namespace vigie {

Result<Text> read_text(const YamlNode& node) {
  VIGIE_CHECK(node.known_keys({"en", "fr"}));
  Text text;
  VIGIE_TRY(text.en, node.text("en"));
  VIGIE_TRY(text.fr, node.text("fr"));
  return text;
}

void write(JsonWriter& out, const Text& text) {
  out.begin_object().key("en").text(text.en).key("fr").text(text.fr).end_object();
}

}  // namespace vigie
