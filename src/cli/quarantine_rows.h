#pragma once
#include "cli/commands.h"

namespace vigie::cli {

/// Which rows of the quarantine are meant, as fields. Fails with command.value: no KEY=TEXT, no number.
Result<plan::Fields> rows_meant(const QuarantineOptions& options);

}  // namespace vigie::cli
