#pragma once
#include <map>
#include <optional>

#include "catalog/definition.h"
#include "plan/spans.h"
#include "store/engine.h"

namespace vigie::plan {

/// Values of the grouping columns of a row: the axes of the variant first, then the splits. A missing value is empty.
using Key = std::vector<std::optional<std::string>>;

struct Bin {
  Decimal value;
  int outcome = 1;  ///< 0 censored, 1 event, 2 competing event
  std::int64_t count = 0;
};

/// What a measure amounts to for one span and key: an exact number, or a distribution.
struct Parts {
  Decimal number;
  bool null = true;       ///< min and max of nothing; sums and counts of nothing are 0
  std::vector<Bin> bins;  ///< of a histogram, by value
};

/// One measure to compute. Its relation has every column that `value`, `where` and the groups name.
struct MeasureSpec {
  store::RelPtr rel;
  std::string at;  ///< time column; empty: periodic, the relation carries period_id
  const catalog::Measure* measure = nullptr;
  expr::Expr value, where, outcome;       ///< bound
  std::vector<std::string> axes, splits;  ///< column names in `rel`
  std::vector<Span> split_spans;          ///< wanted for each key
  std::vector<Span> total_spans;          ///< wanted without the splits
  std::vector<Span> period_spans;         ///< of a periodic relation: the span behind each period_id
};

/// Values of one measure by span and key. Without splits the key holds the axes alone.
class MeasureValues {
 public:
  using ByKey = std::map<Key, Parts>;
  const Parts* find(const Span& span, const Key& key) const;
  const ByKey* of(const Span& span) const;
  const Parts* find_total(const Span& span, const Key& axes) const;
  const ByKey* totals_of(const Span& span) const;

  std::map<Span, ByKey> split_values, total_values;
};

struct QueryNote {
  std::string sql;
  double milliseconds = 0;
  std::size_t rows = 0;
};

/// Computes measures in as few scans as it can: those over the same relation, time column and grouping share one pass,
/// grouped once by day and cut into segments that serve every span asked; distinct counts, and squares of the sums per
/// customer, are counted again at each level. Passes that do not rest on each other go on at the same time, on the
/// lanes of the engine; what they come to does not depend on how many there are.
class MeasureRun {
 public:
  MeasureRun(store::Engine& engine, const calendar::Calendar& calendar, const store::QueryLimits& limits)
      : engine_(engine), calendar_(calendar), limits_(limits) {}

  std::size_t add(MeasureSpec spec);  ///< a handle for values()
  /// A query of its own, run with the others: a handle for rows(). What was added before is not added again.
  std::size_t add_rows(store::RelPtr query);
  Result<> run();
  const store::ResultSet* rows(std::size_t handle) const { return rows_.at(handle) ? &*rows_[handle] : nullptr; }
  const MeasureValues& values(std::size_t handle) const { return values_[handle]; }
  const std::vector<QueryNote>& queries() const { return queries_; }

 private:
  Result<store::ResultSet> query(const store::RelPtr& plan);
  Result<> run_additive(const std::vector<std::size_t>& members);
  Result<> run_histogram(const std::vector<std::size_t>& members);
  Result<> run_units(const std::vector<std::size_t>& members);
  Result<> run_periodic(const std::vector<std::size_t>& members);

  /// Measures that one pass computes, and the queries it took.
  struct Group {
    Result<> (MeasureRun::*pass)(const std::vector<std::size_t>& members) = nullptr;
    std::vector<std::size_t> members;
    std::vector<QueryNote> queries;
  };
  Result<> run_groups(std::vector<Group>& groups);
  Result<> run_group(Group& group, store::Engine& engine, store::Scratch* scratch);
  Result<> run_rows(store::Scratch* scratch);

  store::Engine& engine_;
  store::Scratch* scratch_ = nullptr;  ///< where something is kept that its queries read
  const calendar::Calendar& calendar_;
  store::QueryLimits limits_;
  std::vector<MeasureSpec> specs_;
  std::vector<MeasureValues> values_;
  std::vector<std::pair<std::string, store::RelPtr>> row_queries_;  ///< by their text
  std::vector<std::optional<store::ResultSet>> rows_;               ///< of each, once it has run
  std::vector<QueryNote> queries_;
};

}  // namespace vigie::plan
