#pragma once
#include "singer/kept.h"
#include "singer/singer.h"

namespace vigie::singer {

/// A folder of this process inside the workspace's data/, gone with the object.
class OwnFolder {
 public:
  static Result<std::unique_ptr<OwnFolder>> in(const std::filesystem::path& workspace);
  ~OwnFolder();
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit OwnFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Which object of the preset a stream is: by its name, and by the columns of its schema or of its first records. Fails
/// with preset.object, of a stream that nobody reads.
Result<std::string> object_of(const std::string& stream, const std::string& schema,
                              const std::vector<std::string>& records, const presets::Preset& preset,
                              const std::filesystem::path& scratch);

}  // namespace vigie::singer
