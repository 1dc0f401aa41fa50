#include "ingest/inputs.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/hash.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ingest/encoding.h"
#include "ingest/piece_length.h"

namespace vigie::ingest {
namespace {

namespace fs = std::filesystem;

/// Bytes of a text read at once, which the threads share in pieces of the longest line. Left to itself, the engine
/// takes sixteen longest lines: 256 MB, in pieces of 64 MB, of which most files have but one.
constexpr int kReadAtOnce = 32 << 20;

constexpr std::string_view kUtf8 = "utf-8", kBigEndian = "\xFE\xFF";

bool has_wildcard(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

std::string ending(const fs::path& path) {
  std::string name = lower_ascii(path.filename().string());
  for (const std::string_view packed : {".gz", ".zst"})
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  return fs::path(name).extension().string();
}

bool is_named(const fs::path& path, std::string_view ending) { return lower_ascii(path.string()).ends_with(ending); }

bool is_packed(const fs::path& path) { return is_named(path, ".gz") || is_named(path, ".zst"); }

/// The path as the engine takes it, in quotes. It takes any for a pattern, and reads what else fits: x1 for "x[1]".
std::string engine_path(const fs::path& path) {
  std::string out;
  for (const char c : path.string()) out += has_wildcard({&c, 1}) ? fmt::format("[{}]", c) : std::string(1, c);
  return store::quote_text(out);
}

/// The pattern that glob() takes: a folder that is there is meant by its name, whatever signs stand in it.
std::string pattern_of(const fs::path& path) {
  std::error_code ignored;
  std::string pattern;
  fs::path folder;
  for (const fs::path& part : path.parent_path()) {
    folder /= part;
    const bool is_name = fs::is_directory(folder, ignored);
    for (const char c : part.string()) {
      if (is_name && (has_wildcard({&c, 1}) || c == '\\')) pattern += '\\';
      pattern += c;
    }
    if (!pattern.ends_with('/')) pattern += '/';
  }
  return pattern + path.filename().string();
}

/// Its header, its rows and its digest are read one by one; and without a writer it would be waited for for ever.
Result<> refuse_pipe(const fs::path& path, const SourcePosition& where) {
  std::error_code ignored;
  if (!fs::is_fifo(path, ignored)) return {};
  return fail(ErrorKind::unavailable, "file.unreadable",
              fmt::format("{} is a pipe: what it gives can be read only once", path.string()), where,
              "write it to a file, and import that");
}

/// `given` files start where the command does, those of the map at `folder`.
Result<std::vector<fs::path>> expand(const std::string& written, const fs::path& folder, const SourcePosition& where,
                                     bool given) {
  const fs::path path = fs::path(written).is_absolute() ? fs::path(written) : folder / written;
  std::error_code ignored;
  if (!has_wildcard(written) || fs::exists(path, ignored)) {
    if (!fs::exists(path, ignored))
      return fail(ErrorKind::unavailable, "file.missing", fmt::format("there is no file {}", path.string()), where,
                  given ? "check the path; the files of the command line start at the current folder"
                        : "check the path; relative ones start at --from FOLDER, else at the folder of the map");
    if (fs::is_directory(path, ignored))
      return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("{} is a folder", path.string()), where,
                  "name its files: a list, or a glob such as orders-*.csv");
    VIGIE_CHECK(refuse_pipe(path, where));
    return std::vector{path};
  }
  glob_t found{};
  std::vector<fs::path> out;
  if (glob(pattern_of(path).c_str(), GLOB_ERR, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  if (out.empty())
    return fail(ErrorKind::unavailable, "file.missing", fmt::format("no file is named {}", path.string()), where,
                "check the pattern and the folder");
  for (const fs::path& one : out) VIGIE_CHECK(refuse_pipe(one, where));
  return out;
}

/// Whole lines as one text each. U+0001 stands in no text, so it separates nothing.
std::string lines_of(const SourceFile& file, int skip) {
  return fmt::format(
      "read_csv({}, columns={{'line':'VARCHAR'}}, header=false, skip={}, auto_detect=false, delim=chr(1), quote='', "
      "escape='', strict_mode=false, max_line_size={}, buffer_size={}, encoding='{}')",
      engine_path(file.path), skip, kLongestRecord, kReadAtOnce, file.engine_encoding());
}

bool is_whole(std::string_view record, std::string_view quote) {
  return quote.empty() || std::ranges::count(record, quote[0]) % 2 == 0;
}

std::unexpected<Error> unreadable(const SourceFile& file, const Error& because) {
  if (because.code == "engine.cancelled") return std::unexpected(because);
  const bool encoding = because.message.find("encoded") != std::string::npos;
  return fail(ErrorKind::data, encoding ? "csv.encoding" : "file.unreadable",
              fmt::format("{} cannot be read: {}", file.shown_as, because.message), file.input->where,
              encoding ? "say how the file is written: encoding: windows-1252 (older Excel), utf-16 or utf-8" : "");
}

Result<> name_columns(std::vector<std::string> names, SourceFile& file) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string& name = names[i];
    name = std::string(trim(name));
    if (name.empty()) name = fmt::format("column {}", i + 1);
    if (const int n = ++seen[name]; n > 1) name += fmt::format(" ({})", n);
  }
  file.columns = std::move(names);
  file.types.assign(file.columns.size(), "VARCHAR");
  return {};
}

/// The first lines of the records, after `skip`: by the engine where it must unpack or decode, else by ourselves,
/// because the engine fails on the first line that is no UTF-8 even when only the header is asked for.
Result<std::vector<std::string>> first_lines(store::Connection& connection, const SourceFile& file) {
  constexpr int kMostHeaderLines = 20;
  std::vector<std::string> out;
  if (file.is_decoded_by_engine()) {
    auto lines = connection.query(
        fmt::format("SELECT line FROM {} LIMIT {}", lines_of(file, file.input->skip), kMostHeaderLines));
    if (!lines) return unreadable(file, lines.error());
    for (std::size_t row = 0; row < lines->rows(); ++row) out.push_back(lines->text(row, 0));
    return out;
  }
  std::ifstream in(file.path, std::ios::binary);
  std::string line;
  for (int i = 0; i < file.input->skip + kMostHeaderLines && std::getline(in, line); ++i) {
    if (i == 0 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.ends_with('\r')) line.pop_back();
    if (i >= file.input->skip) out.push_back(line);
  }
  return out;
}

Result<> read_header(store::Connection& connection, SourceFile& file) {
  const Input& input = *file.input;
  file.first_row = input.skip + (input.header ? 2 : 1);
  if (!input.header) return name_columns(input.column_names, file);
  VIGIE_TRY(const std::vector<std::string> lines, first_lines(connection, file));
  std::string record;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    record += (i > 0 ? "\n" : "") + lines[i];
    if (is_whole(record, input.quote)) break;
  }
  if (trim(record).empty())
    return fail(
        ErrorKind::data, "csv.empty", fmt::format("{} is empty: it has no header", file.shown_as), input.where,
        "if its header stands further down, say so with skip; if it has none, list its columns: header: [a, b]");
  if (!is_whole(record, input.quote))
    return fail(ErrorKind::data, "csv.header",
                fmt::format("the header of {} has a quote that does not end", file.shown_as), input.where,
                "if quotes mean nothing in this file, say quote: \"\"");
  if (!is_utf8(record))
    return fail(ErrorKind::data, "csv.encoding", fmt::format("the header of {} is not in UTF-8", file.shown_as),
                input.where, "say how the file is written: encoding: windows-1252 (older Excel) or utf-16");
  return name_columns(split_record(record, file.delimiter, input.quote), file);
}

Result<> read_keys(store::Connection& connection, SourceFile& file) {
  file.first_row = file.input->skip + 1;
  auto keys =
      connection.query(fmt::format("SELECT DISTINCT unnest(json_keys(line)) AS k FROM {} WHERE json_valid(line) AND "
                                   "json_type(line) = 'OBJECT' ORDER BY k",
                                   lines_of(file, file.input->skip)));
  if (!keys) return unreadable(file, keys.error());
  for (std::size_t row = 0; row < keys->rows(); ++row) file.columns.push_back(keys->text(row, 0));
  const bool holds_none = file.columns.empty();
  // Members that the map declares are columns also where no object has them.
  for (const std::string& name : file.input->column_names)
    if (std::ranges::find(file.columns, name) == file.columns.end()) file.columns.push_back(name);
  file.types.assign(file.columns.size(), "VARCHAR");
  if (holds_none)
    return fail(ErrorKind::data, "csv.empty", fmt::format("{} holds no JSON object", file.shown_as), file.input->where,
                "a JSON lines file has one object {…} a line; a list [ … ] must be split first");
  return {};
}

Result<> read_schema(store::Connection& connection, SourceFile& file) {
  auto columns = connection.describe(fmt::format("SELECT * FROM read_parquet({})", engine_path(file.path)));
  if (!columns) return unreadable(file, columns.error());
  for (auto& [name, type] : *columns) {
    file.columns.push_back(name);
    file.types.push_back(type);
  }
  return {};
}

/// The engine reads UTF-16 with the low byte first; with the high one first, its mark says so.
Result<> turn_utf16(SourceFile& file) {
  if (is_packed(file.path)) return {};
  std::ifstream in(file.path, std::ios::binary);
  std::string mark(kBigEndian.size(), ' ');
  in.read(mark.data(), static_cast<std::streamsize>(mark.size()));
  if (mark != kBigEndian) return {};
  VIGIE_TRY(file.path, utf8_copy_of_utf16(file.path));
  file.copy = std::make_shared<TemporaryFile>(file.path);
  return {};
}

Result<> convert(SourceFile& file) {
  if (file.input->encoding == Encoding::utf16) return turn_utf16(file);
  if (file.input->encoding == Encoding::utf8) return {};
  if (is_packed(file.path))
    return fail(ErrorKind::data, "csv.encoding", fmt::format("{} is packed and not in UTF-8", file.shown_as),
                file.input->where, "unpack it first, or convert it: zcat FILE | iconv -f windows-1252 -t utf-8");
  auto copy = utf8_copy(file.path);
  if (!copy) {
    Error error = std::move(copy).error();
    if (error.code == "csv.encoding") error.where = file.input->where;
    return std::unexpected(std::move(error));
  }
  file.copy = std::make_shared<TemporaryFile>(copy->file);
  file.path = copy->file;
  if (copy->lines_in_utf8 > 0)
    file.mixed =
        copy->lines_in_utf8 == 1
            ? fmt::format("{}: 1 line looks like UTF-8, and was read as the map says; the first is line {}, \"{}\"",
                          file.shown_as, copy->first_line, copy->read_as)
            : fmt::format("{}: {} lines look like UTF-8, and were read as the map says; the first is line {}, \"{}\"",
                          file.shown_as, copy->lines_in_utf8, copy->first_line, copy->read_as);
  return {};
}

/// Something else than the text that its name and its map say: its first bytes would be read as a header.
Result<> refuse_other_kinds(const SourceFile& file) {
  if (file.format == Format::parquet || is_packed(file.path)) return {};
  std::ifstream in(file.path, std::ios::binary);
  std::string head(4, ' ');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  for (const auto& [first, name] : {std::pair{"\x1F\x8B", ".gz"}, std::pair{"\x28\xB5\x2F\xFD", ".zst"}})
    if (head.starts_with(first))
      return fail(ErrorKind::data, "file.packed",
                  fmt::format("{} is packed, and its name does not say so", file.shown_as), file.input->where,
                  fmt::format("name it {}{}", file.path.filename().string(), name));
  if (file.input->encoding != Encoding::utf16 && (head.starts_with("\xFF\xFE") || head.starts_with(kBigEndian)))
    return fail(ErrorKind::data, "csv.encoding", fmt::format("{} is in UTF-16", file.shown_as), file.input->where,
                "say so in the map: input: {files: NAME, encoding: utf-16}");
  if (head != "PK\x03\x04" && head != "\xD0\xCF\x11\xE0") return {};
  return fail(ErrorKind::data, "file.workbook",
              fmt::format("{} is a workbook of a spreadsheet, or an archive, not a text", file.shown_as),
              file.input->where, "save the sheet as CSV in UTF-8, and import that");
}

Result<> check_readable(const fs::path& path) {
  if (std::ifstream(path, std::ios::binary)) return {};
  return fail(ErrorKind::unavailable, "file.unreadable",
              fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)), {},
              "check the path and the rights on it");
}

