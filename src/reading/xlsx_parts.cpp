#include "reading/xlsx_parts.h"

#include <charconv>

#include "base/encodings.h"
#include "base/text.h"
#include "reading/xml_reader.h"

namespace vigie::reading {
namespace {

/// "xl/worksheets/../styles.xml" beside "xl/workbook.xml": "xl/styles.xml".
std::string resolved(std::string_view beside, std::string_view target) {
  std::vector<std::string> out;
  if (!target.starts_with('/')) {
    out = split(beside, '/');
    out.pop_back();
  }
  for (const std::string& step : split(target, '/')) {
    if (step == ".." && !out.empty()) out.pop_back();
    else if (!step.empty() && step != "." && step != "..") out.push_back(step);
  }
  return join(out, "/");
}

std::string relations_of(std::string_view part) {
  const std::size_t slash = part.find_last_of('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : part.substr(0, slash + 1);
  return fmt::format("{}_rels/{}.rels", folder, part.substr(folder.size()));
}

class RelationsHandler : public XmlHandler {
 public:
  explicit RelationsHandler(std::string_view beside) : beside_(beside) {}
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader&) override {
    if (name != "Relationship" || attributes.get("TargetMode") == "External") return;
    const std::string_view type = attributes.get("Type").value_or("");
    targets[std::string(attributes.get("Id").value_or(""))] = {
        std::string(type.substr(type.find_last_of('/') + 1)), resolved(beside_, attributes.get("Target").value_or(""))};
  }
  void end(std::string_view, XmlReader&) override {}
  std::map<std::string, XlsxTarget> targets;

 private:
  std::string beside_;
};

class OutlineHandler : public XmlHandler {
 public:
  struct Sheet {
    SheetInfo info;
    std::string id;
  };
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader&) override {
    if (name == "sheet") {
      const auto state = attributes.get("state");
      const SheetVisibility visibility = state == "veryHidden" ? SheetVisibility::very_hidden
                                         : state == "hidden"   ? SheetVisibility::hidden
                                                               : SheetVisibility::visible;
      sheets.push_back({{std::string(attributes.get("name").value_or("")), visibility},
                        std::string(attributes.with_prefix("id").value_or(""))});
    } else if (name == "workbookPr") {
      from_1904 = attributes.is_true("date1904");
    } else if (name == "calcPr") {
      calculated_on_load = attributes.is_true("fullCalcOnLoad");
    }
  }
  void end(std::string_view, XmlReader&) override {}
  std::vector<Sheet> sheets;
  bool from_1904 = false, calculated_on_load = false;
};

class StylesHandler : public XmlHandler {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader&) override {
    if (name == "cellXfs") {
      within_ = true;
    } else if (name == "numFmt") {
      own_[number(attributes, "numFmtId")] = cell_format_of_code(attributes.get("formatCode").value_or(""));
    } else if (name == "xf" && within_) {
      ids_.push_back(number(attributes, "numFmtId"));
    }
  }
  void end(std::string_view name, XmlReader&) override {
    if (name == "cellXfs") within_ = false;
  }
  std::vector<CellFormat> formats() const {
    std::vector<CellFormat> out;
    for (const int id : ids_) {
      const auto own = own_.find(id);
      out.push_back(own == own_.end() ? CellFormat{format_built_in(id), {}} : own->second);
    }
    return out;
  }

 private:
  static int number(const XmlAttributes& attributes, std::string_view name) {
    return static_cast<int>(whole_number(attributes.get(name).value_or("")).value_or(0));
  }
  bool within_ = false;
  std::map<int, CellFormat> own_;
  std::vector<int> ids_;
};

class StringsHandler : public XmlHandler {
 public:
  explicit StringsHandler(std::string file) : file_(std::move(file)) {}
  void begin(std::string_view name, const XmlAttributes& attributes, XmlReader&) override {
    if (name == "si") text_.clear();
    else if (name == "rPh") phonetic_ = true;
    else if (name == "t" && !phonetic_) {
      reading_ = true;
      run_.clear();
      preserved_ = attributes.get("xml:space") == "preserve";
    }
  }
  void end(std::string_view name, XmlReader& reader) override {
    if (name == "t" && reading_) {
      reading_ = false;
      if (too_long_)
        return reader.refuse({"xlsx.too_large",
                              fmt::format("a text of the workbook {} holds more than {} MB",
                                          std::filesystem::path(file_).filename().string(), kLongestText >> 20),
                              ErrorKind::data,
                              {file_},
                              "take the long texts out of it"});
      text_ += xlsx_text(run_, preserved_);
    } else if (name == "rPh") {
      phonetic_ = false;
    } else if (name == "si" && !strings.add(text_)) {
      reader.refuse({"xlsx.too_large",
                     fmt::format("the workbook {} holds more than {} MB of texts",
                                 std::filesystem::path(file_).filename().string(), XlsxStrings::kMostBytes >> 20),
                     ErrorKind::data,
                     {file_},
                     "save the sheet as CSV in UTF-8"});
    }
  }
  void text(std::string_view text) override {
    too_long_ = too_long_ || (reading_ && text_.size() + run_.size() + text.size() > kLongestText);
    if (reading_ && !too_long_) run_ += text;
  }
  XlsxStrings strings;

