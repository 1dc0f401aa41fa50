#include "presets/file_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json_text.h"
#include "base/text.h"
#include "reading/json_records.h"
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
  out.totals = reading::Totals::keep;  // what a tool calls a total, its preset knows
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

class JsonLines final : public FileRows {
 public:
  static Result<std::unique_ptr<JsonLines>> open(const fs::path& file) {
    auto out = std::unique_ptr<JsonLines>(new JsonLines(file));
    VIGIE_CHECK(out->begin());
    // Members that come late are columns too: all records are looked at before the first is given.
    std::string record;
    while (true) {
      VIGIE_TRY(const bool more, out->next_record(record));
      if (!more) break;
      std::set<std::string> names;
      for (JsonMembers members(record); members.next();) {
        if (!names.insert(members.name()).second)
          return fail(
              ErrorKind::data, "json.twice",
              fmt::format("the object in line {} of {} holds \"{}\" twice", out->line_, out->shown(), members.name()),
              {file.string()}, "give each member a name of its own");
        if (out->places_.emplace(members.name(), out->names_.size()).second) out->names_.push_back(members.name());
      }
    }
    VIGIE_CHECK(out->begin());
    return out;
  }
  const std::vector<std::string>& columns() const override { return names_; }
  Result<bool> next(std::vector<std::string>& cells) override {
    std::string record;
    VIGIE_TRY(const bool more, next_record(record));
    if (!more) return false;
    cells.assign(names_.size(), {});
    for (JsonMembers members(record); members.next();) {
      const auto place = places_.find(members.name());
      if (place == places_.end())
        return fail(ErrorKind::unavailable, "file.changed", fmt::format("{} changed while it was read", shown()),
                    {file_.string()}, "read it again");
      cells[place->second] = json_as_text(members.value());
    }
    return true;
  }

 private:
  explicit JsonLines(fs::path file) : file_(std::move(file)) {}
  std::string shown() const { return file_.filename().string(); }

  Result<> begin() {
    const auto bytes = [this] { return reading::open_unpacked(file_); };
    VIGIE_TRY(auto elements, reading::JsonElements::open(bytes, shown(), file_.string(),
                                                         {.form = reading::JsonShape::Form::lines, .path = {}}));
    elements_.emplace(std::move(elements));
    return {};
  }

  /// The next object; of a Singer tap's messages, the record in it.
  Result<bool> next_record(std::string& record) {
    while (true) {
      VIGIE_TRY(auto element, elements_->next());
      if (!element) return false;
      VIGIE_CHECK(reading::check_record(*element, shown(), file_.string()));
      line_ = element->line;
      record = std::move(element->text);
      // A row may have a `type` of its own: a message is known by what it holds too.
      const std::string type = json_member(record, "type").value_or("");
      const auto holds = [&](std::string_view member) { return json_member(record, member).has_value(); };
      if ((type == "SCHEMA" && holds("schema")) || (type == "STATE" && holds("value")) ||
          (type == "ACTIVATE_VERSION" && holds("version")))
        continue;
      if (type != "RECORD") return true;
      if (auto inner = json_member(record, "record"); inner && inner->starts_with('{')) record = std::move(*inner);
      return true;
    }
  }

  fs::path file_;
  std::optional<reading::JsonElements> elements_;
  std::int64_t line_ = 0;
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
