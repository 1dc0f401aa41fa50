#pragma once
#include <filesystem>
#include <span>

#include "base/result.h"
#include "base/time.h"

namespace vigie::workspace {

/// A file as it will be once something is adopted: checked, and not written yet.
struct Draft {
  std::filesystem::path file;
  std::string name;  ///< within the workspace
  std::string text;
};

/// `inactivity_days` in the folder's vigie.yaml: its number where the key stands, else a line at the end. Everything
/// else in the file stays as it is. A server that has the workspace open reads it when it starts again.
///
/// Errors: adopt.unclear (the file is written in a way that cannot be changed by one number), file.*
Result<Draft> draft_inactivity(const std::filesystem::path& folder, int days);

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

/// A copy of the definition's file with another version, day and default. The definition as it was stays.
///
/// Errors: adopt.exists, adopt.unclear, and those of a catalogue that cannot be read once it is there
Result<Draft> draft_definition(const std::filesystem::path& folder, const Adoption& adoption);

/// Writes them in their order. Fails with file.unwritable, and names those that are written already.
Result<> write_drafts(std::span<const Draft> drafts);

/// Does the folder's vigie.yaml have the key?
bool is_written(const std::filesystem::path& folder, const std::string& key);

}  // namespace vigie::workspace
