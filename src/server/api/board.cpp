#include "server/api/board.h"

namespace vigie::api {

bool has_field(const Fields& fields, std::string_view name) {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == name; });
}

Result<std::vector<Fields>> board_questions(const Fields& fields, const std::vector<std::string>& headline) {
  for (const std::string_view own : {"kpi", "variant", "version", "top", "split", "stand_in"})
    if (has_field(fields, own))
      return fail(ErrorKind::usage, "question.unknown_field",
                  fmt::format("a board takes no \"{}\": it holds the ten KPIs as they are", own), {},
                  "ask /api/v1/kpis/{id} for one of them");
  std::vector<Fields> questions;
  for (const std::string& id : headline) {
    questions.push_back(fields);
    questions.back().emplace_back("kpi", id);
    questions.back().emplace_back("split", "optional");
    questions.back().emplace_back("stand_in", "allowed");
  }
  return questions;
}

}  // namespace vigie::api
