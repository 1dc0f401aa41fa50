#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "reading/json_elements.h"
#include "reading/typed_records.h"

namespace vigie::reading {

struct JsonWishes {
  std::string records;    ///< the list that is meant, "response.docs"; "": the only one
  bool as_lines = false;  ///< one object a line, whatever lists a lone one holds
};

/// A member of a record, taken apart: "customer.address.city".
struct JsonMember {
  std::string name;
  Cell cell;
  bool is_list = false;  ///< its text is the JSON of a list
  bool is_list_of_objects = false;
};

/// The members of an object, those of objects within it under "a.b"; lists as their JSON. Numbers keep their digits
/// ("1.50" stays so; "1e3" is 1000), null and {} are empty. Errors: json.damaged (`line` is where it begins),
/// json.not_object, json.twice (a name stands twice).
Result<std::vector<JsonMember>> flat_members(const JsonElement& element, const std::string& shown,
                                             const std::string& file);
/// Whether it is JSON through and through, and an object. Errors: json.damaged, json.not_object.
Result<> check_record(const JsonElement& element, const std::string& shown, const std::string& file);

/// The records of a JSON file: a list of objects, an object that holds one, or one object after the other (JSON lines).
/// Reads it once to know its columns, also those that only later records have, and once more for the records.
///
/// Errors: those of find_json_records and flat_members; json.too_many_columns.
class JsonRecords : public TypedRecords {
 public:
  /// `shown` is what errors call the file.
  static Result<std::unique_ptr<JsonRecords>> open(OpenBytes bytes, std::string shown, const JsonWishes& wishes);
  /// A file's, packed by gzip or not; .jsonl and .ndjson are one object a line.
  static Result<std::unique_ptr<JsonRecords>> open(const std::filesystem::path& file, JsonWishes wishes);

  const std::vector<std::string>& columns() const override { return names_; }
  std::string place(std::int64_t row) const override;  ///< "record 3" of a list, "line 3" of lines
  std::string place(std::int64_t row, std::size_t column) const override;
  std::vector<SourceNotice> notices() const override;

 private:
  Result<bool> read_next(TypedRecord& record) override;
  struct Column {
    unsigned kinds = 0;  ///< one bit for each kind that was seen
    std::int64_t mixed_at = 0, lists = 0, first_list = 0;
  };
  JsonRecords(OpenBytes bytes, std::string shown, JsonShape shape)
      : bytes_(std::move(bytes)), shown_(std::move(shown)), shape_(std::move(shape)) {}
  Result<> look_through();
  Result<> note(const JsonMember& member, std::int64_t row);
  std::int64_t row_of(const JsonElement& element, std::int64_t ordinal) const;

  OpenBytes bytes_;
  std::string shown_;
  JsonShape shape_;
  std::vector<std::string> names_;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unique_ptr<JsonElements> elements_;
  std::int64_t ordinal_ = 0;
};

}  // namespace vigie::reading
