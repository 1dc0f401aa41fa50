#pragma once
#include <functional>

#include "cli/options.h"

namespace vigie::cli {

/// `vigie export kpi|board|table` on the command line. What is asked of an answer is what `vigie kpi` asks: whoever
/// knows those options adds them, and gives them as fields.
class ExportCommand {
 public:
  using Finish = std::function<void(const Result<>&)>;
  using AddQuestion = std::function<void(CLI::App& command, bool of_one_kpi)>;
  using Asked = std::function<AskOptions(bool of_one_kpi)>;

  static std::string help();
  void add_to(CLI::App& command, const AddQuestion& add_question, Asked asked, Finish finish);

 private:
  void add_file(CLI::App& command);
  void add_answer(CLI::App& of, bool of_one_kpi, const AddQuestion& add_question, Asked asked);
  void add_table(CLI::App& of);
  void run(api::ExportOrder::What what, ExportOptions options);

  ExportOptions options_;
  std::string table_, where_, columns_, format_, reader_, headers_, guard_;
  Finish finish_;
};

}  // namespace vigie::cli
