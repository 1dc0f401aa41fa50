#include "ingest/json_line.h"

#include <cstdint>

namespace vigie::ingest {
namespace {

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n' || text.front() == '\r'))
    text.remove_prefix(1);
}

unsigned hex4(std::string_view text) {
  unsigned value = 0;
  for (const char c : text.substr(0, 4))
    value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return value;
}

void append_code(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  if (code >= 0x10000) {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
  } else if (code >= 0x800) {
    out += static_cast<char>(0xE0 | code >> 12);
  } else {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
    return;
  }
  out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
  out += static_cast<char>(0x80 | (code & 0x3F));
}

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
  if (text.size() < 4) return text.remove_prefix(text.size());
  std::uint32_t code = hex4(text);
  text.remove_prefix(4);
  if (code >= 0xD800 && code < 0xDC00 && text.size() >= 6 && text[0] == '\\' && text[1] == 'u') {
    code = 0x10000 + ((code - 0xD800) << 10) + (hex4(text.substr(2)) - 0xDC00);
    text.remove_prefix(6);
  }
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;  // half of a pair
  append_code(out, code);
}

/// `text` stands at the opening quote.
std::string take_string(std::string_view& text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '\\') take_escape(text, out);
    else out += c;
  }
  if (!text.empty()) text.remove_prefix(1);
  return out;
}

/// The raw text of any value but a string.
std::string_view take_raw(std::string_view& text) {
  const std::string_view begin = text;
  int depth = 0;
  bool quoted = false;
  while (!text.empty()) {
    const char c = text.front();
    if (quoted) {
      if (c == '\\' && text.size() > 1) text.remove_prefix(1);
      else if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth-- == 0) {
      break;
    } else if (c == ',' && depth == 0) {
      break;
    }
    text.remove_prefix(1);
  }
  std::string_view raw = begin.substr(0, begin.size() - text.size());
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\t' || raw.back() == '\n' || raw.back() == '\r'))
    raw.remove_suffix(1);
  return raw;
}

/// Takes the next member off `object`, which stands behind its opening brace or behind the last member; false at the
/// end, and where it is no valid JSON.
bool take_member(std::string_view& object, std::string& name, std::optional<std::string>& value) {
  skip_blanks(object);
  if (!object.empty() && object.front() == ',') object.remove_prefix(1);
  skip_blanks(object);
  if (object.empty() || object.front() != '"') return false;
  name = take_string(object);
  skip_blanks(object);
  if (!object.empty()) object.remove_prefix(1);  // the colon
  skip_blanks(object);
  if (object.empty()) return false;
  if (object.front() == '"') {
    value = take_string(object);
    return true;
  }
  const std::string_view raw = take_raw(object);
  value = raw == "null" ? std::nullopt : std::optional<std::string>(raw);
  return true;
}

/// What stands behind the opening brace; nothing where it is no object.
std::optional<std::string_view> inside(std::string_view object) {
  skip_blanks(object);
  if (object.empty() || object.front() != '{') return std::nullopt;
  return object.substr(1);
}

}  // namespace

std::optional<std::string> json_member(std::string_view object, std::string_view wanted) {
  auto rest = inside(object);
  std::string name;
  std::optional<std::string> value;
  while (rest && take_member(*rest, name, value))
    if (name == wanted) return value;
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> json_members(std::string_view object) {
  auto rest = inside(object);
  std::vector<std::pair<std::string, std::string>> out;
  std::string name;
  std::optional<std::string> value;
  while (rest && take_member(*rest, name, value)) out.emplace_back(name, value.value_or(""));
  return out;
}

}  // namespace vigie::ingest
