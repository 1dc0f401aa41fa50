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

  Result<std::string> explain(const plan::Fields& fields, int rows) override {
    VIGIE_TRY(const plan::Question question, plan::question_from_fields(fields, workspace_->calendar()));
    return json_of(workspace_->explain(question, rows, {}));
  }
  Result<std::string> reconcile(const plan::Fields& first, const plan::Fields& last) override {
    VIGIE_TRY(const plan::Question from, plan::question_from_fields(first, workspace_->calendar()));
    VIGIE_TRY(const plan::Question to, plan::question_from_fields(last, workspace_->calendar()));
    return json_of(workspace_->reconcile(from, to, {}));
  }
  Result<std::string> why(const plan::Fields& fields) override {
    VIGIE_TRY(const plan::Question question, plan::question_from_fields(fields, workspace_->calendar()));
    return json_of(workspace_->why(question, {}));
  }

 private:
  template <class T>
  static Result<std::string> json_of(const Result<T>& found) {
    if (!found) return std::unexpected(found.error());
    std::string json;
    JsonWriter out(json);
    to_json(*found, out);
    return json;
  }

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

  Result<std::string> explain(const plan::Fields& question, int rows) override {
    std::string kpi, query;
    for (const auto& [name, value] : question)
      if (name == "kpi") kpi = value;
      else query += fmt::format("{}{}={}", query.empty() ? "" : "&", escaped(name), escaped(value));
    query += fmt::format("{}rows={}", query.empty() ? "" : "&", rows);
    return get(fmt::format("/api/v1/explain/{}?{}", escaped(kpi), query));
  }
  Result<std::string> reconcile(const plan::Fields&, const plan::Fields&) override { return not_served("reconcile"); }
  Result<std::string> why(const plan::Fields&) override { return not_served("why"); }

 private:
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~' || c == ':';
      out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  }

  static std::unexpected<Error> not_served(std::string_view command) {
    return fail(ErrorKind::unavailable, "server.command", fmt::format("a server has the workspace open, and it does not answer \"{}\"", command), {}, "stop it for the time of the command");
  }

  Result<std::string> get(const std::string& target) {
    VIGIE_TRY(const http::Response answer, client_.send({.method = "GET", .target = target, .body = {}}, {}));
    if (answer.status >= 400) return std::unexpected(error_from_problem(answer.text(), answer.status));
    return std::string(answer.text());
  }

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
