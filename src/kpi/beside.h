#pragma once
#include "base/result.h"

namespace vigie::kpi {

/// What stands beside the answers of a batch, asked for once all of them are there: they are whole without it. A query
/// that fails ends the snapshot they are read from, so that the first one is the last that is tried.
class Beside {
 public:
  /// Whether it could be done; an error only where the asker has left.
  template <class Work>
  Result<bool> attempt(const Work& work) {
    if (has_ended_) return false;
    const Result<> done = work();
    if (done) return true;
    const Error& error = done.error();
    if (error.code == "engine.cancelled") return std::unexpected(error);
    has_ended_ = error.code.starts_with("engine.") && error.code != "engine.too_many_rows";
    return false;
  }

 private:
  bool has_ended_ = false;
};

}  // namespace vigie::kpi
