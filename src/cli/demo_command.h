#pragma once
#include "base/result.h"
#include "demo/demo.h"

namespace vigie::cli {

/// Makes the demo workspace and says what is in it; shows progress where standard error is a terminal.
Result<> run_demo(const std::filesystem::path& folder, const demo::Options& options);

}  // namespace vigie::cli
