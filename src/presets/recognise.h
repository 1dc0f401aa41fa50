#pragma once
#include <variant>

#include "presets/columns.h"

namespace vigie::presets {

/// What a file is called without what says nothing of its object: hubspot_Deals-2025-01-31.csv.gz is "deals".
std::string object_name_of(const std::filesystem::path& file, const Preset& preset);

/// The object of a file: by its name, where its columns do not speak against it, else by its columns alone. An error
/// (preset.object) says why there is none, or that there are several.
Result<const Object*> recognise(const std::filesystem::path& file, const Preset& preset);

/// The columns that the object is known by and the file has not.
Result<std::vector<std::string>> lacking(const std::filesystem::path& file, const Object& object);

}  // namespace vigie::presets
