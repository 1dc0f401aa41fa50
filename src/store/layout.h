#pragma once
#include "model/model.h"
#include "store/database.h"

namespace vigie::store {

/// Whether the tables are still those that the last prepare_warehouse left, column by column. That one looks at them
/// once for each model and notes a digest in _meta (`layout`), since to list the columns takes as long as a question;
/// what has been done to the file with other tools since is found here. Errors: store.layout.
Result<> check_layout(Connection& connection, const model::Model& model);

}  // namespace vigie::store
