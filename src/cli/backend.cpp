#include "cli/backend.h"

#include <thread>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/read_json.h"
#include "exports/out_file.h"
#include "insight/handbook.h"
#include "server/api/question_json.h"
#include "server/api/workspace_port.h"
#include "server/http/http_client.h"

namespace vigie::cli {
namespace {

/// Who ran out of time with a question is told how to have more of it. An import has limits of its own.
template <class T>
Result<T> in_time(Result<T> answer, std::string_view how) {
  if (!answer && answer.error().code == "engine.deadline") answer.error().hint = how;
  return answer;
}

constexpr std::string_view
    kMoreTime = "ask for a shorter range or fewer splits, or allow more seconds with --time-limit",
    kMoreTimeOfServer = "ask for a shorter range or fewer splits, or start the server with a longer --time-limit";

/// The folder opened here, asked as a server would ask it: what is said of it is the same text.
class LocalBackend final : public Backend {
 public:
  LocalBackend(std::unique_ptr<workspace::Workspace> workspace, TimeLimit limit)
      : workspace_(std::move(workspace)), longest_(time_allowed(limit)), port_(*workspace_, VIGIE_VERSION, longest_) {}

  std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Fields>& questions) override {
    std::vector<Result<kpi::Answer>> out(questions.size(), Result<kpi::Answer>(kpi::Answer{}));
    std::vector<plan::Question> parsed;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      auto question = plan::question_from_fields(questions[i], workspace_->calendar());
      if (!question) {
        out[i] = std::unexpected(question.error());
        continue;
      }
      parsed.push_back(std::move(*question));
      places.push_back(i);
    }
    auto answers = workspace_->ask(parsed, {.deadline = longest_});
    for (std::size_t i = 0; i < answers.size(); ++i) out[places[i]] = in_time(std::move(answers[i]), kMoreTime);
    return out;
  }
  Result<ingest::Receipt> import(const ingest::Request& request) override { return workspace_->import(request); }

  Result<std::string> explain(const plan::Fields& question, int rows) override {
    plan::Fields fields = question;
    fields.emplace_back("rows", std::to_string(rows));
    return in_time(port_.explanation(fields, {}), kMoreTime);
  }
  Result<std::string> reconcile(const plan::Fields& first, const plan::Fields& last) override {
    return in_time(port_.reconciliation(first, last, {}), kMoreTime);
  }
  Result<std::string> why(const plan::Fields& fields) override { return in_time(port_.why(fields, {}), kMoreTime); }

  Result<std::string> quarantine(const plan::Fields& fields) override { return port_.quarantine(fields, {}); }
  Result<std::string> quarantined_row(const std::string& id) override { return port_.quarantined_row(id); }
  Result<std::string> change_quarantine(api::QuarantineVerb verb, const api::QuarantineOrder& order) override {
    return port_.change_quarantine(verb, order, {});
  }
  Result<std::string> erase(const api::EraseOrder& order) override { return port_.erase(order); }
  Result<std::string> erasures() override { return port_.erasures(); }
  Result<std::string> sync(const std::string& source) override { return port_.sync(source, {}); }
  Result<std::string> sources() override { return port_.sources(tongue::Language::en, http::Arrival::local); }
  Result<std::string> checks(bool again) override { return port_.checks(again, tongue::Language::en); }
  Result<std::string> singer(const std::string& order) override { return port_.singer(order); }
  Result<exports::Exported> export_to(const api::ExportOrder& order, const exports::Destination& to) override {
    return in_time(port_.export_to(order, to, {}), kMoreTime);
  }
  Result<std::string> return_maps(const api::ExportOrder& order, const std::string& file) override {
    return port_.return_maps(order, file, {});
  }
  Result<std::string> propose() override { return port_.proposals({}); }

  Result<std::vector<std::string>> headline() override { return port_.headline(); }
  Result<std::string> catalogue() override { return port_.catalogue(); }
  Result<std::string> handbook(Language language) override {
    return insight::handbook(workspace_->catalog(), workspace_->model(), language, workspace_->today());
  }
  Result<std::string> model(const std::string& name) override { return port_.model(name); }
  Result<std::vector<Error>> check() override { return port_.check({}); }
  std::unique_ptr<workspace::Workspace> release() override { return std::move(workspace_); }