Result<SourceFile> looked_into(const Input& input, const fs::path& path, store::Connection& connection) {
  SourceFile file;
  file.input = &input;
  file.path = path;
  file.original = path;
  file.shown_as = path.string();
  VIGIE_CHECK(check_readable(path));
  const std::string kind = ending(path);
  file.format = input.format.value_or(kind == ".parquet"                      ? Format::parquet
                                      : kind == ".jsonl" || kind == ".ndjson" ? Format::jsonl
                                                                              : Format::csv);
  file.delimiter = input.delimiter.value_or(kind == ".tsv" ? "\t" : ",");
  VIGIE_CHECK(refuse_other_kinds(file));
  VIGIE_CHECK(convert(file));
  switch (file.format) {
    case Format::csv:
      if (!file.is_decoded_by_engine()) file.piece = piece_length(file.path, kLongestRecord);
      VIGIE_CHECK(read_header(connection, file));
      break;
    case Format::jsonl: VIGIE_CHECK(read_keys(connection, file)); break;
    case Format::parquet: VIGIE_CHECK(read_schema(connection, file)); break;
    case Format::lines:
      file.columns = {"line"};
      file.types = {"VARCHAR"};
      file.first_row = input.skip + 1;
      break;
  }
  return file;
}

/// Of a packed file that is not whole the reader tells what it stumbled over: what is wrong is told instead.
Result<SourceFile> look_into(const Input& input, const fs::path& path, store::Connection& connection) {
  auto file = looked_into(input, path, connection);
  if (!file && file.error().code != "engine.cancelled" && is_packed(path)) VIGIE_CHECK(file_digest(path));
  return file;
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;  // a file left in the temporary folder is the system's to clean
  std::filesystem::remove(path_, ignored);
}

