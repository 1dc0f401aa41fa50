#pragma once
#include "checks/look.h"
#include "checks/state.h"

namespace vigie::checks {

/// A batch that is in, and not committed yet.
struct Batch {
  std::string map, source, map_file;
  std::int64_t id = 0;
  std::string keys;        ///< a SELECT of the keys of what it holds, also of what was there already; "" unknown
  std::int64_t taken = 0;  ///< rows that it holds
  std::vector<std::string> files;  ///< their names, as Missing has them; each on one line
  /// All that the source has, or all that is new in it: what was refused before has come with it.
  bool is_of_source = false;
  /// Rows by themselves (pushed events, what comes out of the quarantine): no batch of which anything could be usual,
  /// or be added up.
  bool is_of_rows = false;
  bool may_refuse = true;  ///< pushed events were acknowledged: they are in
};

/// Rows of a map that are looked at by themselves.
inline Batch no_batch(std::string map, std::string source, std::string map_file) {
  Batch out;
  out.map = std::move(map);
  out.source = std::move(source);
  out.map_file = std::move(map_file);
  out.is_of_rows = true;
  out.may_refuse = false;
  return out;
}

/// What a file of control adds up to.
using ReadControl = std::function<Result<Decimal>(const Check& check)>;

struct Verdict {
  std::vector<State> states;     ///< of the map's checks, in their order
  std::optional<Error> refusal;  ///< the batch is to be refused: the first check that does
  std::string refused_by;        ///< its name
};

/// Looks at a batch within its transaction, and writes how the checks stand; also those of other maps that fail, and
/// may not any more. Nothing is written where it is refused.
///
/// Errors: check.subject (a check can no longer be read), expr.currency, engine.*, those of `read_control`.
Result<Verdict> judge(const World& world, const Subject& subject, const std::vector<Check>& checks, const Batch& batch,
                      const ReadControl& read_control);

/// After the transaction was rolled back: from now on that its files are missing is told, until they come.
Result<> note_refusal(store::Connection& connection, const Check& check, const Batch& batch, const Error& refusal,
                      Instant now);

/// The files of a batch that was in before they were refused, and is again as it was: they are missing no more.
Result<> note_back(store::Connection& connection, const Batch& batch);

/// Whether a batch that came before tells nothing new of these checks: they are those that were held last, and nothing
/// of it was refused since.
Result<bool> are_known(store::Connection& connection, const Batch& batch, const std::vector<Check>& checks);

/// The checks of a map, looked at again where all its rows are; `none` is no_batch(). What is said of a batch alone
/// stands as it stood. `all`: the map has no others, and what was noted of others is forgotten.
Result<> look_again(const World& world, const Subject& subject, const Batch& none, const std::vector<Check>& checks,
                    bool all);

}  // namespace vigie::checks
