// No text brings the expression language down, and what it reads it also writes: to_text gives a text that reads back
// as the same tree, and the tree prints as SQL in both forms.
#include <cstdio>
#include <cstdlib>

#include "expr/limits.h"
#include "expr/test_dialect.h"
#include "expr/test_scope.h"
#include "expr/weight.h"

namespace vigie::expr {
namespace {

[[noreturn]] void broken(std::string_view what, std::string_view detail) {
  fmt::print(stderr, "{}: {}\n", what, detail);
  std::abort();
}

void check_round_trip(const Expr& e, const Scope& scope) {
  const std::string text = to_text(e);
  if (text.size() > kMaxTextLength) return;  // "between" and parentheses written out may pass the limit
  const auto back = parse_and_check(text, scope, {"", 1, 1});
  if (!back) broken("what was written is not read: " + back.error().text(), text);
  if (!same(e, *back)) broken("what was written reads as something else", text);
  if (depth(e) > kMaxDepth) broken("deeper than the limit", text);
}

void check_print(const Expr& e) {
  const std::map<std::string, Literal> parameters{
      {"window", Micros{1}},    {"as_of", InstantLiteral{}}, {"strict", true},
      {"share", Decimal(5, 1)}, {"pattern", std::string()},  {"floor", MoneyLiteral{Decimal(1, 0), "EUR"}}};
  const auto bound = expr::bind(e, parameters);
  if (!bound) broken("not bound", bound.error().text());
  const TestDialect dialect;
  if (print(*bound, dialect).empty() || print_condition(*bound, dialect).empty()) broken("prints nothing", to_text(e));
}

void try_text(std::string_view text) {
  const TestScope scope;
  const auto e = parse_and_check(text, scope, {"", 1, 1});
  if (!e) {
    const Error& error = e.error();
    if (error.message.empty() || error.where.line < 1 || error.where.column < 1)
      broken("an error without a place", text);
    return;
  }
  check_round_trip(*e, scope);
  check_print(*e);
}

}  // namespace
}  // namespace vigie::expr

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  vigie::expr::try_text({reinterpret_cast<const char*>(data), size});
  return 0;
}
