#include "reading/json_elements.h"

#include "base/json_text.h"
#include "base/text.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kLongestElement = 16 << 20;

bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The lists of objects within one object, and whether another value follows it.
class ListSearch {
 public:
  ListSearch(JsonScanner& scanner, std::string shown, std::string file)
      : scanner_(scanner), shown_(std::move(shown)), file_(std::move(file)) {}

  Result<JsonShape> find(std::string_view wanted) {
    VIGIE_CHECK(object(0));
    VIGIE_TRY(const char after, scanner_.peek());
    if (!wanted.empty() && after != 0)
      return scanner_.damaged(scanner_.line(), "something stands after the object that holds the list");
    if (!wanted.empty()) return named(wanted);
    if (after != 0) return JsonShape{JsonShape::Form::lines, {}};
    if (lists_.size() == 1) return JsonShape{JsonShape::Form::list, lists_.front()};
    if (lists_.size() > 1)
      return fail(ErrorKind::usage, "json.which",
                  fmt::format("{} holds {} lists of objects: {}", shown_, lists_.size(), join(paths(), ", ")), {file_},
                  "name the one that is meant: records: its name");
    if (members_ >= 2 && object_members_ == members_)
      return fail(ErrorKind::data, "json.keyed",
                  fmt::format("{} holds objects under {} keys, and no list of them", shown_, members_), {file_},
                  "write them as a list: [{…}, {…}], each with its key as a member");
    return JsonShape{JsonShape::Form::lines, {}};  // one object alone is one record
  }

 private:
  static constexpr std::size_t kDeepestList = 4;

  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& list : lists_) out.push_back(join(list, "."));
    return out;
  }
  Result<JsonShape> named(std::string_view wanted) const {
    for (const auto& list : lists_)
      if (join(list, ".") == wanted) return JsonShape{JsonShape::Form::list, list};
    return fail(ErrorKind::usage, "json.unknown_list",
                fmt::format("{} holds no list of objects \"{}\"", shown_, wanted), {file_},
                suggestion(wanted, paths()));
  }
  Result<> object(std::size_t depth) {
    VIGIE_CHECK(scanner_.expect('{'));
    VIGIE_TRY(const bool empty, scanner_.take('}'));
    if (empty) return {};
    while (true) {
      VIGIE_TRY(std::string name, scanner_.key());
      path_.push_back(std::move(name));
      VIGIE_CHECK(member(depth));
      path_.pop_back();
      VIGIE_TRY(const bool more, scanner_.take(','));
      if (!more) return scanner_.expect('}');
    }
  }
  Result<> member(std::size_t depth) {
    VIGIE_TRY(const char begin, scanner_.peek());
    if (depth == 0) {
      ++members_;
      object_members_ += begin == '{' ? 1 : 0;
    }
    if (begin == '{' && depth + 1 < kDeepestList) return object(depth + 1);
    if (begin != '[') return scanner_.skip_value();
    VIGIE_CHECK(scanner_.expect('['));
    VIGIE_TRY(const bool empty, scanner_.take(']'));
    if (empty) return {};
    VIGIE_TRY(const char first, scanner_.peek());
    if (first == '{') lists_.push_back(path_);
    while (true) {
      VIGIE_CHECK(scanner_.skip_value());
      VIGIE_TRY(const bool more, scanner_.take(','));
      if (!more) return scanner_.expect(']');
    }
  }

  JsonScanner& scanner_;
  std::string shown_, file_;
  std::vector<std::string> path_;
  std::vector<std::vector<std::string>> lists_;
  std::int64_t members_ = 0, object_members_ = 0;
};

}  // namespace

JsonScanner::JsonScanner(std::unique_ptr<ByteSource> bytes, std::string shown, std::string file)
    : bytes_(std::move(bytes)), shown_(std::move(shown)), file_(std::move(file)) {}

std::unexpected<Error> JsonScanner::damaged(std::int64_t line, std::string_view what) const {
  return fail(ErrorKind::data, "json.damaged", fmt::format("line {} of {} is no JSON: {}", line, shown_, what), {file_},
              "fetch it, or export it, again");
}

