#pragma once
#include "server/api/port.h"

namespace vigie::api {

/// What a board asks: each of the ten, with what was said of all of them. Fails with question.unknown_field where that
/// is about one KPI alone.
Result<std::vector<Fields>> board_questions(const Fields& fields, const std::vector<std::string>& headline);

bool has_field(const Fields& fields, std::string_view name);

}  // namespace vigie::api
