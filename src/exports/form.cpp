#include "exports/form.h"

#include "base/text.h"

namespace vigie::exports {
namespace {

/// The value of a field that stands there at most once, which it leaves.
Result<std::optional<std::string>> taken(Fields& fields, std::string_view name) {
  std::optional<std::string> out;
  for (const auto& [field, value] : fields) {
    if (field != name) continue;
    if (out) return fail(ErrorKind::usage, "question.repeated", fmt::format("the field \"{}\" is given twice", name));
    out = value;
  }
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return out;
}

template <class Value>
using Known = std::vector<std::pair<std::string, Value>>;

template <class Value>
Result<Value> one_of(const std::string& given, const Known<Value>& known, const char* code, std::string otherwise) {
  std::vector<std::string> names;
  for (const auto& [name, value] : known) {
    if (name == given) return value;
    names.push_back(name);
  }
  return fail(ErrorKind::usage, code, std::move(otherwise), {}, suggestion(given, names));
}

Result<Format> format_named(const std::string& given) {
  const Known<Format> known{{"csv", Format::csv}, {"xlsx", Format::xlsx}, {"parquet", Format::parquet}};
  return one_of(given, known, "export.format", fmt::format("format: \"{}\" is no format of an export", given));
}

Result<Reader> reader_named(const std::string& given, Format format) {
  const Known<Reader> known{{"program", Reader::program}, {"excel", Reader::excel}, {"excel-fr", Reader::excel_fr}};
  VIGIE_TRY(const Reader reader,
            one_of(given, known, "export.for", fmt::format("for: nobody called \"{}\" reads a CSV", given)));
  if (format == Format::csv || reader == Reader::program) return reader;
  return fail(ErrorKind::usage, "export.for",
              fmt::format("for: \"{}\" is about CSV, and the file is {}", given, name_of(format)), {},
              "leave it out: a workbook is read alike in every language");
}

Result<bool> labels_named(const std::string& given) {
  return one_of(given, Known<bool>{{"names", false}, {"labels", true}}, "export.headers",
                fmt::format("headers: \"{}\" is nothing that a header can hold", given));
}

Result<bool> guard_named(const std::string& given) {
  return one_of(given, Known<bool>{{"yes", true}, {"no", false}}, "export.guard",
                fmt::format("guard: \"{}\" is neither yes nor no", given));
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::csv: return "csv";
    case Format::xlsx: return "xlsx";
    case Format::parquet: return "parquet";
  }
  return "";
}

std::string_view content_type(Format format) {
  switch (format) {
    case Format::csv: return "text/csv; charset=utf-8; header=present";
    case Format::xlsx: return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case Format::parquet: return "application/vnd.apache.parquet";
  }
  return "";
}

std::optional<Format> format_of_ending(std::string_view path) {
  const std::string lower = lower_ascii(path);
  for (const Format format : {Format::csv, Format::xlsx, Format::parquet})
    if (lower.ends_with(fmt::format(".{}", name_of(format)))) return format;
  return std::nullopt;
}

Fields fields_of(const Form& form) {
  Fields out{{"format", std::string(name_of(form.format))}, {"headers", form.labels ? "labels" : "names"}};
  if (form.reader != Reader::program) out.emplace_back("for", form.reader == Reader::excel ? "excel" : "excel-fr");
  out.emplace_back("guard", form.guard_formulas ? "yes" : "no");
  return out;
}

Result<Form> take_form(Fields& fields, std::string_view path, tongue::Language language) {
  VIGIE_TRY(const auto format, taken(fields, "format"));
  VIGIE_TRY(const auto reader, taken(fields, "for"));
  VIGIE_TRY(const auto headers, taken(fields, "headers"));
  VIGIE_TRY(const auto guard, taken(fields, "guard"));
  Form out;
  out.language = language;
  if (format) {
    VIGIE_TRY(out.format, format_named(*format));
  } else if (!path.empty()) {
    const auto ending = format_of_ending(path);
    if (!ending)
      return fail(ErrorKind::usage, "export.format", fmt::format("the ending of {} tells no format", path), {},
                  "end it with .csv, .xlsx or .parquet, or say --format");
    out.format = *ending;
  }
  if (reader) {
    VIGIE_TRY(out.reader, reader_named(*reader, out.format));
  }
  out.labels = out.format == Format::xlsx;
  if (headers) {
    VIGIE_TRY(out.labels, labels_named(*headers));
  }
  out.guard_formulas = out.reader != Reader::program;
  if (guard) {
    VIGIE_TRY(out.guard_formulas, guard_named(*guard));
  }
  return out;
}

}  // namespace vigie::exports
