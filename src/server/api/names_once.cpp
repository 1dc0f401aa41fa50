#include "server/api/names_once.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace vigie::api {
namespace {

namespace json = boost::json;

/// What the parser calls for each piece of the text; false, with an error, ends it.
class Names {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1), max_array_size = max_object_size,
                               max_key_size = max_object_size, max_string_size = max_object_size;
  std::string repeated;

  bool on_document_begin(json::error_code& /*error*/) { return true; }
  bool on_document_end(json::error_code& /*error*/) { return true; }
  bool on_object_begin(json::error_code& /*error*/) {
    open_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t /*members*/, json::error_code& /*error*/) {
    open_.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code& /*error*/) { return true; }
  bool on_array_end(std::size_t /*items*/, json::error_code& /*error*/) { return true; }
  bool on_key_part(json::string_view part, std::size_t /*so_far*/, json::error_code& /*error*/) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view rest, std::size_t /*length*/, json::error_code& error) {
    key_.append(rest.data(), rest.size());
    if (open_.back().insert(key_).second) {
      key_.clear();
      return true;
    }
    repeated = key_;
    error = json::error::extra_data;  // any: that there is one ends the reading
    return false;
  }
  bool on_string_part(json::string_view /*part*/, std::size_t /*so_far*/, json::error_code& /*error*/) { return true; }
  bool on_string(json::string_view /*rest*/, std::size_t /*length*/, json::error_code& /*error*/) { return true; }
  bool on_number_part(json::string_view /*part*/, json::error_code& /*error*/) { return true; }
  bool on_int64(std::int64_t /*number*/, json::string_view /*text*/, json::error_code& /*error*/) { return true; }
  bool on_uint64(std::uint64_t /*number*/, json::string_view /*text*/, json::error_code& /*error*/) { return true; }
  bool on_double(double /*number*/, json::string_view /*text*/, json::error_code& /*error*/) { return true; }
  bool on_bool(bool /*value*/, json::error_code& /*error*/) { return true; }
  bool on_null(json::error_code& /*error*/) { return true; }
  bool on_comment_part(json::string_view /*part*/, json::error_code& /*error*/) { return true; }
  bool on_comment(json::string_view /*rest*/, json::error_code& /*error*/) { return true; }

 private:
  std::vector<std::set<std::string>> open_;  ///< the names so far of each object around
  std::string key_;
};

}  // namespace

std::optional<RepeatedName> repeated_name(std::string_view body, std::size_t deepest) {
  json::parse_options options;
  options.max_depth = deepest;
  json::basic_parser<Names> parser(options);
  json::error_code error;
  const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
  if (!error || parser.handler().repeated.empty()) return std::nullopt;
  return RepeatedName{parser.handler().repeated, read};
}

}  // namespace vigie::api
