#pragma once
#include "catalog/catalog.h"
#include "kpi/answer.h"
#include "plan/measures.h"
#include "plan/question.h"
#include "plan/relations.h"

namespace vigie::kpi {

/// What an open workspace lends to its answers. Immutable while a batch is answered.
struct Session {
  const catalog::Catalog& catalog;
  const model::Model& model;
  const catalog::Settings& settings;
  const calendar::Calendar& calendar;
  const plan::DataFacts& facts;
  store::Engine& engine;
  Instant now;
};

/// Answers a batch of questions through shared scans: one result each, in order. A question that cannot be planned
/// fails alone; a query that fails (deadline, cancelled) fails all that rest on it. `queries`, where given, gets what
/// was run.
///
/// Errors: kpi.unknown, variant.unknown, parameter.*, period.*, split.unknown, filter.*, engine.*
std::vector<Result<Answer>> ask(const Session& session, const std::vector<plan::Question>& questions,
                                const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries = nullptr);

}  // namespace vigie::kpi
