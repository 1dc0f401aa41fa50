#include "cli/backend.h"

#include "cli/read_json.h"
#include "server/api/question_json.h"
#include "server/http/http_client.h"

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

/// The server that has the workspace open, over the workspace's own socket.
class RemoteBackend final : public Backend {
 public:
  explicit RemoteBackend(http::LocalClient client) : client_(std::move(client)) {}

  std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Fields>& questions) override {
    auto answers = ask_server(questions);
    if (!answers) return std::vector<Result<kpi::Answer>>(questions.size(), std::unexpected(answers.error()));
    answers->resize(questions.size(), fail(ErrorKind::unavailable, "server.answer", "the running server left a question unanswered"));
    return std::move(*answers);
  }

  Result<ingest::Receipt> import(const ingest::Request& request) override {
    // The server's working folder is not ours.
    api::ImportOrder order{std::filesystem::absolute(request.map_file), std::nullopt, {}, {}};
    if (request.folder) order.folder = std::filesystem::absolute(*request.folder);
    for (const auto& file : request.files) order.files.push_back(std::filesystem::absolute(file));
    for (const auto& [name, file] : request.named_files) order.named_files[name] = std::filesystem::absolute(file);
    VIGIE_TRY(const http::Response answer, client_.send({.method = "POST", .target = "/api/v1/import", .body = api::import_order_to_json(order)}, {}));
    if (answer.status >= 400) return std::unexpected(error_from_problem(answer.text(), answer.status));
    return receipt_from_json(answer.text());
  }

 private:
  Result<std::vector<Result<kpi::Answer>>> ask_server(const std::vector<plan::Fields>& questions) {
    VIGIE_TRY(const http::Response answer, client_.send({.method = "POST", .target = "/api/v1/ask", .body = api::questions_to_json(questions)}, {}));
    if (answer.status >= 400) return std::unexpected(error_from_problem(answer.text(), answer.status));
    return answers_from_json(answer.text());
  }

  http::LocalClient client_;
};

}  // namespace

Result<std::unique_ptr<Backend>> connect(const std::filesystem::path& folder, const Clock& clock) {
  auto opened = workspace::Workspace::open(folder, clock);
  if (opened) return std::unique_ptr<Backend>(std::make_unique<LocalBackend>(std::move(*opened)));
  if (opened.error().code != "workspace.locked") return std::unexpected(opened.error());
  auto client = http::LocalClient::connect(folder / "data" / "vigie.sock");
  if (!client) return std::unexpected(opened.error());
  return std::unique_ptr<Backend>(std::make_unique<RemoteBackend>(std::move(*client)));
}

}  // namespace vigie::cli
