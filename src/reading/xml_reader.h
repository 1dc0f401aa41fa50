#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/byte_source.h"

struct XML_ParserStruct;

namespace vigie::reading {

class XmlReader;

/// Attributes of an element, by name without prefix ("r:id" is "id" where no plain one is asked for first).
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}
  std::optional<std::string_view> get(std::string_view name) const;          ///< as it is written
  std::optional<std::string_view> with_prefix(std::string_view name) const;  ///< "id" finds "r:id"
  bool is_true(std::string_view name) const;                                 ///< "1" or "true"

 private:
  const char* const* pairs_;
};

/// Who is told of elements. Names come without their prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void begin(std::string_view name, const XmlAttributes& attributes, XmlReader& reader) = 0;
  virtual void end(std::string_view name, XmlReader& reader) = 0;
  virtual void text(std::string_view) {}
};

/// Reads XML as it comes (expat), and stands still where the handler says so. No document type: entities of a
/// document's own are refused.
class XmlReader {
 public:
  /// `part` of `file` is what errors call the document.
  XmlReader(std::unique_ptr<ByteSource> bytes, XmlHandler& handler, std::string part, std::string file);
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;
  ~XmlReader();

  /// Reads on to the next pause, or some way; false: the document has ended. Errors: xlsx.damaged, those of the bytes,
  /// and those the handler refuses with.
  Result<bool> advance();
  Result<> finish();  ///< all that is left

  void pause();              ///< called by a handler: advance() returns
  void refuse(Error error);  ///< called by a handler: advance() fails with it

 private:
  friend struct XmlCalls;
  struct Free {
    void operator()(XML_ParserStruct* parser) const;
  };
  std::unique_ptr<ByteSource> bytes_;
  XmlHandler& handler_;
  std::string shown() const;
  std::string part_, file_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::optional<Error> refused_;
  bool paused_ = false, over_ = false;
};

}  // namespace vigie::reading
