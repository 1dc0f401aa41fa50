#include "reading/json_records.h"

#include <bit>

#include "base/text.h"
#include "reading/source.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kMostMembers = 4'096;

}  // namespace

Result<std::unique_ptr<JsonRecords>> JsonRecords::open(OpenBytes bytes, std::string shown, const JsonWishes& wishes) {
  VIGIE_TRY(JsonShape shape, find_json_records(bytes, shown, shown, wishes.records, wishes.as_lines));
  std::unique_ptr<JsonRecords> out(new JsonRecords(std::move(bytes), std::move(shown), std::move(shape)));
  VIGIE_CHECK(out->look_through());
  VIGIE_TRY(JsonElements elements, JsonElements::open(out->bytes_, out->shown_, out->shown_, out->shape_));
  out->elements_ = std::make_unique<JsonElements>(std::move(elements));
  return out;
}

Result<std::unique_ptr<JsonRecords>> JsonRecords::open(const std::filesystem::path& file, JsonWishes wishes) {
  const bool packed = lower_ascii(file.extension().string()) == ".gz";
  const std::string ending = lower_ascii((packed ? file.stem() : file).extension().string());
  wishes.as_lines = wishes.as_lines || (wishes.records.empty() && (ending == ".jsonl" || ending == ".ndjson"));
  return open([file] { return open_unpacked(file); }, file.filename().string(), wishes);
}

std::int64_t JsonRecords::row_of(const JsonElement& element, std::int64_t ordinal) const {
  return shape_.form == JsonShape::Form::lines ? element.line : ordinal;
}

Result<> JsonRecords::note(const JsonMember& member, std::int64_t row) {
  const auto [found, is_new] = by_name_.try_emplace(member.name, names_.size());
  if (is_new) {
    if (names_.size() >= kMostMembers)
      return fail(ErrorKind::data, "json.too_many_columns",
                  fmt::format("the records of {} have more than {} different members", shown_, kMostMembers), {shown_},
                  "members that are keys of their own are no columns: write them as records");
    names_.push_back(member.name);
    columns_.emplace_back();
  }
  Column& column = columns_[found->second];
  if (member.is_list_of_objects && column.lists++ == 0) column.first_list = row;
  if (member.cell.kind == CellKind::empty) return {};
  const unsigned before = column.kinds;
  column.kinds |= 1U << static_cast<unsigned>(member.cell.kind);
  if (before != 0 && before != column.kinds && column.mixed_at == 0) column.mixed_at = row;
  return {};
}

Result<> JsonRecords::look_through() {
  VIGIE_TRY(JsonElements elements, JsonElements::open(bytes_, shown_, shown_, shape_));
  for (std::int64_t ordinal = 1;; ++ordinal) {
    VIGIE_TRY(const auto element, elements.next());
    if (!element) break;
    VIGIE_TRY(const auto members, flat_members(*element, shown_, shown_));
    for (const JsonMember& member : members) VIGIE_CHECK(note(member, row_of(*element, ordinal)));
  }
  if (names_.empty())
    return fail(ErrorKind::data, "json.empty", fmt::format("there is no record in {}", shown_), {shown_});
  return {};
}

Result<bool> JsonRecords::read_next(TypedRecord& record) {
  VIGIE_TRY(const auto element, elements_->next());
  if (!element) return false;
  VIGIE_TRY(auto members, flat_members(*element, shown_, shown_));
  record.row = row_of(*element, ++ordinal_);
  record.cells.assign(names_.size(), {});
  for (JsonMember& member : members) {
    const auto found = by_name_.find(member.name);
    if (found == by_name_.end())
      return fail(ErrorKind::unavailable, "file.changed", fmt::format("{} changed while it was read", shown_), {shown_},
                  "read it again");
    record.cells[found->second] = std::move(member.cell);
  }
  return true;
}

std::string JsonRecords::place(std::int64_t row) const {
  return fmt::format("{} {}", shape_.form == JsonShape::Form::lines ? "line" : "record", row);
}

std::string JsonRecords::place(std::int64_t row, std::size_t column) const {
  return fmt::format("{}, {}", place(row), names_.at(column));
}

std::vector<SourceNotice> JsonRecords::notices() const {
  std::vector<SourceNotice> out;
  if (!shape_.path.empty())
    out.push_back({"json.list", fmt::format("the records are those of \"{}\"", join(shape_.path, ".")), ""});
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (columns_[i].lists > 0)
      out.push_back({"json.lists",
                     fmt::format("lists of objects, left as JSON in \"{}\": {}", names_[i], columns_[i].lists),
                     place(columns_[i].first_list)});
    if (std::popcount(columns_[i].kinds) > 1)
      out.push_back({"json.mixed", fmt::format("\"{}\" holds values of more than one type", names_[i]),
                     place(columns_[i].mixed_at)});
  }
  return out;
}

}  // namespace vigie::reading
