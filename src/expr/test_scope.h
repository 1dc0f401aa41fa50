#pragma once
// For tests of this room.
#include "expr/check.h"
#include "expr/print.h"

namespace vigie::expr {

/// The orders of a small shop, as the tests of this room see them.
class TestScope : public Scope {
 public:
  std::string subject() const override { return "orders"; }
  std::optional<ColumnInfo> column(std::string_view name) const override {
    const auto found = columns_.find(name);
    return found == columns_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> column_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, info] : columns_) names.push_back(name);
    return names;
  }
  std::optional<Type> parameter(std::string_view name) const override {
    const auto found = parameters_.find(name);
    return found == parameters_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> parameter_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, type] : parameters_) names.push_back(name);
    return names;
  }

 private:
  std::map<std::string, ColumnInfo, std::less<>> columns_{{"amount", {Type::money, 6}},
                                                          {"shipping", {Type::money, 6}},
                                                          {"channel", {Type::text, 0}},
                                                          {"medium", {Type::text, 0}},
                                                          {"customer.segment", {Type::text, 0}},
                                                          {"Montant HT", {Type::number, 2}},
                                                          {"end", {Type::integer, 0}},
                                                          {"quantity", {Type::integer, 0}},
                                                          {"weight", {Type::number, 3}},
                                                          {"rate", {Type::number, 4}},
                                                          {"score", {Type::real, 0}},
                                                          {"is_first", {Type::boolean, 0}},
                                                          {"signed_on", {Type::date, 0}},
                                                          {"due_on", {Type::date, 0}},
                                                          {"created_at", {Type::instant, 0}},
                                                          {"closed_at", {Type::instant, 0}},
                                                          {"term", {Type::duration, 0}}};
  std::map<std::string, Type, std::less<>> parameters_{{"window", Type::duration}, {"as_of", Type::instant},
                                                       {"strict", Type::boolean},  {"share", Type::number},
                                                       {"floor", Type::money},     {"pattern", Type::text}};
};

inline const TestScope kScope;

inline Result<Expr> check(std::string_view text) { return parse_and_check(text, kScope, {"", 1, 1}); }

/// The checked tree written back, with the parentheses it needs; or the error as a person sees it.
inline std::string read(std::string_view text) {
  const auto e = check(text);
  return e ? to_text(*e) : e.error().text();
}

}  // namespace vigie::expr
