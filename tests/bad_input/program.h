#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vigie::bad_input {

/// What a run of the command gave.
struct Outcome {
  int code = -1;    ///< exit code; 128 + the signal when one ended it
  std::string out;  ///< standard output and error, as they came
};

struct Limits {
  std::optional<std::uint64_t> largest_file = {};              ///< bytes: beyond it the system says the disk is full
  std::optional<std::chrono::milliseconds> killed_after = {};  ///< SIGKILL then, if it still runs
};

/// Runs build/bin/vigie with these arguments and waits for it.
Outcome vigie(const std::vector<std::string>& arguments, const Limits& limits = {});

}  // namespace vigie::bad_input
