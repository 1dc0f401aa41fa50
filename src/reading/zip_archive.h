#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/byte_source.h"

struct zip;

namespace vigie::reading {

struct ZipMember {
  std::string name;  ///< in UTF-8, as the archive has it
  std::uint64_t index = 0;
  std::uint64_t packed_size = 0, size = 0;  ///< as the archive says; what comes out is counted
  bool encrypted = false;
};

/// How much a member may unpack to: some bytes freely, beyond them so many times what is stored.
struct ZipLimits {
  std::uint64_t free_bytes = std::uint64_t{256} << 20;
  std::uint64_t most_times = 400;  ///< tables of machines reach 100; a bomb 1,000
};

/// A ZIP archive, its members unpacked as they are read, never to a file.
///
/// Reads from one thread at a time; what read() gives must not outlive the archive.
///
/// Errors: zip.damaged, zip.encrypted, zip.bomb, zip.method, zip.empty, zip.which (several members, none named),
/// zip.unknown_member, file.missing, file.unreadable.
class ZipArchive {
 public:
  static Result<ZipArchive> open(const std::filesystem::path& file, ZipLimits limits = {});

  /// The files of it, in its order: no folders, and nothing of what macOS and Windows leave beside them.
  const std::vector<ZipMember>& members() const { return members_; }
  /// The member of that name; where letters differ in case only, or \ stands for /, that one. Null: there is none.
  const ZipMember* find(std::string_view name) const;
  /// The member that is meant: the one named, or the only one there is.
  Result<const ZipMember*> wanted(std::string_view name) const;
  Result<std::unique_ptr<ByteSource>> read(const ZipMember& member) const;
  /// Unpacks a member to a file, for readers that must go to and fro in it. The file goes away where that fails.
  Result<> unpack(const ZipMember& member, const std::filesystem::path& to) const;

  const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  ZipArchive(std::filesystem::path file, std::unique_ptr<zip, Close> archive, ZipLimits limits);

  std::filesystem::path file_;
  std::unique_ptr<zip, Close> archive_;
  ZipLimits limits_;
  std::vector<ZipMember> members_;
};

}  // namespace vigie::reading
