#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/byte_source.h"

namespace vigie::reading {

/// One value of a JSON text, as it is written there.
struct JsonElement {
  std::string text;
  std::int64_t line = 0;  ///< where it begins, from 1
};

/// Walks through JSON as it comes and cuts values out of it, without looking into them further than brackets and quotes
/// go: whoever takes one apart finds what is wrong in it.
///
/// Errors: json.damaged (with the line), json.encoding, json.too_large (one value above 16 MB), those of the bytes.
class JsonScanner {
 public:
  JsonScanner(std::unique_ptr<ByteSource> bytes, std::string shown, std::string file);

  Result<char> peek();           ///< the next letter that is no blank; 0 at the end
  Result<> expect(char mark);    ///< takes that letter
  Result<bool> take(char mark);  ///< takes it if it is that letter
  Result<std::string> key();     ///< a name and its colon
  Result<> skip_value();
  Result<JsonElement> value();
  std::int64_t line() const { return line_; }
  std::unexpected<Error> damaged(std::int64_t line, std::string_view what) const;

 private:
  Result<bool> fill();
  Result<> walk_value(std::string* into);
  Result<> walk_text(std::string* into);
  Result<> keep(std::string* into, char letter) const;
  Result<char> next();

  std::unique_ptr<ByteSource> bytes_;
  std::string shown_, file_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  bool begun_ = false;
};

/// Where the records of a JSON file are.
struct JsonShape {
  enum class Form : std::uint8_t { list, lines };
  Form form = Form::list;
  std::vector<std::string> path;  ///< of names that lead to the list: {"response", "docs"}
};

/// Finds them: a list of objects at the top or, within one object, the only such list; or one object after the other.
/// `wanted` names the list ("response.docs"). `as_lines`: the name of the file says that it is one object a line.
///
/// Errors: json.empty, json.no_list, json.which (several lists), json.keyed (objects under keys), json.unknown_list.
Result<JsonShape> find_json_records(const OpenBytes& open, const std::string& shown, const std::string& file,
                                    std::string_view wanted, bool as_lines);

/// The records, one after the other.
class JsonElements {
 public:
  static Result<JsonElements> open(const OpenBytes& open, const std::string& shown, const std::string& file,
                                   const JsonShape& shape);
  Result<std::optional<JsonElement>> next();

 private:
  JsonElements(JsonScanner scanner, const JsonShape& shape)
      : scanner_(std::move(scanner)), form_(shape.form), depth_(shape.path.size()) {}
  Result<> nothing_after();
  JsonScanner scanner_;
  JsonShape::Form form_;
  std::size_t depth_;  ///< objects around the list
  bool first_ = true, ended_ = false;
};

}  // namespace vigie::reading
