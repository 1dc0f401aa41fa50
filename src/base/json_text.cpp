#include "base/json_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encodings.h"
#include "base/utf8.h"

namespace vigie {
namespace {

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_json_digit(char c) { return c >= '0' && c <= '9'; }
/// What ends a number or a word.
bool ends_json_word(char c) { return is_json_space(c) || c == ',' || c == ':' || c == '}' || c == ']'; }

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    const char low = static_cast<char>(c | 0x20);
    if (!is_json_digit(c) && !(low >= 'a' && low <= 'f')) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(is_json_digit(c) ? c - '0' : low - 'a' + 10);
  }
  return value;
}

bool is_json_number(std::string_view word) {
  const auto digits = [&] {
    std::size_t n = 0;
    while (n < word.size() && is_json_digit(word[n])) ++n;
    word.remove_prefix(n);
    return n;
  };
  if (word.starts_with('-')) word.remove_prefix(1);
  const bool zero = word.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (word.starts_with('.')) {
    word.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (word.starts_with('e') || word.starts_with('E')) {
    word.remove_prefix(1);
    if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return word.empty();
}

/// Goes over a text once, with the brackets that are open.
class JsonCheck {
 public:
  explicit JsonCheck(std::string_view text) : text_(text) {}

  std::optional<JsonFault> run() {
    bool value = value_begins();
    while (value && !open_.empty()) value = next_in_brackets();
    if (!fault_) blanks();
    if (!fault_ && at_ < text_.size()) wrong("more than one value");
    if (!fault_ && !is_utf8(text_)) fault_ = JsonFault{0, "bytes that are no text in UTF-8"};
    return fault_;
  }

 private:
  bool wrong(std::string what) {
    if (!fault_) fault_ = JsonFault{at_, std::move(what)};
    return false;
  }
  bool ended() { return wrong("it ends in the middle of a value"); }
  void blanks() {
    while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
  }
  bool expect(char mark) {
    blanks();
    if (at_ == text_.size()) return ended();
    if (text_[at_] != mark) return wrong(fmt::format("expected \"{}\", found \"{}\"", mark, text_[at_]));
    ++at_;
    return true;
  }
  /// A value, or the bracket that opens it with what must follow at once.
  bool value_begins() {
    blanks();
    if (at_ == text_.size()) return ended();
    const char c = text_[at_];
    if (c == '"') return text();
    if (c != '{' && c != '[') return word();
    if (open_.size() == kDeepestJson) return wrong("brackets within brackets, more than 64 deep");
    ++at_;
    open_ += c == '{' ? '}' : ']';
    blanks();
    if (at_ < text_.size() && text_[at_] == open_.back()) return closed();
    return c == '{' ? member() : value_begins();
  }
  bool closed() {
    ++at_;
    open_.pop_back();
    return true;
  }
  bool member() {
    blanks();
    if (at_ == text_.size()) return ended();
    if (text_[at_] != '"') return wrong("expected the name of a member");
    return text() && expect(':') && value_begins();
  }
  /// After a value within brackets.
  bool next_in_brackets() {
    blanks();
    if (at_ == text_.size()) return ended();
    if (text_[at_] == open_.back()) return closed();
    if (!expect(',')) return false;
    return open_.back() == '}' ? member() : value_begins();
  }
  bool word() {
    std::size_t end = at_;
    while (end < text_.size() && !ends_json_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word != "true" && word != "false" && word != "null" && !is_json_number(word))
      return wrong(
          fmt::format("expected a value, found \"{}\"", word.empty() ? text_.substr(at_, 1) : word.substr(0, 20)));
    at_ = end;
    return true;
  }
  bool text() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return wrong("a control code stands in a text");
      if (c == '\\' && !escape()) return false;
    }
    return ended();
  }
  /// at_ moves to its last letter.
  bool escape() {
    if (at_ + 1 >= text_.size()) return ended();
    const char c = text_[++at_];
    if (std::string_view("\"\\/bfnrt").contains(c)) return true;
    const auto code = c == 'u' ? hex4(text_.substr(at_ + 1)) : std::nullopt;
    if (!code) return wrong("an escape that JSON does not have");
    at_ += 4;
    if (*code < 0xD800 || *code > 0xDFFF) return true;
    const std::string_view second = text_.substr(at_ + 1);
    const auto low = *code < 0xDC00 && second.starts_with("\\u") ? hex4(second.substr(2)) : std::nullopt;
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return wrong("half of a letter stands in a text");
    at_ += 6;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;  ///< what closes the brackets that are open
  std::optional<JsonFault> fault_;
};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_json_space(text.front())) text.remove_prefix(1);
}

