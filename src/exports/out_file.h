#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::exports {

/// A file on its way: it has no name until it is whole, so that a full disk, a kill or a power cut leaves nothing
/// half-written, and a file that stood there stands there still. Where the file system knows no nameless files, its
/// name begins with a point until then, and goes away with this object; what a kill left of it, with the first file
/// that is begun there a day later.
///
///   VIGIE_TRY(OutFile file, OutFile::begin("out/orders.csv", OutFile::Existing::keep));
///   …                      // write to file.descriptor() or file.path()
///   VIGIE_CHECK(file.put());
///
/// Errors: export.exists (with what to do), export.not_a_file (a folder, a device), file.unwritable.
class OutFile {
 public:
  enum class Existing { keep, replace };
  static Result<OutFile> begin(const std::filesystem::path& place, Existing existing);
  /// One that never gets a name: gone with the last descriptor. In this folder.
  static Result<OutFile> nameless(const std::filesystem::path& folder);
  OutFile(OutFile&& other) noexcept;
  OutFile& operator=(OutFile&& other) noexcept;
  ~OutFile();

  int descriptor() const { return descriptor_; }
  /// By which what writes to names, not to descriptors, reaches it.
  std::string path() const;
  const std::filesystem::path& folder() const { return folder_; }
  Result<std::int64_t> size() const;
  /// Puts it in its place, once all of it is on the disk.
  Result<> put();
  /// The descriptor, which is the caller's from now on.
  int release();

 private:
  OutFile() = default;
  int descriptor_ = -1;
  Existing existing_ = Existing::keep;
  std::filesystem::path place_, folder_;
  std::filesystem::path draft_;  ///< its name until then; empty: it has none
};

/// All bytes, however many calls that takes. `shown_as` is how errors call the file. Fails with file.unwritable.
Result<> write_all(int descriptor, std::string_view bytes, const std::filesystem::path& shown_as);
/// Why a file cannot be written, and what helps.
Error unwritable(const std::filesystem::path& file, int error_number);

}  // namespace vigie::exports
