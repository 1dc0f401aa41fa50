#pragma once
#include <filesystem>

#include "base/result.h"
#include "base/time.h"

namespace vigie::workspace {

/// Writes `inactivity_days` into the folder's vigie.yaml: its number where the key stands, else a line at the end.
/// Everything else in the file stays as it is. A server that has the workspace open reads it when it starts again.
///
/// Errors: adopt.unclear (the file is written in a way that cannot be changed by one number), file.*
Result<> adopt_inactivity(const std::filesystem::path& folder, int days);

/// A new version of a definition, in force from a day on, in a file of the workspace's own.
struct Adoption {
  std::string kpi;
  int version = 1, next_version = 2;
  std::string copy_of;  ///< the definition's file as the catalogue names it: kpis/NAME.yaml
  std::string file;     ///< the new one, within the folder
  std::string parameter;
  int value = 0;  ///< its default
  Date effective_from;
};

/// Writes a copy of the definition's file with another version, day and default. The definition as it was stays.
///
/// Errors: adopt.exists, adopt.unclear, and those of a definition that cannot be read
Result<> adopt_definition(const std::filesystem::path& folder, const Adoption& adoption);

/// Does the folder's vigie.yaml have the key?
bool is_written(const std::filesystem::path& folder, const std::string& key);

}  // namespace vigie::workspace
