#pragma once
#include "base/result.h"

namespace vigie::expr {

/// The text being read and where it stands in its file: turns byte offsets into the line and column a person sees.
///
/// Columns count characters, not bytes. Every line of the text is taken to begin in the column of the first, as the
/// lines of a YAML block do.
class Source {
 public:
  Source(std::string_view text, SourcePosition where) : text_(text), where_(std::move(where)) {}
  std::string_view text() const { return text_; }
  SourcePosition at(std::size_t offset) const;

  /// A usage error at that byte.
  std::unexpected<Error> error(std::string_view code, std::size_t offset, std::string message,
                               std::string hint = "") const;

 private:
  std::string_view text_;
  SourcePosition where_;
};

}  // namespace vigie::expr
