#pragma once
// For tests: archives and workbooks written part by part, as programs write them.
#include <gtest/gtest.h>
#include <zip.h>

#include <string>
#include <vector>

#include "base/test_folder.h"
#include "reading/typed_records.h"

namespace vigie::reading {

struct ArchivePart {
  std::string name, bytes;
};

inline void write_archive(const std::filesystem::path& file, const std::vector<ArchivePart>& parts,
                          const char* password = nullptr) {
  int told = 0;
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &told);
  ASSERT_NE(archive, nullptr);
  for (const ArchivePart& part : parts) {
    zip_source_t* source = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    ASSERT_GE(index, 0);
    if (password != nullptr)
      zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password);
  }
  ASSERT_EQ(zip_close(archive), 0) << zip_strerror(archive);
}

/// A workbook of one sheet or several. What is left empty is left out of the file.
struct BookParts {
  struct Sheet {
    std::string name, xml;  ///< all of the part
    std::string state;
  };
  std::vector<Sheet> sheets;
  std::string shared;    ///< <si>…</si>…
  std::string formats;   ///< <numFmt …/>…
  std::string styles;    ///< <xf …/>…
  std::string workbook;  ///< beside the sheets: <workbookPr date1904="1"/>

  void write(const std::filesystem::path& file) const {
    const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    std::string list, relations;
    std::vector<ArchivePart> parts;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      list += fmt::format(R"(<sheet name="{}" sheetId="{}" {} r:id="rId{}"/>)", sheets[i].name, i + 1,
                          sheets[i].state.empty() ? "" : "state=\"" + sheets[i].state + "\"", i + 1);
      relations += fmt::format(R"(<Relationship Id="rId{}" Type="{}/worksheet" Target="worksheets/sheet{}.xml"/>)",
                               i + 1, office, i + 1);
      parts.push_back({fmt::format("xl/worksheets/sheet{}.xml", i + 1), sheets[i].xml});
    }
    if (!shared.empty()) {
      relations +=
          fmt::format(R"(<Relationship Id="rIdS" Type="{}/sharedStrings" Target="/xl/sharedStrings.xml"/>)", office);
      parts.push_back({"xl/sharedStrings.xml", fmt::format(R"(<sst xmlns="{}">{}</sst>)", main, shared)});
    }
    if (!styles.empty()) {
      relations += fmt::format(R"(<Relationship Id="rIdT" Type="{}/styles" Target="styles.xml"/>)", office);
      parts.push_back(
          {"xl/styles.xml",
           fmt::format(
               R"(<styleSheet xmlns="{}"><numFmts>{}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{}</cellXfs></styleSheet>)",
               main, formats, styles)});
    }
    parts.push_back(
        {"_rels/.rels",
         fmt::format(
             R"(<Relationships><Relationship Id="a" Type="{}/officeDocument" Target="xl/workbook.xml"/></Relationships>)",
             office)});
    parts.push_back({"xl/_rels/workbook.xml.rels", "<Relationships>" + relations + "</Relationships>"});
    parts.push_back(
        {"xl/workbook.xml",
         fmt::format(
             R"(<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{}" xmlns:r="{}">{}<sheets>{}</sheets></workbook>)",
             main, office, workbook, list)});
    write_archive(file, parts);
  }
};

/// A part of a sheet around its rows.
inline std::string sheet_xml(const std::string& rows, const std::string& before = "", const std::string& after = "") {
  return R"(<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">)" +
         before + "<sheetData>" + rows + "</sheetData>" + after + "</worksheet>";
}

/// "text:Lyon number:7 -"
inline std::string cells_shown(const std::vector<Cell>& cells) {
  std::string out;
  for (const Cell& cell : cells) {
    if (!out.empty()) out += " ";
    out += cell.kind == CellKind::empty ? "-" : std::string(to_string(cell.kind)) + ":" + cell.text;
  }
  return out;
}

inline std::vector<std::string> codes_of(const std::vector<SourceNotice>& notices) {
  std::vector<std::string> out;
  for (const SourceNotice& one : notices) out.push_back(one.code + (one.place.empty() ? "" : " " + one.place));
  return out;
}

/// All records, one a line: "3: text:a number:1"; or the error: "sheet.empty: …".
inline std::string all_of(TypedRecords& records) {
  std::string out;
  for (TypedRecord record;;) {
    const Result<bool> more = records.next(record);
    if (!more) return out + more.error().code + ": " + more.error().text();
    if (!*more) return out;
    out += std::to_string(record.row) + ": " + cells_shown(record.cells) + "\n";
  }
}

}  // namespace vigie::reading
