#include "reading/xml_reader.h"

#include <expat.h>

#include <new>
#include <span>

namespace vigie::reading {
namespace {

std::string_view without_prefix(const char* name) {
  const std::string_view whole = name;
  const std::size_t colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

std::optional<std::string_view> XmlAttributes::get(std::string_view name) const {
  for (const char* const* at = pairs_; *at != nullptr; at += 2)
    if (name == at[0]) return std::string_view(at[1]);
  return std::nullopt;
}

std::optional<std::string_view> XmlAttributes::with_prefix(std::string_view name) const {
  for (const char* const* at = pairs_; *at != nullptr; at += 2)
    if (std::string_view(at[0]).contains(':') && without_prefix(at[0]) == name) return std::string_view(at[1]);
  return std::nullopt;
}

bool XmlAttributes::is_true(std::string_view name) const {
  const auto value = get(name);
  return value == "1" || value == "true";
}

/// What expat calls.
struct XmlCalls {
  static XmlReader& reader(void* user) { return *static_cast<XmlReader*>(user); }
  static void begin(void* user, const XML_Char* name, const XML_Char** attributes) {
    if (reader(user).refused_) return;
    reader(user).handler_.begin(without_prefix(name), XmlAttributes(attributes), reader(user));
  }
  static void end(void* user, const XML_Char* name) {
    if (reader(user).refused_) return;
    reader(user).handler_.end(without_prefix(name), reader(user));
  }
  static void text(void* user, const XML_Char* text, int size) {
    if (reader(user).refused_) return;
    reader(user).handler_.text({text, static_cast<std::size_t>(size)});
  }
  static void document_type(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    XmlReader& one = reader(user);
    one.refuse(Error{"xlsx.damaged",
                     fmt::format("the part {} declares a document type, as no workbook does", one.shown()),
                     ErrorKind::data,
                     {one.file_},
                     ""});
  }
};

void XmlReader::Free::operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }

XmlReader::XmlReader(std::unique_ptr<ByteSource> bytes, XmlHandler& handler, std::string part, std::string file)
    : bytes_(std::move(bytes)),
      handler_(handler),
      part_(std::move(part)),
      file_(std::move(file)),
      parser_(XML_ParserCreate(nullptr)) {
  if (!parser_) throw std::bad_alloc();
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), XmlCalls::begin, XmlCalls::end);
  XML_SetCharacterDataHandler(parser_.get(), XmlCalls::text);
  XML_SetStartDoctypeDeclHandler(parser_.get(), XmlCalls::document_type);
}

XmlReader::~XmlReader() = default;

std::string XmlReader::shown() const {
  return fmt::format("{} ({})", part_, std::filesystem::path(file_).filename().string());
}

void XmlReader::pause() { XML_StopParser(parser_.get(), XML_TRUE); }

void XmlReader::refuse(Error error) {
  if (refused_) return;
  refused_ = std::move(error);
  XML_StopParser(parser_.get(), XML_FALSE);
}

Result<bool> XmlReader::advance() {
  if (refused_) return std::unexpected(*refused_);
  if (over_) return false;
  XML_Status status = XML_STATUS_OK;
  if (paused_) {
    status = XML_ResumeParser(parser_.get());
  } else {
    constexpr int kPiece = 1 << 16;
    void* buffer = XML_GetBuffer(parser_.get(), kPiece);
    if (buffer == nullptr) throw std::bad_alloc();
    const Result<std::size_t> got = bytes_->read(std::span(static_cast<char*>(buffer), kPiece));
    if (!got) {
      refused_ = got.error();
      return std::unexpected(*refused_);
    }
    status = XML_ParseBuffer(parser_.get(), static_cast<int>(*got), *got == 0 ? 1 : 0);
  }
  paused_ = status == XML_STATUS_SUSPENDED;
  if (refused_) return std::unexpected(*refused_);
  if (status == XML_STATUS_ERROR) {
    refused_ =
        Error{"xlsx.damaged",
              fmt::format("the part {} is damaged at its line {} ({})", shown(),
                          XML_GetCurrentLineNumber(parser_.get()), XML_ErrorString(XML_GetErrorCode(parser_.get()))),
              ErrorKind::data,
              {file_},
              "open it with a spreadsheet program and save it again"};
    return std::unexpected(*refused_);
  }
  XML_ParsingStatus where;
  XML_GetParsingStatus(parser_.get(), &where);
  over_ = where.parsing == XML_FINISHED;
  return true;
}

Result<> XmlReader::finish() {
  while (true) {
    VIGIE_TRY(const bool more, advance());
    if (!more) return {};
  }
}

}  // namespace vigie::reading
