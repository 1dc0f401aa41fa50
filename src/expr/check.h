#pragma once
#include "expr/expr.h"

namespace vigie::expr {

/// Keys of rows are numbers that nobody outside knows: `as_text` is the column with what their source calls them;
/// empty: no column has it.
struct ColumnInfo {
  Type type = Type::null;
  int scale = 0;
  bool is_key = false;
  std::string as_text = {};
};

/// What a text may name. `subject` is how errors call it ("orders").
class Scope {
 public:
  virtual ~Scope() = default;
  virtual std::string subject() const = 0;
  /// Also dotted paths: "customer.segment".
  virtual std::optional<ColumnInfo> column(std::string_view name) const = 0;
  virtual std::vector<std::string> column_names() const = 0;  ///< for suggestions
  virtual std::optional<Type> parameter(std::string_view name) const = 0;
  virtual std::vector<std::string> parameter_names() const = 0;
  /// The sentence that there is none of that name; of columns, where a scope does not say otherwise.
  virtual std::string unknown(std::string_view name) const;
};

/// Parses and checks a text. `where` is the position of its first character in its file (or {"", 1, 1} for a filter
/// typed by a user), so that every error points at the character.
///
/// Errors: expr.syntax, expr.unknown_column (nearest name), expr.unknown_parameter, expr.unknown_function, expr.type
/// (says what was expected and found), expr.money (money with a plain number, …), expr.too_long, expr.too_deep.
Result<Expr> parse_and_check(std::string_view text, const Scope& scope, SourcePosition where);

/// The same, and the result must have this type (integer is accepted where number is wanted).
Result<Expr> parse_and_check(std::string_view text, const Scope& scope, SourcePosition where, Type wanted);

}  // namespace vigie::expr