std::vector<std::string> split_record(std::string_view line, std::string_view delimiter, std::string_view quote) {
  std::vector<std::string> out(1);
  bool quoted = false;
  const char mark = quote.empty() ? '\0' : quote[0];
  while (!line.empty()) {
    if (mark != '\0' && line.front() == mark) {
      line.remove_prefix(1);
      if (quoted && !line.empty() && line.front() == mark) {  // a doubled quote
        out.back() += mark;
        line.remove_prefix(1);
      } else {
        quoted = !quoted;
      }
    } else if (!quoted && line.starts_with(delimiter)) {
      out.emplace_back();
      line.remove_prefix(delimiter.size());
    } else {
      out.back() += line.front();
      line.remove_prefix(1);
    }
  }
  return out;
}

bool SourceFile::is_decoded_by_engine() const { return is_packed() || engine_encoding() != kUtf8; }

bool SourceFile::is_packed() const { return ingest::is_packed(path); }

std::string_view SourceFile::engine_encoding() const {
  return input->encoding == Encoding::utf16 && copy == nullptr ? "utf-16" : kUtf8;
}

/// A record that a spreadsheet made one quoted text of, in its first cell: it holds every separator, and the cells
/// after it are empty.
std::string collapsed_sql(std::size_t columns, std::string_view delimiter) {
  if (columns < kFewColumns) return "NULL::VARCHAR";
  return fmt::format(
      "CASE WHEN c1 IS NULL THEN CASE WHEN c2 IS NULL AND c3 IS NULL AND length(c0) - length(replace(c0, {0}, '')) >= "
      "{1} THEN "
      "'csv.collapsed' END END",
      store::quote_text(delimiter), (columns - 1) * delimiter.size());
}

