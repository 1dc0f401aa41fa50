#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/yaml.h"

namespace vigie {

/// What both readers make nodes with.
class YamlBuilder {
 protected:
  static YamlNode made(YamlNode::Kind kind, SourcePosition where) {
    YamlNode out;
    out.kind_ = kind;
    out.where_ = std::move(where);
    return out;
  }
  static std::string& text_in(YamlNode& node) { return node.scalar_; }
  static void mark_quoted(YamlNode& node) { node.quoted_ = true; }
  static void move_to(YamlNode& node, const SourcePosition& where) { node.where_ = where; }
  static std::vector<YamlNode>& items_in(YamlNode& node) { return node.items_; }
  static std::vector<std::pair<YamlNode, YamlNode>>& entries_in(YamlNode& node) { return node.entries_; }
};

/// All of YAML, by yaml-cpp: slow, and the one that says what is wrong with a text.
Result<YamlNode> read_any_yaml(std::string_view text, const std::string& shown_as);

/// The part of YAML that definitions and tables are written in, in one pass over the text: blocks of mappings and
/// sequences, flow ones that break behind commas, scalars that end on their line, comments. It reads 250 KB of model
/// and catalogue at every start, in a tenth of yaml-cpp's time.
///
/// Nothing where the text steps out of that part or is wrong in any way (then read_any_yaml reads it, or says what is
/// wrong). What it does read it reads as yaml-cpp does, to the last position; a test holds the two against each other.
std::optional<YamlNode> read_plain_yaml(std::string_view text, const std::string& shown_as);

}  // namespace vigie