 private:
  std::unique_ptr<workspace::Workspace> workspace_;
  std::chrono::milliseconds longest_;
  api::WorkspacePort port_;
};

/// The paths of one import, whole for a server and as they were typed for a person.
class Paths {
 public:
  std::string whole(const std::filesystem::path& typed) {
    // A map without a folder is looked up here, and so are its files.
    std::string path = typed.empty() ? (std::filesystem::current_path() / "").string()
                                     : std::filesystem::absolute(typed).lexically_normal().string();
    // A longer path may begin with a shorter one: it is put back first.
    typed_.emplace_back(path, typed.string());
    std::ranges::sort(typed_, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    return path;
  }
  Error as_typed(Error error) const {
    error.message = retyped(error.message);
    error.where.file = retyped(error.where.file);
    error.hint = retyped(error.hint);
    return error;
  }
  void retype(ingest::Receipt& receipt) const {
    for (ingest::FileRead& file : receipt.files) file.path = retyped(file.path);
    for (ingest::FileRead& file : receipt.inputs) file.path = retyped(file.path);
    for (ingest::Refusal& refusal : receipt.refusals) refusal.first_file = retyped(refusal.first_file);
    for (std::string& warning : receipt.warnings) warning = retyped(warning);
  }

 private:
  std::string retyped(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const auto known = std::ranges::find_if(typed_, [&](const auto& one) { return text.starts_with(one.first); });
      if (known == typed_.end()) {
        out += text.front();
        text.remove_prefix(1);
      } else {
        out += known->second;
        text.remove_prefix(known->first.size());
      }
    }
    return out;
  }

  std::vector<std::pair<std::string, std::string>> typed_;
};

/// Between two tries to import while somebody else does; after how many of them it is said.
constexpr std::chrono::milliseconds kBusyPause{300};
constexpr int kTriesUntold = 3;

/// How long a server may have the workspace without answering: it reads it, perhaps its journals, on a busy machine.
constexpr std::chrono::seconds kServerPatience{20}, kServerUntold{1};
constexpr std::chrono::milliseconds kServerPause{50};

/// The server that has the workspace open, over the workspace's own socket.
class RemoteBackend final : public Backend {
 public:
  explicit RemoteBackend(http::LocalClient client) : client_(std::move(client)) {}

