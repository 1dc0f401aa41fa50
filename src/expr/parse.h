#pragma once
#include "expr/expr.h"
#include "expr/source.h"

namespace vigie::expr {

/// What a text says, before anybody knows what its names mean. Places are byte offsets into the text.
struct Syntax {
  enum class Kind {
    value,      ///< `value`; a text literal may still turn out to be a date
    name,       ///< `text`: a column, or the parameter as_of
    quoted,     ///< `text`: a column
    parameter,  ///< `text`
    operation,  ///< `op` of `args`
    function,   ///< `text` of `args`
    between,    ///< args[0] between args[1] and args[2]
  };
  Kind kind = Kind::value;
  std::string text{};
  Literal value{};
  Op op = Op::literal;
  std::vector<Syntax> args{};
  std::size_t offset = 0;  ///< of its first character
  int depth = 1;           ///< 1 + that of the deepest argument
};

/// Reads a whole text. From weak to strong: or; and; not; comparisons, in, between, like, is; + -; * /; unary minus.
/// A chain of and (or) is one operation; parentheses keep theirs apart.
///
/// Errors: expr.syntax, expr.too_long, expr.too_deep.
Result<Syntax> parse(const Source& source);

}  // namespace vigie::expr
