#include "kpi/apart.h"

namespace vigie::kpi {
namespace {

using expr::Expr;
using expr::Op;

/// What is known of a condition when one column alone is known.
enum class Truth { no, maybe, yes };

Truth opposite(Truth truth) { return truth == Truth::yes ? Truth::no : truth == Truth::no ? Truth::yes : Truth::maybe; }

class Reader {
 public:
  Reader(std::string_view column, std::string_view value) : column_(column), value_(value) {}

  Truth read(const Expr& e) const {
    switch (e->op) {
      case Op::literal:
        if (const bool* flag = std::get_if<bool>(&e->literal)) return *flag ? Truth::yes : Truth::no;
        return Truth::maybe;
      case Op::not_: return opposite(read(e->args[0]));
      case Op::and_: return least(e->args);
      case Op::or_: {
        std::vector<Truth> parts;
        for (const Expr& arg : e->args) parts.push_back(read(arg));
        return std::ranges::max(parts);
      }
      case Op::eq: return compared(e);
      case Op::ne: return opposite(compared(e));
      case Op::in: return listed(e);
      default: return Truth::maybe;
    }
  }

 private:
  Truth least(const std::vector<Expr>& args) const {
    Truth out = Truth::yes;
    for (const Expr& arg : args) out = std::min(out, read(arg));
    return out;
  }
  bool is_column(const Expr& e) const { return e->op == Op::column && e->name == column_; }
  std::optional<bool> is_value(const Expr& e) const {
    if (e->op != Op::literal) return std::nullopt;
    const std::string* text = std::get_if<std::string>(&e->literal);
    return text && *text == value_;
  }
  Truth compared(const Expr& e) const {
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      if (!is_column(e->args[side])) continue;
      if (const auto same = is_value(e->args[1 - side])) return *same ? Truth::yes : Truth::no;
    }
    return Truth::maybe;
  }
  Truth listed(const Expr& e) const {
    if (!is_column(e->args[0])) return Truth::maybe;
    Truth out = Truth::no;
    for (std::size_t i = 1; i < e->args.size(); ++i) {
      const auto same = is_value(e->args[i]);
      out = std::max(out, !same ? Truth::maybe : *same ? Truth::yes : Truth::no);
    }
    return out;
  }

  std::string_view column_, value_;
};

}  // namespace

bool may_pass(const Expr& filter, std::string_view column, std::string_view value) {
  return !filter || Reader(column, value).read(filter) != Truth::no;
}

}  // namespace vigie::kpi
