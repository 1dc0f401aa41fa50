#include "expr/weight.h"

#include <unordered_map>

namespace vigie::expr {
namespace {

constexpr std::int64_t kCeiling = std::int64_t{1} << 40;  // far above every limit, far below an overflow

class Weigher {
 public:
  /// Each part is weighed once, however often it is shared.
  std::int64_t weight(const Expr& e) {
    if (const auto known = weights_.find(e.get()); known != weights_.end()) return known->second;
    const std::int64_t weight = std::min(kCeiling, 1 + arguments(*e));
    weights_.emplace(e.get(), weight);
    return weight;
  }

 private:
  std::int64_t arguments(const Node& node) {
    std::int64_t sum = 0;
    for (const Expr& arg : node.args) sum = std::min(kCeiling, sum + weight(arg));
    const auto count = static_cast<std::int64_t>(node.args.size());
    const bool instant = node.type == Type::instant;
    switch (node.op) {
      case Op::eq:
      case Op::ne:
      case Op::hour: return 2 * sum;
      case Op::in: {
        const bool values = std::ranges::all_of(std::span(node.args).subspan(1), &is_literal);
        return values ? sum : 2 * (sum + std::min(kCeiling, count * weight(node.args[0])));
      }
      case Op::coalesce: return instant ? 2 * sum : sum;
      case Op::least:
      case Op::greatest: return instant ? std::min(kCeiling, (count + 2) * sum) : sum;
      case Op::duration: return 3 * sum;
      case Op::within:
      case Op::matured: return 2 * sum;
      default: return sum;
    }
  }
  static bool is_literal(const Expr& e) { return e->op == Op::literal; }

  std::unordered_map<const Node*, std::int64_t> weights_;
};

}  // namespace

std::int64_t printed_size(const Expr& e) { return Weigher().weight(e); }

int depth(const Expr& e) {
  int deepest = 0;
  for (const Expr& arg : e->args) deepest = std::max(deepest, depth(arg));
  return deepest + 1;
}

}  // namespace vigie::expr
