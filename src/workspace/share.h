#pragma once
#include <filesystem>

#include "base/result.h"
#include "presets/preset.h"

namespace vigie::workspace {

/// The folder that holds what ships with the program: model/, kpis/, web/. In order: $VIGIE_SHARE,
/// share/vigie beside the program's bin folder, the source tree it was built from. Fails with `share.missing`.
Result<std::filesystem::path> share_folder();

/// A preset that ships with the program. Fails with preset.unknown, with the nearest name.
Result<presets::Preset> preset_called(const std::string& name);

}  // namespace vigie::workspace
