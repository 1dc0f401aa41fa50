#include "workspace/look.h"

#include <fstream>

#include "base/file.h"
#include "catalog/settings.h"
#include "reading/file_kind.h"
#include "reading/json_records.h"
#include "reading/reading.h"
#include "reading/sheet_records.h"
#include "reading/source.h"
#include "reading/sqlite_tables.h"
#include "reading/workbook.h"
#include "reading/zip_archive.h"
#include "store/database.h"
#include "workspace/map_folder.h"
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

/// As a map in the workspace names it, so that a workspace can be moved with what is in it.
std::string named_by_a_map(const fs::path& file, const fs::path& folder) {
  const fs::path whole = fs::absolute(file).lexically_normal(), home = fs::absolute(folder).lexically_normal();
  const fs::path within = whole.lexically_relative(home);
  const bool is_within = !within.empty() && *within.begin() != "..";
  return is_within ? (fs::path("..") / within).string() : whole.string();
}

propose::FileFacts facts_of(const fs::path& file, const reading::Found& found, const fs::path& folder) {
  propose::FileFacts out;
  out.files = named_by_a_map(file, folder);
  out.delimiter = found.dialect.delimiter;
  out.quote = found.dialect.quote == 0 ? std::string() : std::string(1, found.dialect.quote);
  out.encoding = encoding_of_map(found.dialect.encoding);
  out.skip = static_cast<int>(found.layout.first_header_line - 1);
  return out;
}

propose::FileFacts facts_of(const HeldCopy& copy) {
  propose::FileFacts out;
  out.files = copy.pattern();
  return out;
}

/// "ventes.xlsx", with the sheet that is meant: "ventes_Janvier.xlsx".
std::string name_of_copy(const fs::path& file, const std::string& sheet) {
  if (sheet.empty()) return file.filename().string();
  return fmt::format("{}_{}{}", file.stem().string(), sheet, file.extension().string());
}

/// A file that is written on while it is looked at several times is not one file.
class SameFile {
 public:
  explicit SameFile(const fs::path& file) : file_(file), size_(size()), written_(written()) {}
  Result<> check() const {
    if (size() == size_ && written() == written_) return {};
    return fail(ErrorKind::unavailable, "file.changed", fmt::format("{} changed while it was read", file_.string()), {},
                "wait until it is written, then look again");
  }

 private:
  std::uintmax_t size() const {
    std::error_code ignored;
    return fs::file_size(file_, ignored);
  }
  fs::file_time_type written() const {
    std::error_code ignored;
    return fs::last_write_time(file_, ignored);
  }
  fs::path file_;
  std::uintmax_t size_;
  fs::file_time_type written_;
};

/// Packed files are read by maps in UTF-8 alone.
bool a_map_can_read(const reading::Found& found, bool is_packed) {
  // A name that stands twice is another one in the copy.
  return found.is_plain() && found.unique_names() == found.layout.names &&
         (!is_packed || found.dialect.encoding == reading::Encoding::utf8);
}

/// What is looked at, and for whom.
struct Look {
  const fs::path& file;
  const SaidOfAFile& said;
  const propose::Wishes& wishes;
  const fs::path& folder;  ///< the workspace
  const Known& known;
  bool passing = false;  ///< the file goes once it is looked at: no map can read it

  Result<HeldCopy> copy(const std::string& sheet) const {
    return HeldCopy::make(folder / "files", name_of_copy(file, sheet));
  }
  Result<propose::Proposal> propose(const propose::TableSketch& sketch, propose::FileFacts facts) const {
    facts.shown_as = file.string();
    return propose::propose(sketch, facts, wishes, known.model, known.vocabulary);
  }
};

/// All rows of a table in a text; and what was told of them, where it is asked for.
Result<propose::TableSketch> sketch_of(const Look& look, const fs::path& file, const reading::Found& found,
                                       std::vector<reading::Notice>* notices = nullptr) {
  propose::TableSketch sketch(found.unique_names(), look.known.vocabulary);
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
  if (notices != nullptr) *notices = rows->told().notices;
  return sketch;
}

