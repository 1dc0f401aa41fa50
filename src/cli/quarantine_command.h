#pragma once
#include <functional>

#include "cli/options.h"

namespace vigie::cli {

/// `vigie quarantine list|show|fix|replay|drop` on the command line.
class QuarantineCommand {
 public:
  using Finish = std::function<void(const Result<>&)>;
  static std::string help();
  void add_to(CLI::App& command, Finish finish);

 private:
  void add_rows_meant(CLI::App& command, const char* words, const std::string& help);
  void add_list(CLI::App& command);
  void add_show(CLI::App& of);
  void add_fix(CLI::App& of);
  void add_replay_and_drop(CLI::App& of);
  CLI::App* add_order(CLI::App& of, const char* name, const std::string& help, const char* words,
                      const std::string& words_help, Result<> (*order)(const QuarantineOptions&));
  void run(Result<> (*order)(const QuarantineOptions&)) {
    options_.format = format_of(format_);
    finish_(order(options_));
  }

  QuarantineOptions options_;
  std::string format_ = "table";
  Finish finish_;
};

}  // namespace vigie::cli
