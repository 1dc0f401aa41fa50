#pragma once
#include <memory>

#include "ingest/ingest.h"
#include "ingest/map.h"

namespace vigie::ingest {

/// The temporary table of what a reader cannot take apart.
inline constexpr std::string_view kRejects = "vigie_rejects";

/// The types of texts that a source's own numbers, and its own days and instants, are written as.
inline constexpr std::string_view kNumberText = "VARCHAR of numbers", kTimeText = "VARCHAR of times";

/// No record is longer, in bytes; but of a file that is read in longer pieces (SourceFile::piece) one may be.
constexpr std::int64_t kLongestRecord = 16 << 20;

/// A file of our own that goes away with it.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// One file, looked into: what its columns are called and where its rows begin.
///
/// Row numbers are those of records as a spreadsheet counts them: the lines skipped, then the header, then one for each
/// record. (A quoted line break belongs to its record; blank lines are not counted.)
struct SourceFile {
  const Input* input = nullptr;
  std::filesystem::path path;      ///< what is read: the file, or its copy in UTF-8
  std::filesystem::path original;  ///< the file itself
  std::string shown_as;
  std::string digest;  ///< of the file itself; "" until Job::know_digests
  Format format = Format::csv;
  std::string delimiter;
  std::vector<std::string> columns;
  std::vector<std::string> types;  ///< of DuckDB; VARCHAR for texts; kNumberText, kTimeText
  std::int64_t first_row = 1;
  std::int64_t piece = kLongestRecord;  ///< piece_length.h
  std::shared_ptr<TemporaryFile> copy;
  std::string mixed;  ///< what is to be said of lines in another encoding than the others; "" nothing

  /// A SELECT of its rows: columns c0 … cN, `broken` (the code of a record that cannot be taken apart, or null),
  /// `unparsed` (the text of such a record where no column holds it), and with `numbered` also `ordinal` from 1.
  /// Records with too few or too many columns, torn quotes or bytes that are no text go to the temporary table
  /// `rejects` instead (csv only).
  std::string reader(std::string_view rejects) const;
  std::string numbered_reader(std::string_view rejects) const;

  /// Whether only the engine can make text of its bytes: it is packed, or in UTF-16.
  bool is_decoded_by_engine() const;
  /// Whether its digest tells that it is not whole: the engine would take what it can unpack for all of it.
  bool is_packed() const;
  std::string_view engine_encoding() const;  ///< in which the engine is to read it

 private:
  std::string rows(std::string_view rejects, std::string_view ordinal) const;
};

/// The files of an input: `given` replaces those of the map. Sorted by name within a glob.
///
/// A name that stands twice in a header is "name (2)" the second time; a column without a name is "column 7".
///
/// Errors: file.missing (with what the glob or path was), file.unreadable, file.packed, csv.empty (no header),
/// csv.header (a quote that does not end), csv.encoding.
Result<std::vector<SourceFile>> open_input(const Input& input, const std::filesystem::path& folder,
                                           const std::vector<std::filesystem::path>& given,
                                           store::Connection& connection);

/// A text with this many separators may still be one value: an address may hold three commas. Records of fewer columns
/// are never said to be collapsed.
constexpr std::size_t kFewColumns = 5;

/// "csv.collapsed" where the cells c0, c1, … of a row are a record that a spreadsheet made one text of, as SQL.
std::string collapsed_sql(std::size_t columns, std::string_view delimiter);

/// Splits a header line.
std::vector<std::string> split_record(std::string_view line, std::string_view delimiter, std::string_view quote);

}  // namespace vigie::ingest
