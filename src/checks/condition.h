#pragma once
#include "checks/check.h"
#include "expr/check.h"
#include "store/rel.h"

namespace vigie::checks {

/// What the texts of a check may name: the columns of the table and the attributes; amounts also as the document says
/// them (amount_net_document), and source_key.
class CheckScope final : public expr::Scope {
 public:
  explicit CheckScope(const Subject& subject);
  std::string subject() const override { return name_; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override;
  std::vector<std::string> column_names() const override;
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

 private:
  std::string name_;
  store::RelPtr rows_;
  std::map<std::string, bool, std::less<>> is_key_;
};

/// The column as a document gives it: an amount in its own currency.
std::string as_given(const Subject& subject, std::string_view column);
/// Whether that column holds amounts.
bool is_money(const Subject& subject, std::string_view column);

/// What a check of rows asks of each, as a text of the expression language. `base` is the currency of the workspace.
std::string condition_of(const Check& check, const Subject& subject, std::string_view base);
/// The bounds of a range as people read them: "[0 EUR … 10000 EUR]".
std::string bounds_of(const Check& check);

/// The row fails: `where` holds, and what is asked does not. Null passes.
Result<expr::Expr> failure_of(const Check& check, const Subject& subject, std::string_view base);
Result<expr::Expr> rows_of(const std::string& where, const Subject& subject, const SourcePosition& at,
                           std::string_view base);

}  // namespace vigie::checks