Result<LookedAt> look_at_text(const Look& look, bool is_packed = false) {
  VIGIE_TRY(const reading::Found found, reading::detect(look.file, look.said.text));
  std::vector<reading::Notice> notices;
  VIGIE_TRY(const propose::TableSketch sketch, sketch_of(look, look.file, found, &notices));
  LookedAt out;
  for (const std::string& reason : found.reasons) out.told.push_back({0, {}, reason});
  for (const reading::Notice& notice : notices) out.told.push_back({notice.line, {}, notice.sentence});
  propose::FileFacts facts = facts_of(look.file, found, look.folder);
  if (look.passing || !a_map_can_read(found, is_packed)) {
    VIGIE_TRY(HeldCopy copy, look.copy(""));
    VIGIE_TRY([[maybe_unused]] const reading::Found copied, reading::write_clean(look.file, found, copy.draft()));
    VIGIE_CHECK(copy.close());
    facts = facts_of(copy);
    out.copy.emplace(std::move(copy));
  }
  VIGIE_TRY(out.proposal, look.propose(sketch, facts));
  return out;
}

/// `open` begins to read the records, again with each call.
Result<LookedAt> look_at_records(const Look& look, const std::string& sheet,
                                 const std::function<Result<std::unique_ptr<reading::TypedRecords>>()>& open) {
  LookedAt out;
  VIGIE_TRY(const auto records, open());
  propose::TableSketch sketch(records->columns(), look.known.vocabulary);
  reading::TypedRecord record;
  std::vector<std::string_view> cells;
  std::vector<reading::CellKind> kinds;
  while (true) {
    VIGIE_TRY(const bool more, records->next(record));
    if (!more) break;
    cells.clear();
    kinds.clear();
    for (const reading::Cell& cell : record.cells) cells.push_back(cell.text), kinds.push_back(cell.kind);
    sketch.add(cells, kinds);
  }
  for (const reading::SourceNotice& notice : records->notices()) out.told.push_back({0, notice.place, notice.message});
  VIGIE_TRY(HeldCopy copy, look.copy(sheet));
  VIGIE_TRY(const auto again, open());
  VIGIE_TRY([[maybe_unused]] const std::int64_t written, reading::write_csv(*again, copy.draft(), ""));
  VIGIE_CHECK(copy.close());
  VIGIE_TRY(out.proposal, look.propose(sketch, facts_of(copy)));
  out.copy.emplace(std::move(copy));
  return out;
}

using Opened = Result<std::unique_ptr<reading::TypedRecords>>;

Result<LookedAt> look_at_kind(const Look& look, reading::FileKind kind);

