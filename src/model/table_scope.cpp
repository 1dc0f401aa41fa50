#include "model/table_scope.h"

namespace vigie::model {

std::optional<expr::ColumnInfo> TableScope::column(std::string_view name) const {
  const Column* column = table_.find(name);
  if (column == nullptr) return std::nullopt;
  return scalar_of(column->type);
}

}  // namespace vigie::model
