#pragma once
#include <set>

#include "catalog/catalog.h"

namespace vigie::catalog {

/// Holds each definition to those that its formulas name: they are there, in no circle, of a unit that fits. Which
/// version of a KPI answers depends on the day, so each version of what is named must hold.
class Standing {
 public:
  /// All must outlive it; `refused` may grow between two checks. `nameless`: the file that does not say of which KPI it
  /// is, and may define one that a formula names; empty: none.
  Standing(const Definitions& definitions, const std::map<std::string, RefusedKpi>& refused,
           const std::string& nameless)
      : definitions_(definitions), refused_(refused), nameless_(nameless) {}

  /// Errors: definition.cycle, definition.unknown_kpi, variant.unknown, definition.measured, definition.unit; or what
  /// is wrong with a definition that this one rests on.
  Result<> check(const Definition& definition);

 private:
  using Node = std::pair<std::string, int>;  ///< id, version

  Result<> visit(const Definition& from);
  std::unexpected<Error> circle(const Node& closed_at, const Definition& from) const;
  std::unexpected<Error> unknown(const std::string& kpi, const Definition& from) const;

  const Definitions& definitions_;
  const std::map<std::string, RefusedKpi>& refused_;
  const std::string& nameless_;
  std::vector<Node> path_;
  std::set<Node> done_;
};

}  // namespace vigie::catalog
