#include "presets/file_rows.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "ingest/json_line.h"
#include "reading/reading.h"
#include "reading/source.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

std::string ending_of(fs::path file) {
  if (lower_ascii(file.extension().string()) == ".gz") file = file.stem();
  return lower_ascii(file.extension().string());
}
bool is_json_lines(const fs::path& file) { return ending_of(file) == ".jsonl" || ending_of(file) == ".ndjson"; }

Result<reading::Wanted> wanted_of(const ReadOptions& options) {
  using reading::Encoding;
  static const std::map<std::string, Encoding> kEncodings{{"utf-8", Encoding::utf8},
                                                          {"windows-1252", Encoding::windows1252},
                                                          {"latin-1", Encoding::latin1},
                                                          {"utf-16", Encoding::utf16_le}};
  reading::Wanted out;
  out.first_line = options.skip + 1;
  if (options.delimiter) out.delimiter = *options.delimiter == "tab" ? "\t" : *options.delimiter;
  if (options.encoding) {
    const auto known = kEncodings.find(*options.encoding);
    if (known == kEncodings.end())
      return fail(ErrorKind::usage, "preset.encoding", fmt::format("no encoding \"{}\"", *options.encoding), {},
                  "known: utf-8, windows-1252, latin-1, utf-16");
    out.encoding = known->second;
  }
  return out;
}

class CsvRows final : public FileRows {
 public:
  CsvRows(reading::Found found, std::unique_ptr<reading::Rows> rows, std::vector<std::string> null_values)
      : found_(std::move(found)), rows_(std::move(rows)), null_values_(std::move(null_values)) {}
  const std::vector<std::string>& columns() const override { return found_.layout.names; }
  Result<bool> next(std::vector<std::string>& cells) override {
    reading::Row row;
    VIGIE_TRY(const bool more, rows_->next(row));
    if (!more) return false;
    cells.assign(columns().size(), {});
    for (std::size_t i = 0; i < std::min(row.size(), cells.size()); ++i) {
      std::string text = row.value(i);
      const bool nothing = std::ranges::find(null_values_, trim(text)) != null_values_.end();
      if (!nothing) cells[i] = std::move(text);
    }
    return true;
  }

 private:
  reading::Found found_;
  std::unique_ptr<reading::Rows> rows_;
  std::vector<std::string> null_values_;
};

/// The lines of a file, one after the other.
class Lines {
 public:
  static Result<Lines> open(const fs::path& file) {
    VIGIE_TRY(reading::Bytes bytes, reading::Bytes::open(file));
    return Lines(std::move(bytes));
  }
  Result<bool> next(std::string& line) {
    while (true) {
      const std::size_t end = text_.find('\n', begin_);
      if (end != std::string::npos) {
        line.assign(text_, begin_, end - begin_);
        begin_ = end + 1;
        ++number_;
        return true;
      }
      text_.erase(0, begin_);
      begin_ = 0;
      VIGIE_TRY(const bool more, bytes_.read(text_));
      if (more) continue;
      if (text_.empty()) return false;
      line = std::exchange(text_, {});
      ++number_;
      return true;
    }
  }
  std::int64_t number() const { return number_; }

 private:
  explicit Lines(reading::Bytes bytes) : bytes_(std::move(bytes)) {}
  reading::Bytes bytes_;
  std::string text_;
  std::size_t begin_ = 0;
  std::int64_t number_ = 0;
};

class JsonLines final : public FileRows {
 public:
  static Result<std::unique_ptr<JsonLines>> open(const fs::path& file) {
    VIGIE_TRY(Lines first, Lines::open(file));
    auto out = std::unique_ptr<JsonLines>(new JsonLines(file, std::move(first)));
    // Members that come late are columns too: all lines are looked at before the first is given.
    std::string record;
    while (true) {
      VIGIE_TRY(const bool more, out->next_record(record));
      if (!more) break;
      for (const auto& [name, value] : ingest::json_members(record))
        if (out->places_.emplace(name, out->names_.size()).second) out->names_.push_back(name);
    }
    VIGIE_TRY(out->lines_, Lines::open(file));
    return out;
  }
  const std::vector<std::string>& columns() const override { return names_; }
  Result<bool> next(std::vector<std::string>& cells) override {
    std::string record;
    VIGIE_TRY(const bool more, next_record(record));
    if (!more) return false;
    cells.assign(names_.size(), {});
    for (auto& [name, value] : ingest::json_members(record)) cells[places_.at(name)] = std::move(value);
    return true;
  }

 private:
  JsonLines(fs::path file, Lines lines) : file_(std::move(file)), lines_(std::move(lines)) {}

  /// The next object; of a Singer tap's messages, the record in it.
  Result<bool> next_record(std::string& record) {
    while (true) {
      VIGIE_TRY(const bool more, lines_.next(record));
      if (!more) return false;
      if (trim(record).empty()) continue;
      if (!trim(record).starts_with('{') || !trim(record).ends_with('}'))
        return fail(ErrorKind::data, "json.line",
                    fmt::format("{}: line {} is no JSON object", file_.string(), lines_.number()), {},
                    "export one object a line");
      // A row may have a `type` of its own: a message is known by what it holds too.
      const std::string type = ingest::json_member(record, "type").value_or("");
      const auto holds = [&](std::string_view member) { return ingest::json_member(record, member).has_value(); };
      if ((type == "SCHEMA" && holds("schema")) || (type == "STATE" && holds("value")) ||
          (type == "ACTIVATE_VERSION" && holds("version")))
        continue;
      if (type != "RECORD") return true;
      if (auto inner = ingest::json_member(record, "record"); inner && inner->starts_with('{'))
        record = std::move(*inner);
      return true;
    }
  }

  fs::path file_;
  Lines lines_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace

bool is_export(const fs::path& file) {
  const std::string ending = ending_of(file);
  return ending == ".csv" || ending == ".tsv" || ending == ".txt" || is_json_lines(file);
}

Result<std::unique_ptr<FileRows>> FileRows::open(const fs::path& file, const ReadOptions& options) {
  if (is_json_lines(file)) {
    VIGIE_TRY(auto lines, JsonLines::open(file));
    return std::unique_ptr<FileRows>(std::move(lines));
  }
  VIGIE_TRY(const reading::Wanted wanted, wanted_of(options));
  VIGIE_TRY(reading::Found found, reading::detect(file, wanted));
  VIGIE_TRY(auto rows, reading::Rows::open(file, found));
  return std::unique_ptr<FileRows>(std::make_unique<CsvRows>(std::move(found), std::move(rows), options.null_values));
}

}  // namespace vigie::presets
