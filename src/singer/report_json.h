#pragma once
#include "base/json_writer.h"
#include "singer/singer.h"

namespace vigie::singer {

/// {"tap","preset","maps":{"stream":"/…"},"piece":"/…","lines_before","run","bring","max_deleted"}, all of them
/// optional. Errors: json.invalid, question.type, question.unknown_field, import.relative_path.
Result<Order> order_from_json(std::string_view body);
std::string to_json(const Order& order);

/// {"run","lines","streams":[…],"state_kept","after_state","receipts":[…],"told":[…],"stopped":{…}|null,"state":"…"}
void to_json(const Report& report, JsonWriter& out);

}  // namespace vigie::singer
