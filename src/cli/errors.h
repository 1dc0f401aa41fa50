#pragma once
#include "base/result.h"

namespace vigie::cli {

/// "vigie: …" on standard error, in the reader's language.
void print_error(const Error& error);

}  // namespace vigie::cli