  std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Fields>& questions) override {
    auto answers = ask_server(questions);
    if (!answers) answers = std::vector<Result<kpi::Answer>>(questions.size(), std::unexpected(answers.error()));
    answers->resize(questions.size(),
                    fail(ErrorKind::unavailable, "server.answer", "the running server left a question unanswered"));
    for (auto& answer : *answers) answer = in_time(std::move(answer), kMoreTimeOfServer);
    return std::move(*answers);
  }

  Result<ingest::Receipt> import(const ingest::Request& request) override {
    // The server's working folder is not ours: it is given whole paths, and what it says of them is said of ours.
    Paths paths;
    api::ImportOrder order{paths.whole(request.map_file), std::nullopt, {}, {}};
    if (request.folder) order.folder = paths.whole(*request.folder);
    else paths.whole(request.map_file.parent_path());
    for (const auto& file : request.files) order.files.push_back(paths.whole(file));
    for (const auto& [name, file] : request.named_files) order.named_files[name] = paths.whole(file);
    auto answer = send_when_free(
        {.method = "POST", .target = "/api/v1/import", .body = api::import_order_to_json(order)}, request.progress);
    if (!answer) return std::unexpected(paths.as_typed(answer.error()));
    VIGIE_TRY(ingest::Receipt receipt, receipt_from_json(*answer));
    paths.retype(receipt);
    return receipt;
  }

  Result<std::string> explain(const plan::Fields& question, int rows) override {
    plan::Fields fields = question;
    fields.emplace_back("rows", std::to_string(rows));
    return in_time(get(figure_target(fields, "explain")), kMoreTimeOfServer);
  }
  Result<std::string> reconcile(const plan::Fields& first, const plan::Fields& last) override {
    plan::Fields fields = first;
    for (const auto& [name, value] : last)
      if (name == "kpi") fields.emplace_back("with", value);
    return in_time(get(figure_target(fields, "reconcile")), kMoreTimeOfServer);
  }
  Result<std::string> why(const plan::Fields& question) override {
    return in_time(get(figure_target(question, "why")), kMoreTimeOfServer);
  }

  Result<std::string> quarantine(const plan::Fields& fields) override {
    std::string query;
    for (const auto& [name, value] : fields)
      query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, escaped(value));
    return get("/api/v1/quarantine" + query);
  }
  Result<std::string> quarantined_row(const std::string& id) override {
    return get("/api/v1/quarantine/" + escaped(id));
  }
  Result<std::string> change_quarantine(api::QuarantineVerb verb, const api::QuarantineOrder& order) override {
    const std::string_view name = verb == api::QuarantineVerb::fix      ? "fix"
                                  : verb == api::QuarantineVerb::replay ? "replay"
                                                                        : "drop";
    return send_when_free({.method = "POST",
                           .target = fmt::format("/api/v1/quarantine/{}", name),
                           .body = api::quarantine_order_to_json(order)},
                          {});
  }
  Result<std::string> erase(const api::EraseOrder& order) override {
    return send_when_free({.method = "POST", .target = "/api/v1/erase", .body = api::erase_order_to_json(order)}, {});
  }
  Result<std::string> erasures() override { return get("/api/v1/erase"); }
  Result<std::string> sync(const std::string& source) override {
    const std::string query = source.empty() ? "" : "?source=" + escaped(source);
    return send_when_free({.method = "POST", .target = "/api/v1/sync" + query, .body = {}}, {});
  }
  Result<std::string> sources() override { return get("/api/v1/sources"); }
  Result<std::string> checks(bool again) override {
    if (!again) return get("/api/v1/checks");
    return send_when_free({.method = "POST", .target = "/api/v1/checks", .body = {}}, {});
  }
  Result<std::string> singer(const std::string& order) override {
    return send_when_free({.method = "POST", .target = "/api/v1/singer", .body = order}, {});
  }
  Result<exports::Exported> export_to(const api::ExportOrder& order, const exports::Destination& to) override {
    const auto take = [&](std::string_view piece) { return exports::write_all(to.descriptor, piece, to.shown_as); };
    VIGIE_TRY(const http::Response answer,
              answer_when_free({.method = "GET", .target = export_target(order, ""), .body = {}}, {}, take));
    exports::Exported out{whole_number(answer.header("Vigie-Rows")).value_or(0)};
    for (const http::Header& header : answer.headers)
      if (header.name == "Vigie-Note") out.notes.push_back(header.value);
    return out;
  }
  Result<std::string> return_maps(const api::ExportOrder& order, const std::string& file) override {
    api::ExportOrder named = order;
    named.fields.emplace_back("file", file);
    return get(export_target(named, "/maps"));
  }
  Result<std::string> propose() override { return get("/api/v1/propose"); }

  Result<std::vector<std::string>> headline() override {
    VIGIE_TRY(const std::string text, get("/api/v1/workspace"));
    VIGIE_TRY(const boost::json::value root, parsed(text));
    std::vector<std::string> ids;
    for (const boost::json::value& one : list_at(root, "lead_kpis")) {
      const std::string variant = text_at(at(root, "headline_variants"), text_of(one));
      ids.push_back(variant.empty() ? text_of(one) : text_of(one) + ":" + variant);
    }
    return ids;
  }
  Result<std::string> catalogue() override { return get("/api/v1/kpis"); }
  Result<std::string> handbook(Language language) override {
    return get(language == Language::fr ? "/api/v1/handbook?language=fr" : "/api/v1/handbook?language=en");
  }
  Result<std::string> model(const std::string& name) override {
    return get(name.empty() ? "/api/v1/model" : "/api/v1/model/" + escaped(name));
  }
  Result<std::vector<Error>> check() override {
    VIGIE_TRY(const std::string text, get("/api/v1/check"));
    return errors_from_json(text);
  }
  std::unique_ptr<workspace::Workspace> release() override { return nullptr; }

 private:
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                         c == '_' || c == '.' || c == '~' || c == ':';
      out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  }

  /// /api/v1/kpis/{id}/WHAT?… — the KPI stands in the path, every other field in the query string.
  static std::string figure_target(const plan::Fields& fields, std::string_view what) {
    std::string kpi, query;
    for (const auto& [name, value] : fields)
      if (name == "kpi") kpi = value;
      else query += fmt::format("{}{}={}", query.empty() ? "?" : "&", escaped(name), escaped(value));
    return fmt::format("/api/v1/kpis/{}/{}{}", escaped(kpi), what, query);
  }

  static std::string export_target(const api::ExportOrder& order, std::string_view behind) {
    using What = api::ExportOrder::What;
    std::string out = "/api/v1/export/";
    out += order.what == What::board ? "board" : order.what == What::kpi ? "kpis/" : "tables/";
    out += fmt::format("{}{}?language={}", escaped(order.name), behind, tongue::name_of(order.form.language));
    for (const auto& fields : {exports::fields_of(order.form), order.fields})
      for (const auto& [name, value] : fields)
        if (name != "kpi") out += fmt::format("&{}={}", escaped(name), escaped(value));
    return out;
  }

  Result<std::string> get(const std::string& target) { return send({.method = "GET", .target = target, .body = {}}); }

  Result<http::Response> answer_of(const http::LocalClient::Ask& ask, const http::LocalClient::Take& take) {
    VIGIE_TRY(http::Response answer, client_.send(ask, {}, take));
    if (answer.status >= 400) return std::unexpected(error_from_problem(answer.text(), answer.status));
    return answer;
  }

  Result<std::string> send(const http::LocalClient::Ask& ask) {
    VIGIE_TRY(const http::Response answer, answer_of(ask, nullptr));
    return std::string(answer.text());
  }

  using Progress = std::function<void(std::string_view, double)>;
  Result<std::string> send_when_free(const http::LocalClient::Ask& ask, const Progress& progress) {
    VIGIE_TRY(const http::Response answer, answer_when_free(ask, progress, nullptr));
    return std::string(answer.text());
  }

  /// One import at a time, and one export of a table. Who waits does so here: in the server it would keep others from
  /// their answers.
  Result<http::Response> answer_when_free(const http::LocalClient::Ask& ask, const Progress& progress,
                                          const http::LocalClient::Take& take) {
    auto answer = answer_of(ask, take);
    const auto is_busy = [&] {
      return !answer && (answer.error().code == "import.busy" || answer.error().code == "export.busy");
    };
    for (int tries = 0; is_busy(); ++tries) {
      if (tries == kTriesUntold)
        print_notice(answer.error().message + "; this one begins when that has ended, however long it takes");
      if (progress) progress("wait", 0);
      std::this_thread::sleep_for(kBusyPause);
      answer = answer_of(ask, take);
    }
    return answer;
  }

  Result<std::vector<Result<kpi::Answer>>> ask_server(const std::vector<plan::Fields>& questions) {
    VIGIE_TRY(const std::string answer,
              send({.method = "POST", .target = "/api/v1/ask", .body = api::questions_to_json(questions)}));
    return answers_from_json(answer);
  }

  http::LocalClient client_;
};

}  // namespace

