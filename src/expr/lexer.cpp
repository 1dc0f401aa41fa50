#include "expr/lexer.h"

#include "base/text.h"

namespace vigie::expr {
namespace {

constexpr auto kReserved = std::to_array<std::string_view>({"and", "or", "not", "in", "between", "like", "is", "null",
                                                            "true", "false", "case", "when", "then", "else", "end"});

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }

/// Characters beyond ASCII that are blanks or marks, not letters: never part of a name.
struct Mark {
  std::string_view bytes;
  std::string_view hint;  ///< empty: a blank
};
constexpr Mark kMarks[] = {
    {"\u00A0", ""},
    {"\u202F", ""},
    {"\u2018", "texts stand between straight quotes: 'paid'"},
    {"\u2019", "texts stand between straight quotes: 'paid'"},
    {"\u201C", "texts stand between straight quotes: 'paid'"},
    {"\u201D", "texts stand between straight quotes: 'paid'"},
    {"\u00AB", "texts stand between straight quotes: 'paid'"},
    {"\u00BB", "texts stand between straight quotes: 'paid'"},
    {"\u2260", "write !="},
    {"\u2264", "write <="},
    {"\u2265", "write >="},
    {"\u00D7", "write *"},
    {"\u2212", "write -"},
};

const Mark* mark_at(std::string_view rest) {
  for (const Mark& mark : kMarks)
    if (rest.starts_with(mark.bytes)) return &mark;
  return nullptr;
}

/// The character that begins here, whole.
std::string_view character_at(std::string_view rest) {
  std::size_t size = 1;
  while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U) ++size;
  return rest.substr(0, size);
}

std::string_view symbol_hint(std::string_view rest) {
  if (rest.starts_with("==")) return "write = for \"is equal\"";
  if (rest.starts_with("&")) return "write and";
  if (rest.starts_with("|")) return "write or";
  if (rest.starts_with("!")) return "write not, or != for \"is not equal\"";
  if (rest.starts_with(";")) return "an expression is one condition or value, not several statements";
  return "";
}

/// Bytes of the UTF-8 character that begins here; 0 when none does.
std::size_t utf8_size(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool beyond = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : size;
}

}  // namespace

bool is_reserved(std::string_view word) { return std::ranges::find(kReserved, lower_ascii(word)) != kReserved.end(); }

bool is_plain_name(std::string_view name) {
  if (is_reserved(name) || lower_ascii(name) == "as_of") return false;
  bool start = true;  // of a part: dots stand between parts only
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (mark_at(name.substr(i))) return false;
    if (name[i] == '.' && !start) {
      start = true;
      continue;
    }
    if (start ? !is_name_start(name[i]) : !is_name_char(name[i])) return false;
    start = false;
  }
  return !start;
}

Result<> check_characters(const Source& source) {
  const std::string_view text = source.text();
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = utf8_size(text.substr(i));
    if (size == 0) return source.error("expr.syntax", i, "a byte that is not UTF-8", "save the text as UTF-8");
    const auto first = static_cast<unsigned char>(text[i]);
    if ((first < 0x20 && first != '\t' && first != '\n' && first != '\r') || first == 0x7F)
      return source.error("expr.syntax", i, fmt::format("a control character (U+{:04X})", first), "take it out");
    i += size;
  }
  return {};
}

bool Token::is_keyword(std::string_view word) const { return kind == TokenKind::name && lower_ascii(text) == word; }

Token Lexer::token(TokenKind kind, std::size_t end, std::string text) {
  Token made{kind, std::move(text), at_, end};
  at_ = end;
  return made;
}

void Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    const Mark* mark = mark_at(text_.substr(at_));
    if (mark && mark->hint.empty()) at_ += mark->bytes.size();
    else if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r') ++at_;
    else return;
  }
}

Result<Token> Lexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) return token(TokenKind::end, text_.size(), "");
  const char c = text_[at_];
  if (is_digit(c)) return number();
  if (c == '\'') return quoted(c, TokenKind::text);
  if (c == '"' || c == '`') return quoted(c, TokenKind::quoted_name);
  if (c == '$') return parameter();
  if (is_name_start(c) && !mark_at(text_.substr(at_))) return name();
  return symbol();
}

std::size_t Lexer::name_end(std::size_t from) const {
  while (from < text_.size() && is_name_char(text_[from]) && !mark_at(text_.substr(from))) ++from;
  return from;
}

/// A path: plain parts with a dot between them. (An odd one stands in quotes as a whole.)
Result<Token> Lexer::name() {
  std::size_t end = name_end(at_);
  std::string path(text_.substr(at_, end - at_));
  while (end + 1 < text_.size() && text_[end] == '.' && is_name_start(text_[end + 1]) &&
         !mark_at(text_.substr(end + 1))) {
    const std::size_t part = end + 1;
    end = name_end(part);
    path += '.';
    path += text_.substr(part, end - part);
  }
  return token(TokenKind::name, end, std::move(path));
}

Result<Token> Lexer::quoted(char mark, TokenKind kind) {
  std::string content;
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] != mark) {
      content += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == mark) {
      content += text_[i++];
    } else {
      if (kind == TokenKind::quoted_name && content.empty())
        return source_.error("expr.syntax", at_, "a name without a letter", "a text stands between single quotes: ''");
      return token(kind, i + 1, std::move(content));
    }
  }
  return source_.error("expr.syntax", at_, fmt::format("this {} has no end", mark),
                       fmt::format("close it with {0}; a {0} inside is written twice", mark));
}

Result<Token> Lexer::parameter() {
  const std::size_t end = name_end(at_ + 1);
  if (end == at_ + 1) return source_.error("expr.syntax", at_, "$ without a name", "a parameter is written $window");
  std::string name(text_.substr(at_ + 1, end - at_ - 1));
  return token(TokenKind::parameter, end, std::move(name));
}

Result<Token> Lexer::number() {
  std::size_t end = at_;
  const auto digits = [&] {
    while (end < text_.size() && is_digit(text_[end])) ++end;
  };
  const auto digit_at = [&](std::size_t i) { return i < text_.size() && is_digit(text_[i]); };
  digits();
  if (end < text_.size() && text_[end] == '.') {
    ++end;
    digits();
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    const std::size_t sign = end + 1 < text_.size() && (text_[end + 1] == '-' || text_[end + 1] == '+') ? 1 : 0;
    if (digit_at(end + 1 + sign)) {
      end += 1 + sign;
      digits();
    }
  }
  std::string written(text_.substr(at_, end - at_));
  return token(TokenKind::number, end, std::move(written));
}

Result<Token> Lexer::symbol() {
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("<>")) return token(TokenKind::symbol, at_ + 2, "!=");
  if (!rest.starts_with("=="))
    for (const std::string_view symbol : {"!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ","})
      if (rest.starts_with(symbol)) return token(TokenKind::symbol, at_ + symbol.size(), std::string(symbol));
  const Mark* mark = mark_at(rest);
  return source_.error("expr.syntax", at_, fmt::format("unexpected \"{}\"", character_at(rest)),
                       std::string(mark ? mark->hint : symbol_hint(rest)));
}

}  // namespace vigie::expr
