#pragma once
#include <memory>

#include "presets/preset.h"

namespace vigie::presets {

/// The rows of a file as somebody exported it: CSV in any dialect, or JSON, one object after the other (those of a
/// Singer tap too, whose messages are taken apart), packed by gzip or not. Members of JSON that are objects or lists
/// are their JSON.
class FileRows {
 public:
  /// Errors: those of reading/.
  static Result<std::unique_ptr<FileRows>> open(const std::filesystem::path& file, const ReadOptions& options);
  virtual ~FileRows() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  virtual Result<bool> next(std::vector<std::string>& cells) = 0;  ///< as many as there are columns
};

/// Is it a file that FileRows reads, by its name?
bool is_export(const std::filesystem::path& file);

}  // namespace vigie::presets
