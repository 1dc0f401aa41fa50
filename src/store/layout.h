#pragma once
#include "model/model.h"
#include "store/database.h"
#include "store/warehouse.h"

namespace vigie::store {

/// Whether the tables are still those that the last prepare_warehouse left, column by column. That one looks at them
/// once for each model and notes a digest in _meta (`layout`), since to list the columns takes as long as a question;
/// what has been done to the file with other tools since is found here. Errors: store.layout.
Result<> check_layout(Connection& connection, const model::Model& model);

/// What prepare_warehouse looks at, for a file that cannot be written: a layout of another version stays as it is, and
/// is an error. Errors: store.newer, store.settings, store.layout.
Result<> check_warehouse(Database& database, const model::Model& model, const WarehouseSettings& settings);

}  // namespace vigie::store