std::chrono::milliseconds time_allowed(TimeLimit said) { return said.value_or(store::QueryLimits().deadline); }

Result<std::unique_ptr<Backend>> connect(const std::filesystem::path& folder, const Clock& clock, TimeLimit limit) {
  ServerWait wait(folder);
  while (true) {
    // The server first: what it has read is in force, also while a definition beside it is being written.
    if (auto server = running_server(folder, limit)) return server;
    auto opened = workspace::Workspace::open(folder, clock);
    if (opened) return std::unique_ptr<Backend>(std::make_unique<LocalBackend>(std::move(*opened), limit));
    if (opened.error().code != "workspace.locked" || !wait.again()) return std::unexpected(opened.error());
  }
}

bool ServerWait::again() {
  // Who has only just taken the lock writes a moment later what it is: one look alone tells nothing.
  const bool first = tries_++ == 0;
  const auto waited = std::chrono::steady_clock::now() - began_;
  if (!first && (waited > kServerPatience || !workspace::Lock::is_held_by_server(folder_ / "data" / "lock")))
    return false;
  if (waited > kServerUntold && !std::exchange(told_, true))
    print_notice("a server has the workspace and does not answer yet; this waits for it");
  std::this_thread::sleep_for(kServerPause);
  return true;
}

std::unique_ptr<Backend> running_server(const std::filesystem::path& folder, TimeLimit limit) {
  auto client = http::LocalClient::connect(folder / "data" / "vigie.sock");
  if (!client) return nullptr;
  if (limit) print_notice("the running server answers, in its own time: --time-limit of this command changes nothing");
  return std::make_unique<RemoteBackend>(std::move(*client));
}

}  // namespace vigie::cli
