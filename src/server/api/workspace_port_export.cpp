// Answers and tables of a workspace, written to files.
#include "base/json_writer.h"
#include "exports/answer_rows.h"
#include "server/api/answers_json.h"
#include "server/api/board.h"
#include "server/api/workspace_port.h"
#include "tongue/french.h"

namespace vigie::api {
namespace {

/// Ten million rows take minutes; who asks for a figure does not wait so long.
constexpr std::chrono::hours kLongestTable{1};

/// In the place of an answer that could not be given: no value, and the reason why.
kpi::Answer unanswered(const Fields& question, const Error& error) {
  kpi::Answer out;
  for (const auto& [name, value] : question)
    if (name == "kpi") {
      const auto colon = value.find(':');
      out.kpi = value.substr(0, colon);
      out.variant = colon == std::string::npos ? "default" : value.substr(colon + 1);
    }
  out.label = {out.kpi, out.kpi};
  out.total.reason = error.code;
  out.reasons[error.code] = {error.text(), tongue::in_french(error)};
  return out;
}

}  // namespace

std::filesystem::path WorkspacePort::scratch() const {
  return workspace_.is_only_read() ? std::filesystem::temp_directory_path() : workspace_.folder() / "data";
}

store::QueryLimits WorkspacePort::limits_of_table(const http::CancelToken& token) const {
  store::QueryLimits limits = limits_for(token);
  limits.deadline = std::max(longest_, std::chrono::milliseconds(kLongestTable));
  return limits;
}

Result<exports::Exported> WorkspacePort::export_answers(const std::vector<Fields>& questions, const exports::Form& form,
                                                        const exports::Destination& to,
                                                        const http::CancelToken& token) {
  exports::Standing standing{workspace_.catalog(),
                             workspace_.settings().company,
                             &workspace_.calendar().zone(),
                             workspace_.now(),
                             workspace_.today(),
                             {},
                             {}};
  for (const Fields& fields : questions) {
    VIGIE_TRY(plan::Question question, plan::question_from_fields(fields, workspace_.calendar()));
    standing.questions.push_back(std::move(question));
  }
  const auto answers = workspace_.ask(standing.questions, limits_for(token), nullptr, &standing.coverage);
  if (std::ranges::none_of(answers, [](const auto& one) { return one.has_value(); }))
    return std::unexpected(most_telling(answers));
  std::vector<kpi::Answer> given;
  for (std::size_t i = 0; i < answers.size(); ++i)
    given.push_back(answers[i] ? *answers[i] : unanswered(questions[i], answers[i].error()));
  return exports::export_answers(given, standing, form, to);
}

Result<exports::Exported> WorkspacePort::export_to(const ExportOrder& order, const exports::Destination& to,
                                                   const http::CancelToken& token) {
  switch (order.what) {
    case ExportOrder::What::kpi: return export_answers({order.fields}, order.form, to, token);
    case ExportOrder::What::board: {
      VIGIE_TRY(const std::vector<Fields> questions, board_questions(order.fields, headline()));
      return export_answers(questions, order.form, to, token);
    }
    case ExportOrder::What::table: break;
  }
  const std::unique_lock guard(exporting_, std::try_to_lock);
  if (!guard)
    return fail(ErrorKind::unavailable, "export.busy", "another table is being exported", {},
                "ask again when it has ended");
  VIGIE_TRY(const exports::TableOrder table, exports::table_order(order.name, order.fields));
  return workspace_.export_table(table, order.form, to, limits_of_table(token));
}

Result<std::string> WorkspacePort::return_maps(const ExportOrder& order, const std::string& file,
                                               const http::CancelToken& token) {
  VIGIE_TRY(const exports::TableOrder table, exports::table_order(order.name, order.fields));
  VIGIE_TRY(const auto maps, workspace_.return_maps(table, order.form, file, limits_of_table(token)));
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("table").text(order.name).key("maps").begin_array();
  for (const exports::ReturnMap& map : maps)
    out.begin_object().key("map").text(map.name).key("yaml").text(map.yaml).end_object();
  out.end_array().end_object();
  return json;
}

}  // namespace vigie::api
