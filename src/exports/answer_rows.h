#pragma once
#include "catalog/catalog.h"
#include "exports/writer.h"
#include "kpi/answer.h"
#include "plan/question.h"
#include "plan/relations.h"

namespace vigie::exports {

/// What answers rest on, for who reads about them: the catalogue that defines them, what was asked, how far the sources
/// reach.
struct Standing {
  const catalog::Catalog& catalog;
  std::string company;
  const calendar::Zone* zone;
  Instant now;
  Date today;
  std::vector<plan::Question> questions;  ///< one an answer, in their order
  std::vector<plan::DataFacts::Coverage> coverage = {};
};

/// Answers as one table: a row for each period, then the totals of each split value and of the whole, under the columns
/// that the answers have between them. A value that is not there is nothing, and its reason stands beside it.
struct AnswerTable {
  std::vector<Column> columns;
  std::vector<Row> rows;
};
AnswerTable table_of(const std::vector<kpi::Answer>& answers, const catalog::Catalog& catalog,
                     tongue::Language language);
About about(const std::vector<kpi::Answer>& answers, const Standing& standing, tongue::Language language);

/// The whole file.
Result<Exported> export_answers(const std::vector<kpi::Answer>& answers, const Standing& standing, const Form& form,
                                const Destination& to);

}  // namespace vigie::exports
