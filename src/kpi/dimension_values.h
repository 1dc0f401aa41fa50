#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// What the KPIs count, each row once: relations that are cut from these add no value.
constexpr std::array kCounted{"sales", "prospects", "deals", "spend", "costs", "latest_answers", "sale_lines"};

/// Rows of a relation with what a dimension, a column or a path names as their column `column`.
struct NamedRows {
  store::RelPtr rows;
  std::string column;
};

/// All rows that a relation has at the horizon of its data, with what is named; nothing where it knows no such name.
/// Adds the relation's dimensions to `names`, where given. Not for periodic relations.
Result<std::optional<NamedRows>> rows_with(const Session& session, const model::Relation& relation,
                                           const std::string& name, std::vector<std::string>* names = nullptr);

struct DimensionValue {
  std::optional<std::string> value;  ///< empty: rows that have none
  std::int64_t rows = 0;             ///< in all the relations that KPIs count, together
};

/// Values of a dimension that contain what was typed (any case), the most frequent first, at most `limit`. Fails with
/// split.unknown.
Result<std::vector<DimensionValue>> dimension_values(const Session& session, const std::string& dimension,
                                                     const std::string& typed, int limit,
                                                     const store::QueryLimits& limits);

}  // namespace vigie::kpi
