#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::singer {

/// A line longer than this is none of a tap's.
constexpr std::size_t kLongestLine = std::size_t{64} << 20;

struct Message {
  enum class Type { schema, record, state, activate_version };
  Type type = Type::record;
  std::string stream;
  std::string json;               ///< the schema, the record or the value of the state, letter by letter
  std::vector<std::string> keys;  ///< of a schema: key_properties
  std::optional<std::int64_t> version;
  std::string time_extracted;
};

/// Errors, each with the number of the line: singer.line (no JSON object, with what stands there), singer.type,
/// singer.batch, singer.member (a message without what it needs).
Result<Message> parse_message(std::string_view line, std::int64_t number);

/// What a schema says of its columns, in their order; number: whatever else it may be, no text.
struct SchemaColumn {
  std::string name;
  bool number = false;
};
std::vector<SchemaColumn> columns_of(std::string_view schema);

/// A record of that schema in which every column is there, those within others too: what its columns are told by.
std::string sample_of(std::string_view schema);

/// The text of the key in a record, as JSON; empty where one of its members is.
std::string key_of(std::string_view record, const std::vector<std::string>& keys);

}  // namespace vigie::singer