std::string SourceFile::rows(std::string_view rejects, std::string_view ordinal) const {
  const std::string quoted_path = engine_path(path);
  if (format == Format::csv) {
    std::string names;
    for (std::size_t i = 0; i < columns.size(); ++i) names += fmt::format("{}'c{}':'VARCHAR'", i > 0 ? "," : "", i);
    const std::string quote = store::quote_text(input->quote);
    return fmt::format(
        "SELECT *, {} AS broken, NULL::VARCHAR AS unparsed{} FROM read_csv({}, columns={{{}}}, header={}, skip={}, "
        "auto_detect=false, "
        "delim={}, quote={}, escape={}, encoding='{}', store_rejects=true, rejects_limit=0, rejects_table={}, "
        "rejects_scan={}, max_line_size={}, buffer_size={}{})",
        collapsed_sql(columns.size(), delimiter), ordinal, quoted_path, names, input->header, input->skip,
        store::quote_text(delimiter), quote, quote, engine_encoding(), store::quote_text(rejects),
        store::quote_text(fmt::format("{}_scans", rejects)), piece, 2 * piece,
        // The engine fills up in one thread alone where a quoted text may hold a line break.
        input->fills_short_rows ? ", null_padding=true, parallel=false" : "");
  }
  std::string list;
  if (format == Format::parquet) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      list += fmt::format("{} AS c{}, ", store::quote_identifier(columns[i]), i);
    return fmt::format("SELECT {}NULL::VARCHAR AS broken, NULL::VARCHAR AS unparsed{} FROM read_parquet({})", list,
                       ordinal, quoted_path);
  }
  if (format == Format::lines)
    return fmt::format("SELECT line AS c0, NULL::VARCHAR AS broken, NULL::VARCHAR AS unparsed{} FROM {}", ordinal,
                       lines_of(*this, input->skip));
  for (std::size_t i = 0; i < columns.size(); ++i)
    list += fmt::format("CASE WHEN valid THEN vigie_json(line, {}) END AS c{}, ", store::quote_text(columns[i]), i);
  return fmt::format(
      "SELECT {}CASE WHEN NOT valid THEN 'json.invalid' END AS broken, CASE WHEN NOT valid THEN line END AS unparsed{} "
      "FROM (SELECT line, json_valid(line) AND "
      "coalesce(CASE WHEN json_valid(line) THEN json_type(line) END, '') = 'OBJECT' AS valid FROM {}) WHERE line IS "
      "NOT NULL",
      list, ordinal, lines_of(*this, input->skip));
}

std::string SourceFile::reader(std::string_view rejects) const { return rows(rejects, ""); }

std::string SourceFile::numbered_reader(std::string_view rejects) const {
  return rows(rejects, ", row_number() OVER () AS ordinal");
}

Result<std::vector<SourceFile>> open_input(const Input& input, const std::filesystem::path& folder,
                                           const std::vector<std::filesystem::path>& given,
                                           store::Connection& connection) {
  std::vector<std::filesystem::path> paths;
  if (given.empty()) {
    for (const std::string& written : input.files) {
      VIGIE_TRY(const std::vector<fs::path> found, expand(written, folder, input.where, false));
      paths.insert(paths.end(), found.begin(), found.end());
    }
  }
  for (const fs::path& path : given) {
    VIGIE_TRY(const std::vector<fs::path> found, expand(path.string(), {}, {}, true));
    paths.insert(paths.end(), found.begin(), found.end());
  }
  std::vector<SourceFile> out;
  for (const fs::path& path : paths) {
    VIGIE_TRY(SourceFile file, look_into(input, path, connection));
    out.push_back(std::move(file));
  }
  return out;
}

}  // namespace vigie::ingest