/// More bytes; false at the end.
Result<bool> JsonScanner::fill() {
  if (at_ < buffer_.size()) return true;
  buffer_.resize(1 << 16);
  at_ = 0;
  VIGIE_TRY(const std::size_t got, bytes_->read(buffer_));
  buffer_.resize(got);
  if (!begun_) {
    begun_ = true;
    if (buffer_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (buffer_.starts_with("\xFF\xFE") || buffer_.starts_with("\xFE\xFF") ||
        (got > 1 && (buffer_[0] == 0 || buffer_[1] == 0)))
      return fail(ErrorKind::data, "json.encoding", fmt::format("{} is not in UTF-8, as JSON has to be", shown_),
                  {file_}, "save it in UTF-8");
  }
  return at_ < buffer_.size();
}

Result<char> JsonScanner::next() {
  VIGIE_TRY(const bool more, fill());
  if (!more) return damaged(line_, "it ends in the middle of a value");
  const char letter = buffer_[at_++];
  line_ += letter == '\n' ? 1 : 0;
  return letter;
}

Result<char> JsonScanner::peek() {
  while (true) {
    VIGIE_TRY(const bool more, fill());
    if (!more) return '\0';
    if (!is_json_blank(buffer_[at_])) {
      if (buffer_[at_] == '\0') return damaged(line_, "a zero byte");
      return buffer_[at_];
    }
    line_ += buffer_[at_++] == '\n' ? 1 : 0;
  }
}

Result<> JsonScanner::expect(char mark) {
  VIGIE_TRY(const char there, peek());
  if (there == 0) return damaged(line_, "it ends in the middle of a value");
  if (there != mark) return damaged(line_, fmt::format("expected \"{}\", found \"{}\"", mark, there));
  ++at_;
  return {};
}

Result<bool> JsonScanner::take(char mark) {
  VIGIE_TRY(const char there, peek());
  if (there != mark) return false;
  ++at_;
  return true;
}

Result<> JsonScanner::keep(std::string* into, char letter) const {
  if (into == nullptr) return {};
  if (into->size() >= kLongestElement)
    return fail(ErrorKind::data, "json.too_large",
                fmt::format("a value in line {} of {} is longer than {} MB", line_, shown_, kLongestElement >> 20),
                {file_}, "take the long texts out of it");
  *into += letter;
  return {};
}

Result<> JsonScanner::walk_text(std::string* into) {
  VIGIE_CHECK(keep(into, '"'));
  while (true) {
    VIGIE_TRY(const char letter, next());
    VIGIE_CHECK(keep(into, letter));
    if (letter == '"') return {};
    if (letter != '\\') continue;
    VIGIE_TRY(const char escaped, next());
    VIGIE_CHECK(keep(into, escaped));
  }
}

Result<> JsonScanner::walk_value(std::string* into) {
  VIGIE_TRY(const char begin, peek());
  if (begin == 0) return damaged(line_, "it ends in the middle of a value");
  if (begin == ',' || begin == ']' || begin == '}' || begin == ':')
    return damaged(line_, fmt::format("expected a value, found \"{}\"", begin));
  if (begin != '"' && begin != '{' && begin != '[') {  // a number or a word: up to what cannot belong to it
    while (true) {
      VIGIE_TRY(const bool more, fill());
      const char letter = more ? buffer_[at_] : ' ';
      if (is_json_blank(letter) || letter == ',' || letter == ']' || letter == '}') return {};
      VIGIE_CHECK(keep(into, letter));
      ++at_;
    }
  }
  std::string open;
  do {
    VIGIE_TRY(const char letter, next());
    if (letter == '"') {
      VIGIE_CHECK(walk_text(into));
      continue;
    }
    VIGIE_CHECK(keep(into, letter));
    if (letter == '{' || letter == '[') open += letter == '{' ? '}' : ']';
    if (open.size() > kDeepestJson) return damaged(line_, "brackets within brackets, more than 64 deep");
    if (letter != '}' && letter != ']') continue;
    if (open.empty() || open.back() != letter) return damaged(line_, fmt::format("\"{}\" closes nothing", letter));
    open.pop_back();
  } while (!open.empty());
  return {};
}

Result<> JsonScanner::skip_value() { return walk_value(nullptr); }

Result<JsonElement> JsonScanner::value() {
  VIGIE_CHECK(peek());
  JsonElement out{"", line_};
  const auto walked = walk_value(&out.text);
  // Of objects one a line, the one that does not end is where the damage is, and not the end of the file.
  const bool ran_out = !walked && buffer_.empty();
  if (ran_out) return damaged(out.line, "it ends in the middle of a value");
  VIGIE_CHECK(walked);
  return out;
}

Result<std::string> JsonScanner::key() {
  VIGIE_TRY(const char begin, peek());
  if (begin != '"') return damaged(line_, "expected the name of a member");
  ++at_;
  std::string quoted;
  VIGIE_CHECK(walk_text(&quoted));
  VIGIE_CHECK(expect(':'));
  return json_as_text(quoted);
}

Result<JsonShape> find_json_records(const OpenBytes& open, const std::string& shown, const std::string& file,
                                    std::string_view wanted, bool as_lines) {
  VIGIE_TRY(auto bytes, open());
  JsonScanner scanner(std::move(bytes), shown, file);
  VIGIE_TRY(const char begin, scanner.peek());
  if (begin == 0) return fail(ErrorKind::data, "json.empty", fmt::format("{} holds no JSON at all", shown), {file});
  if (begin == '[' && wanted.empty()) return JsonShape{JsonShape::Form::list, {}};
  if (begin == '{' && wanted.empty() && as_lines) return JsonShape{JsonShape::Form::lines, {}};
  if (begin != '{')
    return fail(ErrorKind::data, "json.no_list", fmt::format("{} is no list of objects", shown), {file},
                "records are objects: [{…}, {…}], or one a line");
  return ListSearch(scanner, shown, file).find(wanted);
}

Result<JsonElements> JsonElements::open(const OpenBytes& open, const std::string& shown, const std::string& file,
                                        const JsonShape& shape) {
  VIGIE_TRY(auto bytes, open());
  JsonScanner scanner(std::move(bytes), shown, file);
  for (const std::string& step : shape.path) {
    VIGIE_CHECK(scanner.expect('{'));
    while (true) {
      VIGIE_TRY(const std::string name, scanner.key());
      if (name == step) break;
      VIGIE_CHECK(scanner.skip_value());
      VIGIE_CHECK(scanner.expect(','));
    }
  }
  if (shape.form == JsonShape::Form::list) {
    VIGIE_CHECK(scanner.expect('['));
  }
  return JsonElements(std::move(scanner), shape);
}

/// What is left of the objects that hold the list, and then nothing: a second list is no part of the first.
Result<> JsonElements::nothing_after() {
  for (std::size_t i = 0; i < depth_; ++i) {
    while (true) {
      VIGIE_TRY(const bool more, scanner_.take(','));
      if (!more) break;
      VIGIE_CHECK(scanner_.key());
      VIGIE_CHECK(scanner_.skip_value());
    }
    VIGIE_CHECK(scanner_.expect('}'));
  }
  VIGIE_TRY(const char after, scanner_.peek());
  if (after == 0) return {};
  return scanner_.damaged(scanner_.line(), "something stands after the end of the list");
}

Result<std::optional<JsonElement>> JsonElements::next() {
  if (ended_) return std::nullopt;
  if (form_ == JsonShape::Form::lines) {
    VIGIE_TRY(const char begin, scanner_.peek());
    if (begin == 0) return std::nullopt;
    VIGIE_TRY(JsonElement out, scanner_.value());
    return out;
  }
  VIGIE_TRY(const bool closed, scanner_.take(']'));
  if (closed) {
    ended_ = true;
    VIGIE_CHECK(nothing_after());
    return std::nullopt;
  }
  if (!first_) {
    VIGIE_CHECK(scanner_.expect(','));
  }
  first_ = false;
  VIGIE_TRY(JsonElement out, scanner_.value());
  return out;
}

}  // namespace vigie::reading
