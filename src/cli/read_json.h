#pragma once
#include "ingest/ingest.h"
#include "kpi/answer.h"

namespace vigie::cli {

/// What a running server answered, read back: its JSON is the contract of docs/api.md. Each fails with `server.answer`
/// where the text is not of that shape.
Result<std::vector<Result<kpi::Answer>>> answers_from_json(std::string_view body);
Result<ingest::Receipt> receipt_from_json(std::string_view body);
/// {"problems":[…]} as the errors they were.
Result<std::vector<Error>> errors_from_json(std::string_view body);
/// An RFC 9457 problem as the error it was: its place, and who has to act.
Error error_from_problem(std::string_view body, int status);

}  // namespace vigie::cli
