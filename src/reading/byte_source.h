#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "base/result.h"

namespace vigie::reading {

/// Bytes that come one after the other: a file's, or those of a member of an archive while it is unpacked.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// How many were put into `into`; 0 only at the end.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// Begins to read the same bytes, again with each call.
using OpenBytes = std::function<Result<std::unique_ptr<ByteSource>>()>;

/// Those of a file. Errors: file.missing, file.unreadable.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& file);

}  // namespace vigie::reading
