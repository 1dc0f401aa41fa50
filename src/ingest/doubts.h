#pragma once
#include "ingest/job.h"

namespace vigie::ingest {

/// Rows that were taken as their source gives them, and that no figure can take rightly: something that they need is
/// not told, or told against the model's meaning. The receipt of the import that brought them warns, and `vigie check`
/// names them for as long as they are there. They are refused by nobody: what stands beside it may be right.

/// Runs a SELECT.
using Query = std::function<Result<store::ResultSet>(const std::string& sql)>;

/// What is known beside the rows.
struct Circumstances {
  Instant now;
  bool names_sale_event = false;  ///< vigie.yaml says what makes a sale
};

/// Each kind of them in the whole warehouse: how many, one of them, what follows, and what helps.
Result<std::vector<Error>> doubtful_rows(const Query& query, const model::Model& model, const Circumstances& known);

/// Those that the batch brought or changed, as warnings of its receipt.
Result<> warn_of_doubtful_rows(Job& job);

}  // namespace vigie::ingest
