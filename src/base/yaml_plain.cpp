#include "base/yaml_readers.h"

namespace vigie {
namespace {

constexpr std::size_t kDeepest = 24;                         ///< levels; yaml.cpp says at which depth a text is refused
constexpr std::size_t kLongestKey = 512;                     ///< bytes; YAML allows 1024 on one line
constexpr std::string_view kReserved = ",[]{}#&*!|>'\"%@`";  ///< what no plain scalar begins with

bool is_null_word(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

}  // namespace

/// Every step returns false where the text is not plain: the whole is given up then.
class PlainYaml : YamlBuilder {
 public:
  PlainYaml(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::optional<YamlNode> read() {
    if (!is_clean() || !next_line() || indent_ != 0) return std::nullopt;
    YamlNode root;
    if (!block(root, 0, 0) || !at_end_) return std::nullopt;
    return root;
  }

 private:
  /// No control characters but line ends (tabs have rules of their own), and whole UTF-8: bytes are passed on as they
  /// are.
  bool is_clean() const {
    std::size_t follow = 0;
    for (const char c : text_) {
      const auto byte = static_cast<unsigned char>(c);
      if (follow > 0) {
        if ((byte & 0xC0U) != 0x80U) return false;
        --follow;
      } else if (byte >= 0x80U) {
        if (byte < 0xC2U || byte == 0xE0U || byte > 0xECU) return false;  // too long, a byte order mark, beyond plane 0
        follow = byte < 0xE0U ? 1 : 2;
      } else if ((byte < 0x20U && c != '\n') || byte == 0x7FU) {
        return false;
      }
    }
    return follow == 0;
  }

  /// Moves to the next line with content; at_end_ where there is none. False on the marks that part documents.
  bool next_line() {
    for (;; ++line_) {
      if (next_ >= text_.size()) {
        at_end_ = true;
        return true;
      }
      const std::size_t end = std::min(text_.find('\n', next_), text_.size());
      row_ = text_.substr(next_, end - next_);
      next_ = end + 1;
      indent_ = row_.find_first_not_of(' ');
      if (indent_ == std::string_view::npos || row_[indent_] == '#') continue;
      ++line_;
      return indent_ > 0 || !(row_.starts_with("---") || row_.starts_with("...") || row_[0] == '%');
    }
  }

  YamlNode node(YamlNode::Kind kind, std::size_t at) const {
    return made(kind, {file_, line_, static_cast<int>(at) + 1});
  }

  bool has(std::size_t at, char c) const { return at < row_.size() && row_[at] == c; }
  /// A blank or the end of the line: what ends an indicator.
  bool ends(std::size_t at) const { return at >= row_.size() || row_[at] == ' '; }
  std::size_t skip(std::size_t at) const { return std::min(row_.find_first_not_of(' ', at), row_.size()); }
  /// Nothing more on the line but a comment.
  bool done(std::size_t at) const {
    const std::size_t rest = skip(at);
    return rest == row_.size() || (row_[rest] == '#' && rest > at);
  }

  /// The mapping or sequence whose first line begins at column `at` of this one.
  bool block(YamlNode& out, std::size_t at, std::size_t depth) {
    if (depth > kDeepest) return false;
    return has(at, '-') && ends(at + 1) ? block_sequence(out, at, depth) : block_mapping(out, at, depth);
  }

  bool block_sequence(YamlNode& out, std::size_t at, std::size_t depth) {
    out = node(YamlNode::Kind::sequence, at);
    for (;;) {
      const std::size_t item = skip(at + 1);
      if (item == row_.size() || row_[item] == '#') return false;
      YamlNode& child = items_in(out).emplace_back();
      // "- key: value" begins a mapping in the middle of the line.
      const bool nested = (has(item, '-') && ends(item + 1)) || is_key(item);
      if (!(nested ? block(child, item, depth + 1) : line_value(child, item, at, depth + 1))) return false;
      if (at_end_ || indent_ < at) return true;
      if (indent_ != at || !has(at, '-') || !ends(at + 1)) return false;
    }
  }

  bool block_mapping(YamlNode& out, std::size_t at, std::size_t depth) {
    out = node(YamlNode::Kind::mapping, at);
    for (;;) {
      YamlNode key;
      std::size_t after = at;
      if (!block_key(key, after) || out.find(text_in(key)) != nullptr) return false;
      auto& entry = entries_in(out).emplace_back(std::move(key), YamlNode());
      if (done(after)) {
        if (!next_line() || at_end_ || indent_ <= at || !block(entry.second, indent_, depth + 1)) return false;
      } else if (!line_value(entry.second, skip(after), at, depth + 1)) {
        return false;
      }
      if (at_end_ || indent_ < at) return true;
      if (indent_ != at || (has(at, '-') && ends(at + 1))) return false;
    }
  }

  bool is_key(std::size_t at) const {
    YamlNode ignored;
    return block_key(ignored, at);
  }

  /// A key and its colon; `at` then stands behind the colon.
  bool block_key(YamlNode& key, std::size_t& at) const {
    const std::size_t begins = at;
    if (has(at, '"') || has(at, '\'')) {
      if (!quoted(key, at)) return false;
    } else {
      if (!begins_plain(at)) return false;
      std::size_t end = at;
      while (end < row_.size() && !(row_[end] == ':' && ends(end + 1))) ++end;
      const std::string_view text = row_.substr(at, end - at);
      if (text.ends_with(' ') || text.find(" #") != std::string_view::npos || is_null_word(text)) return false;
      key = node(YamlNode::Kind::scalar, at);
      text_in(key) = text;
      at = end;
    }
    if (at - begins > kLongestKey || !has(at, ':') || !ends(at + 1)) return false;
    ++at;
    return true;
  }

  /// A value that ends on this line, which is left behind. A line deeper than its block would go on with it.
  bool line_value(YamlNode& out, std::size_t at, std::size_t block_at, std::size_t depth) {
    if (has(at, '{') || has(at, '[')) {
      if (!flow(out, at, depth) || !done(at)) return false;
    } else if (has(at, '"') || has(at, '\'')) {
      if (!quoted(out, at) || !done(at)) return false;
    } else if (!plain_to_the_end(out, at)) {
      return false;
    }
    return next_line() && (at_end_ || indent_ <= block_at);
  }

  bool begins_plain(std::size_t at) const {
    if (at >= row_.size() || kReserved.find(row_[at]) != std::string_view::npos) return false;
    const char c = row_[at];
    return c != '?' && c != ':' && !(c == '-' && ends(at + 1));
  }

  bool plain_to_the_end(YamlNode& out, std::size_t at) const {
    if (!begins_plain(at)) return false;
    std::string_view text = row_.substr(at);
    text = text.substr(0, text.find(" #"));
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    if (text.ends_with(':') || text.find(": ") != std::string_view::npos || is_null_word(text)) return false;
    out = node(YamlNode::Kind::scalar, at);
    text_in(out) = text;
    return true;
  }

  /// 'it''s' or "a \"b\" \\ c"; `at` then stands behind the closing quote. Other escapes are left to yaml-cpp.
  bool quoted(YamlNode& out, std::size_t& at) const {
    const char quote = row_[at];
    out = node(YamlNode::Kind::scalar, at);
    mark_quoted(out);
    for (++at; at < row_.size(); ++at) {
      char c = row_[at];
      if (c == quote && !(quote == '\'' && has(at + 1, quote))) {
        ++at;
        return true;
      }
      if (c == quote) ++at;
      if (quote == '"' && c == '\\') {
        if (!has(at + 1, '"') && !has(at + 1, '\\')) return false;
        c = row_[++at];
      }
      text_in(out) += c;
    }
    return false;
  }

  /// To what comes next inside brackets, on a later line if need be.
  bool flow_on(std::size_t& at) {
    const std::size_t from = at;
    at = skip(at);
    if (at < row_.size() && row_[at] != '#') return true;
    if (at < row_.size() && at == from) return false;
    if (!next_line() || at_end_ || indent_ == 0) return false;
    at = indent_;
    return true;
  }

  /// [a, b] or {a: b}, whose lines break behind commas only; `at` then stands behind the closing bracket.
  bool flow(YamlNode& out, std::size_t& at, std::size_t depth) {
    if (depth > kDeepest) return false;
    const bool mapping = row_[at] == '{';
    const char close = mapping ? '}' : ']';
    out = node(mapping ? YamlNode::Kind::mapping : YamlNode::Kind::sequence, at);
    if (!flow_on(++at)) return false;
    for (bool first = true; !(first && has(at, close)); first = false) {
      if (!(mapping ? flow_entry(out, at, depth + 1) : flow_value(items_in(out).emplace_back(), at, depth + 1)))
        return false;
      at = skip(at);
      if (has(at, close)) break;
      if (!has(at, ',')) return false;
      ++at;
      if (!flow_on(at)) return false;
    }
    ++at;
    return true;
  }

  bool flow_entry(YamlNode& out, std::size_t& at, std::size_t depth) {
    const std::size_t begins = at;
    YamlNode key;
    if (has(at, '{') || has(at, '[') || !flow_value(key, at, depth) || at - begins > kLongestKey) return false;
    if (!has(at, ':') || !has(at + 1, ' ') || out.find(text_in(key)) != nullptr) return false;
    at = skip(at + 1);
    return flow_value(entries_in(out).emplace_back(std::move(key), YamlNode()).second, at, depth);
  }

  bool flow_value(YamlNode& out, std::size_t& at, std::size_t depth) {
    if (has(at, '{') || has(at, '[')) return flow(out, at, depth);
    if (has(at, '"') || has(at, '\'')) return quoted(out, at);
    if (!begins_plain(at)) return false;
    std::size_t end = at;
    for (; end < row_.size(); ++end) {
      const char c = row_[end];
      if (c == ',' || c == ']' || c == '}') break;
      if (c == '?' || c == '[' || c == '{' || (c == '#' && row_[end - 1] == ' ')) return false;
      if (c == ':' &&
          (end + 1 == row_.size() || std::string_view(" ,]}").find(row_[end + 1]) != std::string_view::npos))
        break;
    }
    std::string_view text = row_.substr(at, end - at);
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    if (is_null_word(text)) return false;
    out = node(YamlNode::Kind::scalar, at);
    text_in(out) = text;
    at += text.size();
    return true;
  }

  std::string_view text_;
  const std::string& file_;
  std::string_view row_;    ///< the line under way
  std::size_t next_ = 0;    ///< where the next one begins
  std::size_t indent_ = 0;  ///< of the line under way
  int line_ = 0;            ///< its number, from 1
  bool at_end_ = false;
};

std::optional<YamlNode> read_plain_yaml(std::string_view text, const std::string& shown_as) {
  return PlainYaml(text, shown_as).read();
}

}  // namespace vigie
