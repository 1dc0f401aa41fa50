#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"

namespace vigie {

/// One node of a YAML document, with the file, line and column it came from. Strict where yaml-cpp is lax: duplicate
/// keys are an error at load, and a mapping is read through `known_keys`, so that a misspelt key is named with the
/// nearest right one. Anchors and tags are refused; there is one document to a file.
///
///   VIGIE_TRY(YamlNode root, YamlNode::load_file("kpis/revenue.yaml"));
///   VIGIE_CHECK(root.known_keys({"id", "label", "unit"}));
///   VIGIE_TRY(std::string id, root.text("id"));
class YamlNode {
 public:
  enum class Kind { null, scalar, sequence, mapping };

  /// `shown_as` is the name used in errors (a path relative to the workspace reads better than an absolute one).
  static Result<YamlNode> load_file(const std::filesystem::path& path, const std::string& shown_as = {});
  static Result<YamlNode> parse(std::string_view text, const std::string& shown_as);

  Kind kind() const { return kind_; }
  const SourcePosition& where() const { return where_; }
  bool quoted() const { return quoted_; }

  /// Scalar text of this node (also for numbers and booleans); fails with `yaml.type` on sequences and mappings.
  Result<std::string> as_text() const;
  Result<bool> as_bool() const;  ///< true/false only
  Result<std::int64_t> as_int() const;
  Result<double> as_double() const;
  Result<Decimal> as_decimal() const;                 ///< exact, as written
  Result<std::vector<std::string>> as_texts() const;  ///< a sequence of scalars, or one scalar

  const std::vector<YamlNode>& items() const { return items_; }  ///< of a sequence
  /// Entries of a mapping in file order. `first` is the key's own node, for its position.
  const std::vector<std::pair<YamlNode, YamlNode>>& entries() const { return entries_; }

  const YamlNode* find(std::string_view key) const;             ///< null when absent
  Result<const YamlNode*> require(std::string_view key) const;  ///< `yaml.missing_key`
  Result<std::string> text(std::string_view key) const;         ///< required text
  Result<std::string> text_or(std::string_view key, std::string_view fallback) const;
  Result<bool> bool_or(std::string_view key, bool fallback) const;
  Result<std::int64_t> int_or(std::string_view key, std::int64_t fallback) const;
  /// Fails with `yaml.unknown_key` on a key outside the list, with the nearest known one; `yaml.type` if not a mapping.
  Result<> known_keys(std::initializer_list<std::string_view> keys) const;

  std::unexpected<Error> error(std::string code, std::string message, std::string hint = {}) const;

 private:
  friend class YamlBuilder;
  Kind kind_ = Kind::null;
  std::string scalar_;
  bool quoted_ = false;
  std::vector<YamlNode> items_;
  std::vector<std::pair<YamlNode, YamlNode>> entries_;
  SourcePosition where_;
};

}  // namespace vigie
