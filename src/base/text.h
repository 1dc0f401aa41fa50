#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Lower-case letters, digits and underscores alone, and at least one: a name as files and addresses spell it.
bool is_plain_name(std::string_view text);
std::string_view trim(std::string_view text);  ///< ASCII blanks at both ends
std::string lower_ascii(std::string_view text);
/// A whole number written in plain digits, with or without a minus; nothing else stands in the text.
std::optional<std::int64_t> whole_number(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);  ///< keeps empty parts; trims none
std::string join(std::span<const std::string> parts, std::string_view separator);

/// The known name a person most likely meant: case and accents folded, at most a third of its letters wrong
/// (Damerau–Levenshtein). Empty when nothing is near.
std::string nearest_name(std::string_view typed, std::span<const std::string> known);

/// "did you mean "amount"?" or, when nothing is near and the list is short, "known: a, b, c"; else empty.
std::string suggestion(std::string_view typed, std::span<const std::string> known);

/// "did you mean "amount"?"; and whether that is what a hint says first, of one name that is near.
std::string did_you_mean(std::string_view name);
bool is_of_one_near(std::string_view hint);

/// Lower case without accents, for the names people type ("Taux_De_Conversion", "fidélité"). Latin letters only.
std::string fold_name(std::string_view text);

}  // namespace vigie
