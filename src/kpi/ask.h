#pragma once
#include "catalog/catalog.h"
#include "kpi/answer.h"
#include "plan/measures.h"
#include "plan/question.h"
#include "plan/relations.h"

namespace vigie::kpi {

/// A source whose rows are older than they should be: its syncs fail, or nobody reads it.
struct LateSource {
  std::string source;
  std::set<std::string> tables;
  std::optional<Instant> last_good;
  bool fails = false;
};

/// What a company expects of its rows, and does not hold (checks/).
struct FailingCheck {
  std::string code;  ///< check_not_null, …
  Text message;
  std::int64_t rows = 0;
  std::string table;
  std::optional<Instant> from;  ///< what is asked as of a moment before it is not touched
};

/// What an open workspace lends to its answers. Immutable while a batch is answered.
struct Session {
  const catalog::Catalog& catalog;
  const model::Model& model;
  const catalog::Settings& settings;
  const calendar::Calendar& calendar;
  const plan::DataFacts& facts;
  store::Engine& engine;
  Instant now;
  std::vector<LateSource> late = {};
  std::vector<FailingCheck> checks = {};
};

/// Answers a batch of questions through shared scans: one result each, in order. A question that cannot be planned
/// fails alone; a query that fails (deadline, cancelled) fails all that rest on it. `queries`, where given, gets what
/// was run.
///
/// Errors: kpi.unknown, variant.unknown, parameter.*, period.*, split.unknown, filter.*, engine.*
std::vector<Result<Answer>> ask(const Session& session, const std::vector<plan::Question>& questions,
                                const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries = nullptr);

}  // namespace vigie::kpi
