#include "cli/backend.h"

namespace vigie::cli {
namespace {

class LocalBackend final : public Backend {
 public:
  explicit LocalBackend(std::unique_ptr<workspace::Workspace> workspace) : workspace_(std::move(workspace)) {}

  std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Fields>& questions) override {
    std::vector<plan::Question> parsed;
    for (const plan::Fields& fields : questions) {
      auto question = plan::question_from_fields(fields, workspace_->calendar());
      if (!question) return std::vector<Result<kpi::Answer>>(questions.size(), std::unexpected(question.error()));
      parsed.push_back(std::move(*question));
    }
    return workspace_->ask(parsed, {});
  }
  Result<ingest::Receipt> import(const ingest::Request& request) override { return workspace_->import(request); }

 private:
  std::unique_ptr<workspace::Workspace> workspace_;
};

}  // namespace

Result<std::unique_ptr<Backend>> connect(const std::filesystem::path& folder, const Clock& clock) {
  VIGIE_TRY(auto opened, workspace::Workspace::open(folder, clock));
  return std::unique_ptr<Backend>(std::make_unique<LocalBackend>(std::move(opened)));
}

}  // namespace vigie::cli
