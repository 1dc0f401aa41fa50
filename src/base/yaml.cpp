#include "base/yaml.h"

#include <charconv>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml_readers.h"

namespace vigie {

Result<YamlNode> YamlNode::parse(std::string_view text, const std::string& shown_as) {
  if (auto plain = read_plain_yaml(text, shown_as)) return std::move(*plain);
  return read_any_yaml(text, shown_as);
}

Result<YamlNode> YamlNode::load_file(const std::filesystem::path& path, const std::string& shown_as) {
  const std::string name = shown_as.empty() ? path.string() : shown_as;
  const auto text = bytes_of(path);
  if (!text)
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", name), {},
                "check the path and the rights on it");
  return parse(*text, name);
}

std::unexpected<Error> YamlNode::error(std::string code, std::string message, std::string hint) const {
  return fail(ErrorKind::usage, std::move(code), std::move(message), where_, std::move(hint));
}

Result<std::string> YamlNode::as_text() const {
  if (kind_ != Kind::scalar) return error("yaml.type", "text was expected here");
  return scalar_;
}

Result<bool> YamlNode::as_bool() const {
  if (kind_ == Kind::scalar && scalar_ == "true") return true;
  if (kind_ == Kind::scalar && scalar_ == "false") return false;
  return error("yaml.type", fmt::format("true or false was expected, not \"{}\"", scalar_));
}

Result<std::int64_t> YamlNode::as_int() const {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(scalar_.data(), scalar_.data() + scalar_.size(), value);
  if (kind_ != Kind::scalar || problem != std::errc{} || end != scalar_.data() + scalar_.size())
    return error("yaml.type", fmt::format("a whole number was expected, not \"{}\"", scalar_));
  return value;
}

Result<double> YamlNode::as_double() const {
  double value = 0;
  const auto [end, problem] = std::from_chars(scalar_.data(), scalar_.data() + scalar_.size(), value);
  if (kind_ != Kind::scalar || problem != std::errc{} || end != scalar_.data() + scalar_.size())
    return error("yaml.type", fmt::format("a number was expected, not \"{}\"", scalar_));
  return value;
}

Result<Decimal> YamlNode::as_decimal() const {
  const auto value = Decimal::parse(scalar_);
  if (kind_ != Kind::scalar || !value)
    return error("yaml.type", fmt::format("a number was expected, not \"{}\"", scalar_));
  return *value;
}

Result<std::vector<std::string>> YamlNode::as_texts() const {
  std::vector<std::string> out;
  if (kind_ == Kind::scalar) return std::vector{scalar_};
  if (kind_ != Kind::sequence) return error("yaml.type", "a list of texts was expected");
  for (const YamlNode& item : items_) {
    VIGIE_TRY(std::string text, item.as_text());
    out.push_back(std::move(text));
  }
  return out;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries_)
    if (name.scalar_ == key) return &value;
  return nullptr;
}

Result<const YamlNode*> YamlNode::require(std::string_view key) const {
  if (kind_ != Kind::mapping) return error("yaml.type", fmt::format("a mapping with the key \"{}\" was expected", key));
  if (const YamlNode* value = find(key)) return value;
  return error("yaml.missing_key", fmt::format("the key \"{}\" is missing", key));
}

Result<std::string> YamlNode::text(std::string_view key) const {
  VIGIE_TRY(const YamlNode* node, require(key));
  return node->as_text();
}

Result<std::string> YamlNode::text_or(std::string_view key, std::string_view fallback) const {
  const YamlNode* node = find(key);
  return node ? node->as_text() : Result<std::string>(std::string(fallback));
}

Result<bool> YamlNode::bool_or(std::string_view key, bool fallback) const {
  const YamlNode* node = find(key);
  return node ? node->as_bool() : Result<bool>(fallback);
}

Result<std::int64_t> YamlNode::int_or(std::string_view key, std::int64_t fallback) const {
  const YamlNode* node = find(key);
  return node ? node->as_int() : Result<std::int64_t>(fallback);
}

Result<> YamlNode::known_keys(std::initializer_list<std::string_view> keys) const {
  if (kind_ != Kind::mapping) return error("yaml.type", "a mapping (key: value) was expected here");
  const std::vector<std::string> known(keys.begin(), keys.end());
  for (const auto& [name, value] : entries_)
    if (std::ranges::find(known, name.scalar_) == known.end())
      return name.error("yaml.unknown_key", fmt::format("unknown key \"{}\"", name.scalar_),
                        suggestion(name.scalar_, known));
  return {};
}

}  // namespace vigie
