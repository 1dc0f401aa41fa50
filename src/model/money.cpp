#include "model/money.h"

namespace vigie::model {

std::vector<std::string> money_columns(const Table& table) {
  std::vector<std::string> out;
  for (const Column& column : table.columns)
    if (column.type == ColumnType::money) out.push_back(column.name);
  return out;
}

}  // namespace vigie::model
