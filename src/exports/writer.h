#pragma once
#include <filesystem>
#include <memory>

#include "calendar/zone.h"
#include "exports/form.h"

namespace vigie::exports {

/// Where a file is written to. CSV goes to the descriptor, which may be a pipe; the other formats open `path`, which is
/// the same file. `shown_as` is how errors call it, `scratch` a folder for what is in the making.
struct Destination {
  int descriptor = 1;
  std::string path;
  std::filesystem::path shown_as, scratch;
};

/// Writes one file: begin, each row, end. Holds a few rows at most. For one thread; once it has failed it takes nothing
/// any more.
///
/// Errors: file.unwritable; of a workbook also export.too_many_rows and export.cell_too_long, which say what its format
/// cannot hold.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual Result<> begin(const std::vector<Column>& columns) = 0;
  virtual Result<> row(const Row& row) = 0;
  virtual Result<> end(const About& about) = 0;
  /// What the file could not hold as it is, in English: numbers of too many digits, which stand there as texts.
  virtual std::vector<std::string> notes() const { return {}; }
};

/// `zone`: the clock that times are shown on, where they are not in UTC.
std::unique_ptr<Writer> writer_of(const Form& form, const Destination& to, const calendar::Zone* zone);

std::unique_ptr<Writer> csv_writer(const Form& form, const Destination& to, const calendar::Zone* zone);
std::unique_ptr<Writer> xlsx_writer(const Form& form, const Destination& to, const calendar::Zone* zone);
/// Of rows that are few: they stand in an engine in memory first. Tables are written by their own engine.
std::unique_ptr<Writer> parquet_writer(const Destination& to);

/// So many rows a sheet can hold below its header, and so many characters a cell.
constexpr std::int64_t kMostSheetRows = 1'048'575;
constexpr std::size_t kMostCellCharacters = 32'767;
Error too_many_rows(std::int64_t rows);

/// The header's text for a column: its name or what people call it, and the zone of times that are not in UTC.
std::string header_of(const Column& column, const Form& form, const calendar::Zone* zone);
/// An error of the engine that concerns the file it writes, said of that file.
Error of_file(Error error, const std::filesystem::path& shown_as);

}  // namespace vigie::exports
