#pragma once
// Private to the command itself.
#include <CLI/CLI.hpp>
#include <functional>

#include "cli/options.h"

namespace vigie::cli {

/// `vigie erase customer|list` on the command line.
class EraseCommand {
 public:
  using Finish = std::function<void(const Result<>&)>;
  static std::string help();
  void add_to(CLI::App& command, Finish finish);

 private:
  void run(Result<> (*order)(const EraseOptions&)) {
    options_.format = format_of(format_);
    finish_(order(options_));
  }

  EraseOptions options_;
  std::string format_ = "table";
  Finish finish_;
};

}  // namespace vigie::cli
