#pragma once
// checks/ — what a company expects of its own rows, said in a map or a source (docs/checks.md), held after every batch.
//
//   check.h     an entry of `checks:`, parsed strictly, errors with their place; condition.h: what it asks of one row
//   look.h      what the rows of a map say of it, in one pass over those that are new
//   usual.h     how many rows a batch usually brings; deadline.h: until when a newest row is new enough
//   state.h     how each check stands (_checks), and its sentence (words.h); states_json.h
//   judge.h     one batch: is it refused, and what is to be told beside figures from now on
//
// A check looks at the *rows of its map*: those that this map brought or changed last, and that are not deleted. They
// are looked at in the transaction of the batch, after the merge, so that a check sees what figures will see. As long
// as a check holds, only what a batch brought has to be looked at; where it fails, all of them are, so that a later
// batch that puts things right is seen to.
//
// Nothing here knows a file, a map or a KPI.
#include <functional>
#include <optional>

#include "base/decimal.h"
#include "base/yaml.h"
#include "model/model.h"
#include "store/warehouse.h"

namespace vigie::checks {

enum class Kind { not_null, unique, in_set, range, referential, expect, freshness, volume, sum };
std::string_view name_of(Kind kind);
std::optional<Kind> kind_of(std::string_view name);

/// An error refuses the batch that brings what it forbids; a warning lets it in and is told beside figures.
enum class Severity { warning, error };
std::string_view name_of(Severity severity);

/// How old the newest row may be.
struct Age {
  enum class Unit { hours, days, working_days };
  std::int64_t amount = 0;
  Unit unit = Unit::days;
};

/// What a batch is compared with.
struct Usual {
  std::int64_t last = 20;  ///< batches looked back at
  std::int64_t least = 5;  ///< below so many nothing is said
  double times = 4;        ///< how many standard deviations away is unusual
};

/// What a sum is held against: exactly one of them.
struct Control {
  std::optional<Decimal> number;
  std::string table, column, where;  ///< the sum of a column of another table
  std::optional<YamlNode> file;      ///< a file of control: who reads files reads it
};

struct Check {
  std::string name;
  Kind kind = Kind::not_null;
  Severity severity = Severity::warning;
  std::string table;
  std::vector<std::string> columns;
  std::string where;                    ///< which rows; "" all
  std::string expected;                 ///< expect: what must hold
  std::vector<std::string> values;      ///< in_set
  std::optional<std::string> min, max;  ///< range, without a currency
  std::string currency;                 ///< of a range, or a sum; "" the workspace's, or whatever it is
  std::string refers;                   ///< referential: the table; sum: that of the control
  Age age;
  Usual usual;
  Control control;
  Decimal tolerance;
  bool of_batch = false;  ///< sum: over what the batch holds, not all rows of the map
  std::string text;       ///< the entry itself, as JSON: what it is known again by
  SourcePosition at;

  /// Whether it looks at one row at a time: all of these are looked at in one pass.
  bool is_of_rows() const {
    return kind == Kind::not_null || kind == Kind::in_set || kind == Kind::range || kind == Kind::expect;
  }
};

/// What a check may name.
struct Subject {
  const model::Model& model;
  const model::Table& table;
  std::vector<store::Attribute> attributes = {};  ///< x_NAME that the map brings, or the warehouse has
};

/// The list under `checks:`. Errors, at their place, with the nearest right word: yaml.*, check.kind, check.column,
/// check.option, check.value, check.name, expr.*.
Result<std::vector<Check>> read_checks(const YamlNode& list, const Subject& subject);
/// One entry; `other_keys` may stand in it, and are read by who asks.
Result<Check> read_check(const YamlNode& entry, const Subject& subject,
                         const std::vector<std::string>& other_keys = {});
/// Two checks of one map that are called alike.
Result<> check_names(const std::vector<Check>& checks);

}  // namespace vigie::checks