/// A folder for what is unpacked or written out to be looked at. Going, it is removed.
class PassingFolder {
 public:
  static Result<PassingFolder> make() {
    std::string pattern = (fs::temp_directory_path() / "vigie-look-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorKind::unavailable, "file.unwritable",
                  fmt::format("cannot write {}: {}", fs::temp_directory_path().string(),
                              std::error_code(errno, std::generic_category()).message()));
    return PassingFolder(pattern);
  }
  PassingFolder(PassingFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PassingFolder& operator=(PassingFolder&&) = delete;
  ~PassingFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit PassingFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<LookedAt> look_into_archive(const Look& look) {
  VIGIE_TRY(const auto archive, reading::ZipArchive::open(look.file));
  VIGIE_TRY(const reading::ZipMember* const member, archive.wanted(look.said.member));
  VIGIE_TRY(const PassingFolder folder, PassingFolder::make());
  const fs::path unpacked = folder.path() / fs::path(member->name).filename();
  VIGIE_CHECK(archive.unpack(*member, unpacked));
  VIGIE_TRY(const reading::FileKind kind, reading::kind_of_file(unpacked));
  if (kind == reading::FileKind::archive || kind == reading::FileKind::parquet)
    return fail(ErrorKind::usage, "look.kind", fmt::format("{} of {} is no table", member->name, look.file.string()),
                {}, "unpack it, and name the file in it");
  return look_at_kind({unpacked, look.said, look.wishes, look.folder, look.known, true}, kind);
}

Result<> unpack(const fs::path& packed, const fs::path& into) {
  VIGIE_TRY(reading::Bytes bytes, reading::Bytes::open(packed));
  std::ofstream out(into, std::ios::binary);
  std::string block;
  while (true) {
    block.clear();
    VIGIE_TRY(const bool more, bytes.read(block));
    out << block;
    if (!more) break;
  }
  out << std::flush;
  if (out) return {};
  return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", into.string()), {},
              "check the rights and the space left");
}

/// Maps read packed text as it is; whatever else is packed is looked at unpacked.
Result<LookedAt> look_at_packed(const Look& look) {
  VIGIE_TRY(const PassingFolder folder, PassingFolder::make());
  const fs::path unpacked = folder.path() / look.file.stem();
  VIGIE_CHECK(unpack(look.file, unpacked));
  VIGIE_TRY(const reading::FileKind kind, reading::kind_of_file(unpacked));
  if (kind == reading::FileKind::text) return look_at_text(look, true);
  if (kind == reading::FileKind::packed || kind == reading::FileKind::archive || kind == reading::FileKind::parquet)
    return fail(ErrorKind::usage, "look.kind", fmt::format("what {} packs is packed again", look.file.string()), {},
                "unpack it, and name the file in it");
  return look_at_kind({unpacked, look.said, look.wishes, look.folder, look.known, true}, kind);
}

/// A Parquet file, through the engine.
class ParquetFile {
 public:
  static Result<ParquetFile> open(const fs::path& file) {
    VIGIE_TRY(auto database, store::Database::open({}));
    VIGIE_TRY(store::Connection connection, database->connect());
    return ParquetFile(file, std::move(database), std::move(connection));
  }
  /// Objects and lists within a column: what is in them has no place in a row of texts.
  Result<bool> is_nested() {
    const auto columns = connection_.describe("SELECT * FROM " + source());
    VIGIE_CHECK(told(columns));
    return std::ranges::any_of(*columns, [](const auto& column) {
      return column.second.contains('(') ? !column.second.starts_with("DECIMAL") : column.second.ends_with(']');
    });
  }
  Result<> write(const fs::path& into, std::string_view format) {
    return told(connection_.execute(
        fmt::format("COPY (SELECT * FROM {}) TO {} ({})", source(), store::quote_text(into.string()), format)));
  }

