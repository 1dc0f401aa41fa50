#pragma once
#include "base/result.h"

namespace vigie::cli {

/// "vigie: …" on standard error, in the reader's language.
void print_error(const Error& error);
/// A sentence about what is going on, on standard error, in the reader's language.
void print_notice(const std::string& sentence);

}  // namespace vigie::cli
