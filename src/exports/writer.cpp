#include "exports/writer.h"

#include <cerrno>

#include "exports/out_file.h"
#include "store/full_disk.h"

namespace vigie::exports {

std::unique_ptr<Writer> writer_of(const Form& form, const Destination& to, const calendar::Zone* zone) {
  switch (form.format) {
    case Format::csv: return csv_writer(form, to, zone);
    case Format::xlsx: return xlsx_writer(form, to, zone);
    case Format::parquet: return parquet_writer(to);
  }
  return nullptr;
}

Error too_many_rows(std::int64_t rows) {
  return fail(ErrorKind::usage, "export.too_many_rows",
              fmt::format("a sheet holds {} rows below its header, and these are {}", kMostSheetRows, rows), {},
              "export fewer of them with --where, or all of them as CSV or Parquet")
      .error();
}

std::string header_of(const Column& column, const Form& form, const calendar::Zone* zone) {
  const std::string& label = form.language == tongue::Language::fr ? column.label.fr : column.label.en;
  std::string out = form.labels && !label.empty() ? label : column.name;
  if (zone != nullptr && column.kind == Kind::moment) out += fmt::format(" ({})", zone->name());
  return out;
}

Error of_file(Error error, const std::filesystem::path& shown_as) {
  if (store::is_of_what_is_put_aside(error)) return error;  // that is not where the export goes
  for (const auto& [code, number] :
       {std::pair("engine.disk_full", ENOSPC), std::pair("engine.file_limit", EFBIG), std::pair("engine.io", EIO)})
    if (error.code == code) return unwritable(shown_as, number);
  return error;
}

}  // namespace vigie::exports