 private:
  ParquetFile(fs::path file, std::unique_ptr<store::Database> database, store::Connection connection)
      : file_(std::move(file)), database_(std::move(database)), connection_(std::move(connection)) {}
  std::string source() const {
    return fmt::format("read_parquet({})", store::quote_text(fs::absolute(file_).string()));
  }
  template <class T>
  Result<> told(const Result<T>& done) const {
    if (done) return {};
    if (done.error().kind == ErrorKind::data)
      return fail(ErrorKind::data, "file.unreadable", fmt::format("{} is no whole Parquet file", file_.string()), {},
                  "fetch or export it again");
    return std::unexpected(done.error());
  }
  fs::path file_;
  std::unique_ptr<store::Database> database_;
  store::Connection connection_;
};

/// The columns of a Parquet file have names and types, and maps read it as it is: it is written out to be looked at.
/// One with objects in its columns is looked at as the JSON that it could be, and maps read the copy.
Result<LookedAt> look_at_parquet(const Look& look) {
  VIGIE_TRY(const PassingFolder folder, PassingFolder::make());
  VIGIE_TRY(ParquetFile parquet, ParquetFile::open(look.file));
  VIGIE_TRY(const bool nested, parquet.is_nested());
  if (nested) {
    const fs::path lines = folder.path() / (look.file.stem().string() + ".jsonl");
    VIGIE_CHECK(parquet.write(lines, "FORMAT json"));
    return look_at_kind({lines, look.said, look.wishes, look.folder, look.known, true}, reading::FileKind::json);
  }
  const fs::path written = folder.path() / (look.file.stem().string() + ".csv");
  VIGIE_CHECK(parquet.write(written, "FORMAT csv, HEADER"));
  reading::Wanted as_written;
  as_written.encoding = reading::Encoding::utf8;
  as_written.delimiter = ",";
  as_written.quote = '"';
  as_written.header_rows = 1;
  as_written.totals = reading::Totals::keep;
  VIGIE_TRY(const reading::Found found, reading::detect(written, as_written));
  VIGIE_TRY(const propose::TableSketch sketch, sketch_of(look, written, found));
  propose::FileFacts facts;
  facts.files = named_by_a_map(look.file, look.folder);
  facts.format = "parquet";
  LookedAt out;
  VIGIE_TRY(out.proposal, look.propose(sketch, std::move(facts)));
  return out;
}

Result<LookedAt> look_at_kind(const Look& look, reading::FileKind kind) {
  switch (kind) {
    case reading::FileKind::text: return look_at_text(look);
    case reading::FileKind::packed: return look_at_packed(look);
    case reading::FileKind::parquet: return look_at_parquet(look);
    case reading::FileKind::archive: return look_into_archive(look);
    case reading::FileKind::workbook: {
      VIGIE_TRY(const auto book, reading::Workbook::open(look.file));
      return look_at_records(look, look.said.sheet, [&]() -> Opened {
        VIGIE_TRY(auto records, reading::SheetRecords::open(*book, look.said.sheet, look.said.table));
        return std::unique_ptr<reading::TypedRecords>(std::move(records));
      });
    }
    case reading::FileKind::database: {
      VIGIE_TRY(const auto database, reading::SqliteDatabase::open(look.file));
      return look_at_records(look, look.said.table_in, [&] { return database.records(look.said.table_in); });
    }
    case reading::FileKind::json: break;
  }
  return look_at_records(look, "", [&]() -> Opened {
    VIGIE_TRY(auto records, reading::JsonRecords::open(look.file, look.said.json));
    return std::unique_ptr<reading::TypedRecords>(std::move(records));
  });
}

/// Whether a map of the workspace puts "contact " before the numbers of persons.
Result<bool> are_people_parted(const fs::path& folder) {
  VIGIE_TRY(const MapFolder there, maps_in(folder / "maps"));
  for (const fs::path& file : there.maps) {
    const auto text = bytes_of(file);
    if (!text)
      return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()), {},
                  "check the path and the rights on it");
    if (propose::parts_people(*text)) return true;
  }
  return false;
}

}  // namespace

Result<LookedAt> look_at(const fs::path& file, const SaidOfAFile& said, const propose::Wishes& wishes,
                         const fs::path& folder) {
  VIGIE_TRY(const reading::FileKind kind, reading::kind_of_file(file));
  VIGIE_TRY(const auto known, load_known());
  VIGIE_TRY(const catalog::Settings settings, catalog::load_settings(folder / "vigie.yaml"));
  propose::Wishes all_wishes = wishes;
  all_wishes.workspace_currency = settings.currency;
  VIGIE_TRY(all_wishes.people_are_parted, are_people_parted(folder));
  const SameFile same(file);
  auto looked = look_at_kind({file, said, all_wishes, folder, *known}, kind);
  if (!looked) return std::unexpected(with_the_way_to_say_it(std::move(looked).error()));
  VIGIE_CHECK(same.check());
  return looked;
}

}  // namespace vigie::workspace
