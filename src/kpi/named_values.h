#pragma once
#include <set>

#include "kpi/beside.h"
#include "kpi/dimension_values.h"

namespace vigie::kpi {

/// Tells of the values that a filter compares with and that no row has: `channel = 'gogle'` finds nothing, and nothing
/// else would say why. For the questions of one batch: a value that was found for one is there for the next. For one
/// thread.
class NamedValues {
 public:
  NamedValues(const Session& session, const store::QueryLimits& limits) : session_(session), limits_(limits) {}

  /// Adds a warning `value_of_no_row` for each of the first such values of the question's filter, with the nearest that
  /// is there, and one for the others together (`values_of_no_row`). It stands beside an answer: where a query of its
  /// own fails, the answer says that nobody looked (`values_not_looked_for`); one that was cancelled is an error.
  Result<> add_warnings(const plan::Question& question, Beside& beside, Answer& answer);

 private:
  using Values = std::set<std::string>;
  struct Seen {
    Values there;                                 ///< values that some row has
    Values sought;                                ///< values that were sought among all that KPIs count
    std::vector<std::string> declared;            ///< of an enumeration of the model: what it may hold
    std::vector<NamedRows> own;                   ///< of the questions that it was sought for
    std::optional<std::vector<std::string>> all;  ///< what may be meant, once it was listed
    std::map<std::string, std::string> nearest;   ///< of those, to each value that was sought among them
  };
  /// `compared`: the texts that the filter compares each column with.
  Result<> warn(const plan::Question& question, std::map<std::string, Values>& compared, Answer& answer);
  /// As rows hold them: letters with their accents are one character (NFC), however they were typed.
  Result<Values> composed(Values values) const;
  /// Takes from `open` what some row has.
  Result<> seek(const plan::Question& question, const std::string& name, Values& open);
  Result<> seek_counted(const std::string& name, Values& open);
  /// Among the rows that the question itself rests on, and the tables they lead to.
  Result<> seek_own(plan::Question question, const std::string& name, Values& open);
  /// Among the keys of the table that a key column refers to: they are no values of a column of it.
  Result<> seek_key(const model::Relation& relation, const std::string& column, const std::string& name, Values& open);
  Result<> seek_table(const model::Relation& relation, std::string column, const std::string& name, Values& open);
  Result<> seek_among(const NamedRows& rows, Seen& seen, Values& open);
  /// Of the values that are there, the one most likely meant; empty where none is near.
  Result<std::string> nearest(const std::string& name, const std::string& value);
  Result<> list(const std::string& name);
  Result<> add_listed(const NamedRows& rows, std::vector<std::string>& out);

  const Session& session_;
  const store::QueryLimits& limits_;
  std::map<std::string, Seen> seen_;  ///< by the name that filters write
};

}  // namespace vigie::kpi
