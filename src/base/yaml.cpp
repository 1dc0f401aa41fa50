#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace vigie {

namespace {

/// Looks for what ours does not allow before anything is built: an alias makes one node many, so that a few lines can
/// ask for gigabytes, and a tag asks for types of its own.
class ForbiddenMarks final : public YAML::EventHandler {
 public:
  bool found() const { return !what_.empty(); }
  std::unexpected<Error> error(const std::string& file) const {
    return fail(ErrorKind::usage, "yaml.anchor", fmt::format("{} are not read here", what_),
                {file, mark_.line + 1, mark_.column + 1}, "write the value out where it is used");
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { look(mark, "?", anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { note(mark, "aliases (*name)"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string&) override {
    look(mark, tag, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    look(mark, tag, anchor);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    look(mark, tag, anchor);
  }
  void OnMapEnd() override {}

 private:
  void look(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) note(mark, "anchors (&name)");
    if (!tag.empty() && tag != "?" && tag != "!") note(mark, "tags (!name)");  // "?" plain, "!" quoted
  }
  void note(const YAML::Mark& mark, std::string what) {
    if (found()) return;
    what_ = std::move(what);
    mark_ = mark;
  }

  std::string what_;
  YAML::Mark mark_;
};

}  // namespace

/// Copies yaml-cpp's tree into ours, refusing what ours does not allow.
class YamlBuilder {
 public:
  explicit YamlBuilder(std::string file) : file_(std::move(file)) {}

  Result<YamlNode> build(const YAML::Node& in, int depth = 0) const {
    constexpr int kMaxDepth = 32;
    YamlNode out;
    out.where_ = {file_, in.Mark().line + 1, in.Mark().column + 1};
    if (depth > kMaxDepth) return out.error("yaml.too_deep", "the document nests more than 32 levels");
    switch (in.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        return out;
      case YAML::NodeType::Scalar:
        out.kind_ = YamlNode::Kind::scalar;
        out.scalar_ = in.Scalar();
        out.quoted_ = in.Tag() == "!";
        return out;
      case YAML::NodeType::Sequence:
        out.kind_ = YamlNode::Kind::sequence;
        for (const auto& item : in) {
          VIGIE_TRY(YamlNode child, build(item, depth + 1));
          out.items_.push_back(std::move(child));
        }
        return out;
      case YAML::NodeType::Map:
        return build_mapping(in, std::move(out), depth);
    }
    return out;
  }

 private:
  Result<YamlNode> build_mapping(const YAML::Node& in, YamlNode out, int depth) const {
    out.kind_ = YamlNode::Kind::mapping;
    for (const auto& entry : in) {
      VIGIE_TRY(YamlNode key, build(entry.first, depth + 1));
      if (key.kind_ != YamlNode::Kind::scalar) return key.error("yaml.key", "a key must be plain text");
      if (const YamlNode* earlier = out.find(key.scalar_))
        return key.error("yaml.duplicate_key", fmt::format("the key \"{}\" stands twice", key.scalar_),
                         fmt::format("its first value is at line {}; remove one", earlier->where().line));
      VIGIE_TRY(YamlNode value, build(entry.second, depth + 1));
      if (value.kind_ == YamlNode::Kind::null && value.where_.line == 0) value.where_ = key.where_;
      out.entries_.emplace_back(std::move(key), std::move(value));
    }
    return out;
  }

  std::string file_;
};

Result<YamlNode> YamlNode::parse(std::string_view text, const std::string& shown_as) {
  try {
    ForbiddenMarks forbidden;
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (!forbidden.found() && parser.HandleNextDocument(forbidden)) {
    }
    if (forbidden.found()) return forbidden.error(shown_as);
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.empty()) return fail(ErrorKind::usage, "yaml.empty", "the file is empty", {shown_as, 1, 1});
    if (documents.size() > 1)
      return fail(ErrorKind::usage, "yaml.documents", "the file holds several YAML documents; one was expected",
                  {shown_as, documents[1].Mark().line + 1, 1});
    return YamlBuilder(shown_as).build(documents.front());
  } catch (const YAML::Exception& problem) {
    return fail(ErrorKind::usage, "yaml.syntax", "not valid YAML: " + problem.msg,
                {shown_as, problem.mark.line + 1, problem.mark.column + 1});
  }
}

Result<YamlNode> YamlNode::load_file(const std::filesystem::path& path, const std::string& shown_as) {
  const std::string name = shown_as.empty() ? path.string() : shown_as;
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, ignored))
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", name), {},
                "check the path and the rights on it");
  std::ostringstream text;
  text << in.rdbuf();
  return parse(text.str(), name);
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
