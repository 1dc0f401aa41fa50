#include "server/api/answers_json.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "kpi/answer_json.h"
#include "server/http/problem.h"

namespace vigie::api {

AnswerText answer_text(const kpi::Answer& answer) {
  AnswerText out;
  JsonWriter writer(out.json);
  kpi::to_json(answer, writer);
  out.as_of = to_string(answer.as_of);
  return out;
}

std::string answers_json(const std::vector<Result<AnswerText>>& answers, const http::Request& request) {
  std::string body, as_of;
  JsonWriter w(body);
  w.begin_object().key("answers").begin_array();
  for (const Result<AnswerText>& one : answers) {
    if (one) w.raw(one->json);
    else w.raw(http::problem_json(http::status_of(one.error()), one.error(), request));
    if (one) as_of = std::max(as_of, one->as_of);
  }
  w.end_array().key("as_of");
  if (as_of.empty()) w.null();
  else w.text(as_of);
  w.end_object();
  return body;
}

int vagueness(const Error& error) {
  if (!error.where.file.empty()) return 3;
  if (error.code != "expr.unknown_column" && error.code != "split.unknown") return 0;
  return is_of_one_near(error.hint) ? 1 : 2;
}

}  // namespace vigie::api
