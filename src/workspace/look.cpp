#include "workspace/look.h"

#include "reading/file_kind.h"
#include "reading/json_records.h"
#include "reading/reading.h"
#include "reading/sheet_records.h"
#include "reading/workbook.h"
#include "workspace/share.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

/// What both rooms read beside the file.
struct Known {
  model::Model model;
  propose::Vocabulary vocabulary;
};

Result<std::unique_ptr<Known>> load_known() {
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(model::Model model, model::Model::load(share / "model"));
  auto out = std::make_unique<Known>(Known{std::move(model), {}});
  VIGIE_TRY(out->vocabulary, propose::Vocabulary::load(share / "headers", share / "presets", out->model));
  return out;
}

std::string encoding_of_map(reading::Encoding encoding) {
  switch (encoding) {
    case reading::Encoding::utf8: return "utf-8";
    case reading::Encoding::utf16_le:
    case reading::Encoding::utf16_be: return "utf-16";
    case reading::Encoding::windows1252:
    case reading::Encoding::latin1: return "windows-1252";
  }
  return "utf-8";
}

propose::FileFacts facts_of(const fs::path& file, const reading::Found& found) {
  propose::FileFacts out;
  out.files = fs::absolute(file).lexically_normal().string();
  out.delimiter = found.dialect.delimiter;
  out.quote = found.dialect.quote == 0 ? std::string() : std::string(1, found.dialect.quote);
  out.encoding = encoding_of_map(found.dialect.encoding);
  out.skip = static_cast<int>(found.layout.first_header_line - 1);
  return out;
}

propose::FileFacts facts_of_copy(const fs::path& copy) {
  propose::FileFacts out;
  out.files = fs::absolute(copy).lexically_normal().string();
  return out;
}

Result<fs::path> place_of_copy(const fs::path& file, const fs::path& copies) {
  std::error_code problem;
  fs::create_directories(copies, problem);
  if (problem)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot make {}: {}", copies.string(), problem.message()));
  return copies / (file.filename().string() + ".csv");
}

Result<LookedAt> look_at_text(const fs::path& file, const propose::Wishes& wishes, const fs::path& copies,
                              const Known& known) {
  VIGIE_TRY(const reading::Found found, reading::detect(file));
  propose::TableSketch sketch(found.layout.names, known.vocabulary);
  VIGIE_TRY(const auto rows, reading::Rows::open(file, found));
  reading::Row row;
  std::vector<std::string> values;
  std::vector<std::string_view> cells;
  while (true) {
    VIGIE_TRY(const bool more, rows->next(row));
    if (!more) break;
    values.clear();
    for (std::size_t i = 0; i < row.size(); ++i) values.push_back(row.value(i));
    cells.assign(values.begin(), values.end());
    sketch.add(cells);
  }
  LookedAt out;
  for (const std::string& reason : found.reasons) out.told.push_back({0, {}, reason});
  for (const reading::Notice& notice : rows->told().notices) out.told.push_back({notice.line, {}, notice.sentence});
  propose::FileFacts facts = facts_of(file, found);
  if (!found.is_plain()) {
    VIGIE_TRY(out.copy, place_of_copy(file, copies));
    VIGIE_TRY([[maybe_unused]] const reading::Found copied, reading::write_clean(file, found, *out.copy));
    facts = facts_of_copy(*out.copy);
  }
  VIGIE_TRY(out.proposal, propose::propose(sketch, facts, wishes, known.model, known.vocabulary));
  return out;
}

/// `open` begins to read the records, again with each call.
Result<LookedAt> look_at_records(const fs::path& file, const propose::Wishes& wishes, const fs::path& copies,
                                 const Known& known,
                                 const std::function<Result<std::unique_ptr<reading::TypedRecords>>()>& open) {
  LookedAt out;
  VIGIE_TRY(const auto records, open());
  propose::TableSketch sketch(records->columns(), known.vocabulary);
  reading::TypedRecord record;
  std::vector<std::string_view> cells;
  while (true) {
    VIGIE_TRY(const bool more, records->next(record));
    if (!more) break;
    cells.clear();
    for (const reading::Cell& cell : record.cells) cells.push_back(cell.text);
    sketch.add(cells);
  }
  for (const reading::SourceNotice& notice : records->notices()) out.told.push_back({0, notice.place, notice.message});
  VIGIE_TRY(out.copy, place_of_copy(file, copies));
  VIGIE_TRY(const auto again, open());
  VIGIE_TRY([[maybe_unused]] const std::int64_t written, reading::write_csv(*again, *out.copy, ""));
  VIGIE_TRY(out.proposal, propose::propose(sketch, facts_of_copy(*out.copy), wishes, known.model, known.vocabulary));
  return out;
}

std::unexpected<Error> no_table(std::string sentence, std::string_view hint) {
  return fail(ErrorKind::usage, "look.kind", std::move(sentence), {}, std::string(hint));
}

}  // namespace

Result<LookedAt> look_at(const fs::path& file, const std::string& sheet, const propose::Wishes& wishes,
                         const fs::path& copies) {
  VIGIE_TRY(const reading::FileKind kind, reading::kind_of_file(file));
  VIGIE_TRY(const auto known, load_known());
  using Opened = Result<std::unique_ptr<reading::TypedRecords>>;
  switch (kind) {
    case reading::FileKind::text:
    case reading::FileKind::packed: return look_at_text(file, wishes, copies, *known);
    case reading::FileKind::workbook: {
      VIGIE_TRY(const auto book, reading::Workbook::open(file));
      return look_at_records(file, wishes, copies, *known, [&]() -> Opened {
        VIGIE_TRY(auto records, reading::SheetRecords::open(*book, sheet, {}));
        return std::unique_ptr<reading::TypedRecords>(std::move(records));
      });
    }
    case reading::FileKind::json:
      return look_at_records(file, wishes, copies, *known, [&]() -> Opened {
        VIGIE_TRY(auto records, reading::JsonRecords::open(file, {}));
        return std::unique_ptr<reading::TypedRecords>(std::move(records));
      });
    case reading::FileKind::archive:
      return no_table(fmt::format("{} is an archive", file.string()), "unpack it, and name the file in it");
    case reading::FileKind::database:
      return no_table(fmt::format("{} is a database", file.string()),
                      "make a source of it: sources/NAME.yaml (docs/sources.md)");
    case reading::FileKind::parquet: break;
  }
  return no_table(fmt::format("{} is a Parquet file", file.string()),
                  "write its map: its columns have names and types (docs/import.md)");
}

}  // namespace vigie::workspace
