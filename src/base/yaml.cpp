#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace vigie {

/// Builds our tree straight from the parser's events, and notes what ours does not allow: an alias makes one node many, so
/// that a few lines can ask for gigabytes, and a tag asks for types of its own. The parser's own tree would be built of
/// four times as many parts, and thrown away.
class YamlBuilder final : public YAML::EventHandler {
 public:
  explicit YamlBuilder(const std::string& file) : file_(file) {}

  /// What was built; of several mistakes the one that makes the others moot.
  Result<YamlNode> finish() {
    if (forbidden_) return std::unexpected(std::move(*forbidden_));
    if (documents_ == 0) return fail(ErrorKind::usage, "yaml.empty", "the file is empty", {file_, 1, 1});
    if (documents_ > 1)
      return fail(ErrorKind::usage, "yaml.documents", "the file holds several YAML documents; one was expected",
                  {file_, second_line_, 1});
    if (mistake_) return std::unexpected(std::move(*mistake_));
    return std::move(root_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    if (documents_ == 2) second_line_ = mark.line + 1;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    look(mark, "?", anchor);
    add(node(YamlNode::Kind::null, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    forbid(mark, "aliases (*name)");
    add(node(YamlNode::Kind::null, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    look(mark, tag, anchor);
    YamlNode out = node(YamlNode::Kind::scalar, mark);
    out.scalar_ = value;
    out.quoted_ = tag == "!";
    add(std::move(out));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    look(mark, tag, anchor);
    open_.push_back({node(YamlNode::Kind::sequence, mark), std::nullopt});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    look(mark, tag, anchor);
    open_.push_back({node(YamlNode::Kind::mapping, mark), std::nullopt});
  }
  void OnMapEnd() override { close(); }

 private:
  /// A sequence or mapping under way, and the key whose value comes next.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;
  };

  YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) {
    constexpr std::size_t kMaxDepth = 32;
    YamlNode out;
    out.kind_ = kind;
    out.where_ = {file_, mark.line + 1, mark.column + 1};
    if (open_.size() > kMaxDepth) note(out.error("yaml.too_deep", "the document nests more than 32 levels"));
    return out;
  }

  void close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(done));
  }

  void add(YamlNode child) {
    if (open_.empty()) {
      root_ = std::move(child);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind_ == YamlNode::Kind::sequence) {
      parent.node.items_.push_back(std::move(child));
    } else if (!parent.key) {
      check_key(parent.node, child);
      parent.key = std::move(child);
    } else {
      if (child.kind_ == YamlNode::Kind::null && child.where_.line == 0) child.where_ = parent.key->where_;
      parent.node.entries_.emplace_back(std::move(*parent.key), std::move(child));
      parent.key.reset();
    }
  }

  void check_key(const YamlNode& mapping, const YamlNode& key) {
    if (key.kind_ != YamlNode::Kind::scalar) return note(key.error("yaml.key", "a key must be plain text"));
    if (const YamlNode* earlier = mapping.find(key.scalar_))
      note(key.error("yaml.duplicate_key", fmt::format("the key \"{}\" stands twice", key.scalar_),
                     fmt::format("its first value is at line {}; remove one", earlier->where().line)));
  }

  void look(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) forbid(mark, "anchors (&name)");
    if (!tag.empty() && tag != "?" && tag != "!") forbid(mark, "tags (!name)");  // "?" plain, "!" quoted
  }
  void forbid(const YAML::Mark& mark, std::string_view what) {
    if (forbidden_) return;
    forbidden_ = fail(ErrorKind::usage, "yaml.anchor", fmt::format("{} are not read here", what),
                      {file_, mark.line + 1, mark.column + 1}, "write the value out where it is used")
                     .error();
  }
  void note(const std::unexpected<Error>& mistake) {
    if (!mistake_) mistake_ = mistake.error();
  }

  const std::string& file_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0, second_line_ = 1;
  std::optional<Error> forbidden_, mistake_;
};

Result<YamlNode> YamlNode::parse(std::string_view text, const std::string& shown_as) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlBuilder builder(shown_as);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.finish();
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
