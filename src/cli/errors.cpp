#include "cli/errors.h"

#include <cstdio>

#include "cli/language.h"
#include "tongue/french.h"

namespace vigie::cli {

void print_error(const Error& error) {
  const std::string text = language() == Language::fr ? tongue::in_french(error) : error.text();
  std::fprintf(stderr, "vigie: %s\n", text.c_str());
}

}  // namespace vigie::cli
