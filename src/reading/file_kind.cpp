#include "reading/file_kind.h"

#include <array>

#include "base/encodings.h"
#include "base/text.h"
#include "reading/source.h"
#include "reading/zip_archive.h"

namespace vigie::reading {
namespace {

/// Braces or brackets at the beginning, and a quote, a bracket, a brace or a number after them: no line of CSV does
/// that.
bool begins_like_json(std::string_view begin) {
  begin = trim(begin);
  if (begin.empty() || (begin.front() != '{' && begin.front() != '[')) return false;
  const bool is_object = begin.front() == '{';
  begin = trim(begin.substr(1));
  if (begin.empty()) return true;
  return is_object ? begin.front() == '"' || begin.front() == '}'
                   : begin.front() == '{' || begin.front() == '[' || begin.front() == ']' || begin.front() == '"' ||
                         is_digit(begin.front());
}

/// What text the bytes are, as far as a look at the first says: UTF-16 has a mark, or every other byte is 0.
std::string as_utf8(std::string_view begin) {
  using namespace std::string_view_literals;
  if (begin.starts_with("\xEF\xBB\xBF"sv)) return std::string(begin.substr(3));
  const bool low = begin.starts_with("\xFF\xFE"sv), high = begin.starts_with("\xFE\xFF"sv);
  const bool bare_low = begin.size() > 3 && begin[0] != 0 && begin[1] == 0 && begin[2] != 0 && begin[3] == 0;
  const bool bare_high = begin.size() > 3 && begin[0] == 0 && begin[1] != 0 && begin[2] == 0 && begin[3] != 0;
  if (!low && !high && !bare_low && !bare_high) return std::string(begin);
  return Utf16Reader(low || bare_low ? Utf16Reader::First::low : Utf16Reader::First::high)
      .read(begin.substr(low || high ? 2 : 0));
}

/// The first bytes of what a gzip file holds; nothing where it cannot be unpacked, which its reader says.
std::string unpacked_begin(const std::filesystem::path& file) {
  std::string out(4096, '\0');
  auto bytes = open_unpacked(file);
  const auto got = bytes ? (*bytes)->read(out) : std::unexpected(bytes.error());
  out.resize(got.value_or(0));
  return out;
}

bool is_workbook(const ZipArchive& archive) {
  for (const char* part : {"[Content_Types].xml", "xl/workbook.xml", "xl/workbook.bin", "Index/Document.iwa"})
    if (archive.find(part) != nullptr) return true;
  return archive.find("mimetype") != nullptr && archive.find("content.xml") != nullptr;
}

/// Web pages and the XML of Excel 2003 under the name of a workbook: for Workbook to say what they are.
bool is_called_workbook(const std::filesystem::path& file, std::string_view begin) {
  const std::string ending = lower_ascii(file.extension().string());
  return (ending == ".xls" || ending == ".xlsx" || ending == ".xlsm") && trim(begin).starts_with('<');
}

struct Signature {
  std::string_view begin, what;
};

/// What is no table, whatever its name says; empty: it may be one.
std::string_view what_is_no_table(std::string_view begin) {
  using namespace std::string_view_literals;
  constexpr std::array<Signature, 14> kKnown{{
      {"\x89PNG\r\n\x1A\n"sv, "a picture (PNG)"},
      {"\xFF\xD8\xFF"sv, "a picture (JPEG)"},
      {"GIF87a"sv, "a picture (GIF)"},
      {"GIF89a"sv, "a picture (GIF)"},
      {"II*\0"sv, "a picture (TIFF)"},
      {"MM\0*"sv, "a picture (TIFF)"},
      {"%PDF-"sv, "a PDF document"},
      {"{\\rtf"sv, "a text document (RTF)"},
      {"Rar!\x1A\x07"sv, "an archive (RAR)"},
      {"7z\xBC\xAF\x27\x1C"sv, "an archive (7z)"},
      {"\xFD"
       "7zXZ\0"sv,
       "packed with xz"},
      {"BZh91AY"sv, "packed with bzip2"},
      {"\x7F"
       "ELF"sv,
       "a program"},
      {"MZ\x90\0"sv, "a program"},
  }};
  for (const Signature& one : kKnown)
    if (begin.starts_with(one.begin)) return one.what;
  const std::string text = lower_ascii(trim(as_utf8(begin)).substr(0, 64));
  if (text.starts_with("<!doctype html") || text.starts_with("<html")) return "a web page (HTML)";
  return text.starts_with("<?xml") ? "an XML document" : "";
}

std::unexpected<Error> no_table(const std::filesystem::path& file, std::string_view what) {
  return fail(ErrorKind::data, "file.kind", fmt::format("{} is {}, and no table", file.filename().string(), what),
              {file.string()}, "export the rows as CSV, XLSX, JSON or Parquet");
}

}  // namespace

std::string_view to_string(FileKind kind) {
  constexpr std::array<std::string_view, 7> kNames{"text",     "workbook", "archive", "json",
                                                   "database", "packed",   "parquet"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Result<FileKind> kind_of_file(const std::filesystem::path& file) {
  std::string first(4096, '\0');
  {
    VIGIE_TRY(const auto bytes, open_bytes(file));
    VIGIE_TRY(const std::size_t got, bytes->read(first));
    first.resize(got);
  }
  std::string_view begin = first;
  using namespace std::string_view_literals;
  if (begin.starts_with("PK\x03\x04"sv) || begin.starts_with("PK\x05\x06"sv)) {
    VIGIE_TRY(const ZipArchive archive, ZipArchive::open(file));
    return is_workbook(archive) ? FileKind::workbook : FileKind::archive;
  }
  if (begin.starts_with("\xD0\xCF\x11\xE0"sv) || begin.starts_with("\x09\x08\x10\x00"sv)) return FileKind::workbook;
  if (begin.starts_with("SQLite format 3\0"sv)) return FileKind::database;
  if (begin.starts_with("\x1F\x8B"sv))
    return begins_like_json(as_utf8(unpacked_begin(file))) ? FileKind::json : FileKind::packed;
  if (begin.starts_with("\x28\xB5\x2F\xFD"sv)) return FileKind::packed;
  if (begin.starts_with("PAR1"sv)) return FileKind::parquet;
  const std::string text = as_utf8(begin);
  if (is_called_workbook(file, text)) return FileKind::workbook;
  if (const std::string_view what = what_is_no_table(begin); !what.empty()) return no_table(file, what);
  return begins_like_json(text) ? FileKind::json : FileKind::text;
}

}  // namespace vigie::reading
