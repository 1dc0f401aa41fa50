#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "base/yaml_readers.h"

namespace vigie {

/// Builds our tree straight from the parser's events, and notes what ours does not allow: an alias makes one node many,
/// so that a few lines can ask for gigabytes, and a tag asks for types of its own. The parser's own tree would be built
/// of four times as many parts, and thrown away.
class AnyYaml final : public YAML::EventHandler, YamlBuilder {
 public:
  explicit AnyYaml(const std::string& file) : file_(file) {}

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
    text_in(out) = value;
    if (tag == "!") mark_quoted(out);
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
    YamlNode out = made(kind, {file_, mark.line + 1, mark.column + 1});
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
    if (parent.node.kind() == YamlNode::Kind::sequence) {
      items_in(parent.node).push_back(std::move(child));
    } else if (!parent.key) {
      check_key(parent.node, child);
      parent.key = std::move(child);
    } else {
      // A value that is not there is marked where the text goes on, lines further down: its key is its place.
      if (child.kind() == YamlNode::Kind::null && child.where().line != parent.key->where().line)
        move_to(child, parent.key->where());
      entries_in(parent.node).emplace_back(std::move(*parent.key), std::move(child));
      parent.key.reset();
    }
  }

  void check_key(const YamlNode& mapping, const YamlNode& key) {
    const auto name = key.as_text();
    if (!name) return note(key.error("yaml.key", "a key must be plain text"));
    if (const YamlNode* earlier = mapping.find(*name))
      note(key.error("yaml.duplicate_key", fmt::format("the key \"{}\" stands twice", *name),
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

Result<YamlNode> read_any_yaml(std::string_view text, const std::string& shown_as) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    AnyYaml builder(shown_as);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.finish();
  } catch (const YAML::Exception& problem) {
    return fail(ErrorKind::usage, "yaml.syntax", "not valid YAML: " + problem.msg,
                {shown_as, problem.mark.line + 1, problem.mark.column + 1});
  }
}

}  // namespace vigie
