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
    if (kSeparators.find(c) == std::string_view::npos)
      out += c;
    else
      out += separator;
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
  for (const std::string& letters : {std::string(name), fold_name(name)})
    for (const std::string_view separator : {" ", "_", "-", ""}) out.insert(joined_by(letters, separator));
  out.emplace(name);
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
    VIGIE_TRY(group.label, read_label(*label));
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
