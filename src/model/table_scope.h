#pragma once
#include "model/model.h"

namespace vigie::model {

/// What a text about one table may name: its own columns.
class TableScope final : public expr::Scope {
 public:
  explicit TableScope(const Table& table) : table_(table) {}
  std::string subject() const override { return table_.name; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override;
  std::vector<std::string> column_names() const override { return table_.column_names(); }
  std::optional<expr::Type> parameter(std::string_view /*name*/) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

 private:
  const Table& table_;
};

}  // namespace vigie::model
