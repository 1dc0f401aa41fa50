#pragma once
#include "server/api/port.h"

namespace vigie::api {

/// Bounds of a JSON body, beside its size (http::Limits).
constexpr std::size_t kMostQuestions = 64;
constexpr std::size_t kDeepestJson = 8;
constexpr std::size_t kLongestText = 16 * 1024;

/// {"questions":[{"kpi":"revenue","by":["channel"],"params":{"window":30},…},…]} → each question's fields, as a query
/// string would give them. Which fields there are is not decided here: an unknown one travels on and is named by the
/// planner. A question that is none (`question.type`: which one, which field, what was expected) fails in its own
/// place.
///
/// Errors of the whole: `json.invalid` and `question.repeated` (line and column), `question.type`, `question.none`,
/// `question.too_many`.
Result<std::vector<Result<Fields>>> questions_from_json(std::string_view body);

/// The same the other way: what the command line sends.
std::string questions_to_json(const std::vector<Fields>& questions);

/// {"map_file":"/…","folder":"/…","files":["/…"],"named_files":{"items":"/…"}}; errors as above.
Result<ImportOrder> import_order_from_json(std::string_view body);
std::string import_order_to_json(const ImportOrder& order);

/// {"ids":[1,2],"where":{"code":"cast.enum"},"set":{"country":"FR"},"file":"/…","map_file":"/…","by":"…","why":"…"},
/// each where it is wanted; errors as above.
Result<QuarantineOrder> quarantine_order_from_json(std::string_view body);
std::string quarantine_order_to_json(const QuarantineOrder& order);

/// {"id":"C17","source":"shop","dry_run":true,"by":"…"}, all but the id optional; errors as above.
Result<EraseOrder> erase_order_from_json(std::string_view body);
std::string erase_order_to_json(const EraseOrder& order);

}  // namespace vigie::api
