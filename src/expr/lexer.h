#pragma once
#include "expr/source.h"

namespace vigie::expr {

enum class TokenKind {
  end,
  name,         ///< amount, customer.segment, and the keywords
  quoted_name,  ///< "Montant HT" or `Montant HT`: a column, whatever it reads like
  parameter,    ///< $window
  number,       ///< 12  12.50  5.  1.5e3
  text,         ///< 'it''s'
  symbol,       ///< = != <> < <= > >= + - * / ( ) ,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  ///< names and texts without their quotes, <> as !=
  std::size_t begin = 0, end = 0;

  bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
  bool is_keyword(std::string_view word) const;  ///< in any case of letters
};

/// Reads one token after the other. The text outlives the lexer. Errors: expr.syntax, at the character.
class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text()) {}
  Result<Token> next();

 private:
  void skip_blanks();
  Result<Token> name();
  Result<Token> quoted(char mark, TokenKind kind);
  Result<Token> parameter();
  Result<Token> number();
  Result<Token> symbol();
  std::size_t name_end(std::size_t from) const;
  Token token(TokenKind kind, std::size_t end, std::string text);

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Whether the word has a meaning of its own, so that a column of that name is quoted: and, case, null, …
bool is_reserved(std::string_view word);
/// Whether a column of this name can be written without quotes.
bool is_plain_name(std::string_view name);

/// The text is UTF-8 without control characters (tabs and line ends apart): nothing else may reach an engine.
Result<> check_characters(const Source& source);

}  // namespace vigie::expr