/// `text` stands behind the backslash.
void take_escape(std::string_view& text, std::string& out) {
  if (text.empty()) return;
  const char c = text.front();
  text.remove_prefix(1);
  switch (c) {
    case 'n': out += '\n'; return;
    case 't': out += '\t'; return;
    case 'r': out += '\r'; return;
    case 'b': out += '\b'; return;
    case 'f': out += '\f'; return;
    case 'u': break;
    default: out += c; return;  // \" \\ \/
  }
  const auto first = hex4(text);
  text.remove_prefix(std::min<std::size_t>(4, text.size()));
  char32_t code = first.value_or(0xFFFD);
  if (code >= 0xD800 && code < 0xDC00 && text.starts_with("\\u")) {
    const auto second = hex4(text.substr(2));
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (*second - 0xDC00);
      text.remove_prefix(6);
    }
  }
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;  // half of a pair, which engines let pass
  append_utf8(out, code);
}

std::string take_string(std::string_view& text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const std::size_t plain = std::min(text.find_first_of("\"\\"), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.starts_with('\\')) continue;
    text.remove_prefix(1);
    take_escape(text, out);
  }
  if (!text.empty()) text.remove_prefix(1);
  return out;
}

/// The span of the value that begins at `text`, which moves behind it.
std::string_view take_span(std::string_view& text) {
  std::size_t at = 0;
  int depth = 0;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      else if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth-- == 0) break;
    } else if (c == ',' && depth == 0) {
      break;
    }
  }
  at = std::min(at, text.size());
  std::string_view span = text.substr(0, at);
  text.remove_prefix(at);
  while (!span.empty() && is_json_space(span.back())) span.remove_suffix(1);
  return span;
}

}  // namespace

std::optional<JsonFault> json_fault(std::string_view text) { return JsonCheck(text).run(); }

JsonType json_type(std::string_view value) {
  skip_blanks(value);
  switch (value.empty() ? 'n' : value.front()) {
    case '{': return JsonType::object;
    case '[': return JsonType::list;
    case '"': return JsonType::text;
    case 't':
    case 'f': return JsonType::boolean;
    case 'n': return JsonType::null;
    default: return JsonType::number;
  }
}

std::string json_as_text(std::string_view value) {
  skip_blanks(value);
  if (value.starts_with('"')) return take_string(value);
  return value == "null" ? std::string() : std::string(value);
}

std::string json_compact(std::string_view value) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (!quoted && is_json_space(c)) continue;
    out += c;
    if (quoted && c == '\\' && i + 1 < value.size()) out += value[++i];
    else if (c == '"') quoted = !quoted;
  }
  return out;
}

JsonMembers::JsonMembers(std::string_view object) : rest_(object) {
  skip_blanks(rest_);
  if (rest_.starts_with('{')) rest_.remove_prefix(1);
  else rest_ = {};
}

bool JsonMembers::next() {
  skip_blanks(rest_);
  if (rest_.starts_with(',')) rest_.remove_prefix(1);
  skip_blanks(rest_);
  if (!rest_.starts_with('"')) return false;
  name_ = take_string(rest_);
  skip_blanks(rest_);
  if (!rest_.empty()) rest_.remove_prefix(1);  // the colon
  skip_blanks(rest_);
  if (rest_.empty()) return false;
  value_ = take_span(rest_);
  return true;
}

std::vector<std::string_view> json_items(std::string_view list) {
  std::vector<std::string_view> out;
  skip_blanks(list);
  if (!list.starts_with('[')) return out;
  do {
    list.remove_prefix(1);
    skip_blanks(list);
    if (const std::string_view item = take_span(list); !item.empty()) out.push_back(item);
  } while (list.starts_with(','));
  return out;
}

std::optional<std::string> json_member(std::string_view object, std::string_view name) {
  for (JsonMembers members(object); members.next();)
    if (members.name() == name)
      return members.value() == "null" ? std::nullopt : std::optional(json_as_text(members.value()));
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> json_members(std::string_view object) {
  std::vector<std::pair<std::string, std::string>> out;
  for (JsonMembers members(object); members.next();) out.emplace_back(members.name(), json_as_text(members.value()));
  return out;
}

}  // namespace vigie
