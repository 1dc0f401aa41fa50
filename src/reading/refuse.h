#pragma once
#include "reading/scanner.h"

namespace vigie::reading {

/// What cannot be read in one way only, with its line; detect() adds the file.
std::unexpected<Error> refuse(std::int64_t line, std::string code, std::string message, std::string hint);
std::unexpected<Error> refuse_quotes(std::int64_t line, Fault fault);

/// A text as a sentence shows it: the first letters of a long one.
std::string shortened(const std::string& text);

}  // namespace vigie::reading
