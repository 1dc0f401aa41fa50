#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "propose/propose.h"
#include "workspace/held_copy.h"
#include "workspace/said_of_a_file.h"

namespace vigie::workspace {

/// How a file is read, or what of it was put right or left out.
struct Told {
  std::int64_t line = 0;  ///< 0: of the whole file
  std::string place;      ///< of a workbook: "Ventes!B7"
  std::string sentence;   ///< English
};

/// A file without a map, looked at: what it is, and the maps that read it.
struct LookedAt {
  propose::Proposal proposal;
  std::vector<Told> told;
  /// Its rows as plain CSV, where no map can say how the file is written (a workbook, JSON, a table with titles, totals
  /// or mended rows): the maps read this copy. It is there as long as this is, and stays once it is kept.
  std::optional<HeldCopy> copy;
};

/// Finds the table of a file (reading/) and proposes maps for it (propose/), for the workspace in `folder`. Nothing is
/// imported, and nothing stays but what is kept (proposed_maps.h).
///
/// Errors: those of both rooms; look.kind for files that are no table by themselves, with what to do; file.changed.
Result<LookedAt> look_at(const std::filesystem::path& file, const SaidOfAFile& said, const propose::Wishes& wishes,
                         const std::filesystem::path& folder);

}  // namespace vigie::workspace
