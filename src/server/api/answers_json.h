#pragma once
#include "kpi/answer.h"
#include "server/api/port.h"

namespace vigie::api {

AnswerText answer_text(const kpi::Answer& answer);

/// {"answers":[…],"as_of":…}: what a batch of questions gets, over HTTP as from the command. In the order of the
/// questions; one that failed is a problem in its own place, with the id of the request where it has one.
std::string answers_json(const std::vector<Result<AnswerText>>& answers, const http::Request& request);

}  // namespace vigie::api
