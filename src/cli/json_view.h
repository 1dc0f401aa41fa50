#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/result.h"

namespace vigie::cli {

/// Looking into the JSON of docs/api.md without asking at each step whether something is there: what is missing is
/// null, an empty text, an empty list.
const boost::json::value& at(const boost::json::value& from, std::string_view key);
std::string text_at(const boost::json::value& from, std::string_view key);
/// An instant as people read it: without the fraction of its last second, which the JSON keeps.
std::string instant_at(const boost::json::value& from, std::string_view key);
std::string to_the_second(std::string instant);
std::optional<double> number_at(const boost::json::value& from, std::string_view key);
bool flag_at(const boost::json::value& from, std::string_view key);
const boost::json::array& list_at(const boost::json::value& from, std::string_view key);
/// {"en":…,"fr":…} in the reader's language.
std::string words_at(const boost::json::value& from, std::string_view key);
/// A member of a list that should be a text.
std::string text_of(const boost::json::value& value);

/// Fails with `server.answer`: the text is no JSON.
Result<boost::json::value> parsed(std::string_view body);

}  // namespace vigie::cli
