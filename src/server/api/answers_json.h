#pragma once
#include <algorithm>

#include "kpi/answer.h"
#include "server/api/port.h"

namespace vigie::api {

AnswerText answer_text(const kpi::Answer& answer);

/// {"answers":[…],"as_of":…}: what a batch of questions gets, over HTTP as from the command. In the order of the
/// questions; one that failed is a problem in its own place, with the id of the request where it has one.
std::string answers_json(const std::vector<Result<AnswerText>>& answers, const http::Request& request);

/// How little an error tells of one question put to several KPIs: nothing is missing of one whose KPI knows all its
/// names; that of a KPI which knows a name nearly so says more than that of one which knows nothing like it; what is
/// wrong in a file of definitions was never asked.
int vagueness(const Error& error);

/// Where all failed, the error that tells most, the first such.
template <typename T>
const Error& most_telling(const std::vector<Result<T>>& failed) {
  return std::ranges::min_element(failed, {}, [](const Result<T>& one) { return vagueness(one.error()); })->error();
}

}  // namespace vigie::api