 private:
  static constexpr std::size_t kLongestText = 16 << 20;  // a program shows 32,767 letters of a cell
  std::string file_, text_, run_;
  bool reading_ = false, phonetic_ = false, preserved_ = false, too_long_ = false;
};

Result<> read_part(const ZipArchive& archive, const std::string& part, XmlHandler& handler) {
  VIGIE_TRY(auto bytes, open_part(archive, part));
  return XmlReader(std::move(bytes), handler, part, archive.file().string()).finish();
}

Result<std::map<std::string, XlsxTarget>> read_relations(const ZipArchive& archive, const std::string& part) {
  RelationsHandler handler(part);
  VIGIE_CHECK(read_part(archive, relations_of(part), handler));
  return std::move(handler.targets);
}

/// Where the workbook stands: as the package says, or where everybody puts it.
Result<std::string> workbook_part(const ZipArchive& archive) {
  if (archive.find("_rels/.rels") != nullptr) {
    RelationsHandler handler("");
    VIGIE_CHECK(read_part(archive, "_rels/.rels", handler));
    for (const auto& [id, target] : handler.targets)
      if (target.type == "officeDocument") return target.path;
  }
  return "xl/workbook.xml";
}

std::optional<unsigned> escaped_letter(std::string_view text) {
  if (text.size() < 7 || !text.starts_with("_x") || text[6] != '_') return std::nullopt;
  unsigned code = 0;
  const auto [end, wrong] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  return wrong == std::errc() && end == text.data() + 6 ? std::optional(code) : std::nullopt;
}

}  // namespace

bool XlsxStrings::add(std::string_view text) {
  if (text.size() + text_.size() + (ends_.size() + 1) * sizeof(std::size_t) > kMostBytes) return false;
  text_ += text;
  ends_.push_back(text_.size());
  return true;
}

std::string xlsx_text(std::string_view written, bool preserved) {
  if (!preserved) written = trim(written);
  if (!written.contains("_x")) return std::string(written);
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto code = written[i] == '_' ? escaped_letter(written.substr(i)) : std::nullopt;
    if (!code) {
      out += written[i];
      continue;
    }
    append_utf8(out, *code >= 0xD800 && *code < 0xE000 ? 0xFFFD : *code);  // half of a pair
    i += 6;
  }
  return out;
}

Result<std::unique_ptr<ByteSource>> open_part(const ZipArchive& archive, const std::string& part) {
  if (const ZipMember* member = archive.find(part)) return archive.read(*member);
  return fail(ErrorKind::data, "xlsx.damaged",
              fmt::format("the workbook {} has lost its part {}", archive.file().filename().string(), part),
              {archive.file().string()}, "open it with a spreadsheet program and save it again");
}

Result<XlsxOutline> read_outline(const ZipArchive& archive) {
  VIGIE_TRY(const std::string part, workbook_part(archive));
  OutlineHandler handler;
  VIGIE_CHECK(read_part(archive, part, handler));
  VIGIE_TRY(const auto targets, read_relations(archive, part));
  XlsxOutline out;
  out.dates = handler.from_1904 ? DateSystem::from_1904 : DateSystem::from_1900;
  out.calculated_on_load = handler.calculated_on_load;
  for (const auto& [id, target] : targets) {
    if (target.type == "styles") out.styles = target.path;
    if (target.type == "sharedStrings") out.shared_strings = target.path;
  }
  for (const OutlineHandler::Sheet& sheet : handler.sheets) {
    const auto target = targets.find(sheet.id);
    if (target == targets.end())
      return fail(
          ErrorKind::data, "xlsx.damaged",
          fmt::format("the workbook {} has lost its sheet \"{}\"", archive.file().filename().string(), sheet.info.name),
          {archive.file().string()}, "open it with a spreadsheet program and save it again");
    if (target->second.type == "worksheet") out.sheets.push_back({sheet.info, target->second.path});
  }
  return out;
}

Result<std::vector<CellFormat>> read_number_formats(const ZipArchive& archive, const std::string& part) {
  if (part.empty() || archive.find(part) == nullptr) return std::vector<CellFormat>();
  StylesHandler handler;
  VIGIE_CHECK(read_part(archive, part, handler));
  return handler.formats();
}

Result<XlsxStrings> read_shared_strings(const ZipArchive& archive, const std::string& part) {
  if (part.empty()) return XlsxStrings();
  // Some programs name the part and leave it out where no cell is a text.
  if (archive.find(part) == nullptr) return XlsxStrings();
  StringsHandler handler(archive.file().string());
  VIGIE_CHECK(read_part(archive, part, handler));
  return std::move(handler.strings);
}

}  // namespace vigie::reading
