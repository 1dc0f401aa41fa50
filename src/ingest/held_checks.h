#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

/// Holds the checks of the map against the batch, after the merge and within its transaction. What fails and lets the
/// batch in is a warning of the receipt; what refuses it fails with check.*, and stands in job.refused_by.
/// `is_of_rows`: rows out of the quarantine, by themselves.
Result<> hold_checks(Job& job, bool is_of_rows = false);
/// After the transaction was rolled back: from now on that the batch is missing is told.
Result<> note_refusal(const Job& job, const Error& refusal);
/// These files of the map were refused since they were taken, and are as they were then: they are missing no more.
Result<> note_back(store::Database& database, const std::string& map, std::vector<std::string> files);
/// Whether the checks of the map are those that were held last, and nothing of this batch was refused since.
Result<bool> checks_are_known(const Job& job);

/// How all checks stand; none where nobody has written the warehouse since there are any.
Result<std::vector<checks::State>> check_states(store::Database& database);

/// Reads `equals: {input: …, column: …}` of a check; at Map::parse, to tell what is wrong with it.
Result<> check_control(const checks::Check& check, const model::Model& model, const model::Table& table,
                       const std::string& time_zone);

}  // namespace vigie::ingest
