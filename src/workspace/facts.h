#pragma once
#include "plan/relations.h"
#include "workspace/remembered.h"

namespace vigie::workspace {

/// Reads what plans depend on: which tables hold rows, which days each source covers, which optional columns are used.
/// `calendar`: its time zone is all that counts.
Result<plan::DataFacts> read_facts(RememberedQueries& queries, const model::Model& model,
                                   const catalog::Settings& settings, const calendar::Calendar& calendar);

}  // namespace vigie::workspace
