#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie {

/// What makes a text no JSON, and at which byte of it.
struct JsonFault {
  std::size_t at = 0;
  std::string what;  ///< English
};
inline constexpr std::size_t kDeepestJson = 64;

/// Holds a text against RFC 8259: one value and blanks around it, texts in UTF-8 without bare control codes or halves
/// of letters, brackets that pair, no deeper than kDeepestJson. Nothing: it is JSON. All the rest here is for text that
/// has been held against it (by this or by the engine): of any other it gives something, and nothing of use.
std::optional<JsonFault> json_fault(std::string_view text);

enum class JsonType : std::uint8_t { object, list, text, number, boolean, null };
JsonType json_type(std::string_view value);

/// A value as a text: a string without its quotes and escapes, nothing for null, all else as it is written (a number
/// digit by digit: a reader that goes through doubles would change the 17th).
std::string json_as_text(std::string_view value);
/// A value without the blanks between its parts.
std::string json_compact(std::string_view value);

/// The members of an object, one after the other; of any other value there are none.
///
///   for (JsonMembers members(object); members.next();) … members.name(), members.value() …
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view object);
  bool next();
  const std::string& name() const { return name_; }
  std::string_view value() const { return value_; }  ///< as it is written

 private:
  std::string_view rest_, value_;
  std::string name_;
};

/// The values of a list, as they are written in it; of any other value there are none.
std::vector<std::string_view> json_items(std::string_view list);

/// The member of that name as a text; nothing for null and for members that are not there.
std::optional<std::string> json_member(std::string_view object, std::string_view name);
/// All of its members in their order, as texts.
std::vector<std::pair<std::string, std::string>> json_members(std::string_view object);

}  // namespace vigie
