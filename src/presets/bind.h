#pragma once
#include <map>

#include "presets/preset.h"

namespace vigie::presets {

/// A file that was given to an object.
struct Bound {
  std::string object;
  std::filesystem::path file;
  std::int64_t rows = 0;
  std::vector<std::string> absent;  ///< columns of the object that the file has not
};

struct Binding {
  std::vector<Bound> bound;
  std::vector<Error> left_alone;            ///< files of which nobody knows whose they are
  std::vector<std::filesystem::path> maps;  ///< those that run, in their order
};

/// Writes OUT/OBJECT for every object of the preset: a CSV with the object's own columns, under which its maps read it;
/// names alone where no file was found. `named` says of which object a file is.
///
/// Memory: one row. Errors: preset.unknown_object, preset.object (of a named file), preset.needed, preset.nothing (no
/// file is of any object), file.unwritable, those of FileRows.
Result<Binding> bind(const Preset& preset, const std::vector<std::filesystem::path>& files,
                     const std::map<std::string, std::filesystem::path>& named, const std::filesystem::path& out);

}  // namespace vigie::presets
