#include <set>

#include "base/text.h"
#include "model/load.h"

namespace vigie::model {
namespace {

constexpr std::string_view kSeparators = " _-";

/// The name with its words joined in another way; an empty separator writes them as one.
std::string joined_by(std::string_view name, std::string_view separator) {
  std::string out;
  for (const char c : name)
    if (kSeparators.find(c) == std::string_view::npos) out += c;
    else out += separator;
  return out;
}

/// In lower case, Latin letters with accents as well (U+00C0…U+00DE, U+0100…U+017F), as engines lower the texts of
/// rows.
std::string lower_latin(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0xC3 || lead > 0xC5 || i + 1 == text.size()) {
      out += lower_ascii(text.substr(i, 1));
      continue;
    }
    unsigned letter = (lead & 0x1FU) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU);
    const auto paired = [&](unsigned first, unsigned last) {
      return first <= letter && letter <= last && (letter - first) % 2 == 0;
    };
    if (0xC0 <= letter && letter <= 0xDE && letter != 0xD7) letter += 0x20;
    else if (letter == 0x178) letter = 0xFF;  // Ÿ
    else if (letter != 0x130 &&
             (paired(0x100, 0x136) || paired(0x139, 0x147) || paired(0x14A, 0x176) || paired(0x179, 0x17D)))
      ++letter;
    out += static_cast<char>(0xC0U | letter >> 6);
    out += static_cast<char>(0x80U | (letter & 0x3FU));
  }
  return out;
}

Result<std::vector<std::string>> texts_of(const YamlNode& node, std::string_view key) {
  VIGIE_TRY(const YamlNode* list, node.require(key));
  return list->as_texts();
}

Result<> check_apart(const YamlNode& node, const ChannelGroup& group, std::set<std::string>& taken) {
  std::set<std::string> own;
  for (const std::string& name : group.names)
    for (const std::string& spelling : spellings(name)) own.insert(spelling);
  for (const std::string& name : own)
    if (!taken.insert(name).second)
      return node.error("model.channel_group", fmt::format("\"{}\" is a name of two groups", name));
  return {};
}

}  // namespace

std::vector<std::string> spellings(std::string_view name) {
  std::set<std::string> out;
  const std::string lower = lower_latin(name);
  for (const std::string& letters : {lower, fold_name(name)})
    for (const std::string_view separator : {" ", "_", "-", ""}) out.insert(joined_by(letters, separator));
  out.insert(lower);
  return {out.begin(), out.end()};
}

Result<std::vector<ChannelGroup>> read_channel_groups(const YamlNode& node) {
  std::vector<ChannelGroup> out;
  std::set<std::string> taken;
  for (const auto& [name, body] : node.entries()) {
    ChannelGroup group;
    VIGIE_TRY(group.id, name.as_text());
    VIGIE_CHECK(check_name(name, group.id));
    VIGIE_CHECK(body.known_keys({"label", "names", "mediums", "sources"}));
    VIGIE_TRY(const YamlNode* label, body.require("label"));
    VIGIE_TRY(group.label, read_text(*label));
    VIGIE_TRY(group.names, texts_of(body, "names"));
    VIGIE_TRY(group.mediums, texts_of(body, "mediums"));
    VIGIE_TRY(group.sources, texts_of(body, "sources"));
    group.names.push_back(group.id);
    VIGIE_CHECK(check_apart(body, group, taken));
    out.push_back(std::move(group));
  }
  if (std::ranges::find(out, kUnknownGroup, &ChannelGroup::id) == out.end())
    return node.error("model.channel_group", fmt::format("there is no group \"{}\" for the rest", kUnknownGroup));
  return out;
}

void add_channel_groups(Relation& relation) {
  if (!relation.dimensions.contains("channel") || relation.find(kChannelGroup) != nullptr) return;
  RelationColumn column;
  column.name = kChannelGroup;
  column.type = expr::Type::text;
  column.derived = true;
  relation.columns.push_back(std::move(column));
  relation.dimensions.emplace(kChannelGroup, kChannelGroup);
}

}  // namespace vigie::model
