#pragma once
#include "sources/source.h"

namespace vigie::sources {

/// A file of `sources/`, or what is wrong with it.
struct Loaded {
  std::filesystem::path file;
  Result<Source> source;
  /// The source's; of a file that cannot be read, its own without the ending.
  std::string name() const { return source ? source->id : file.stem().string(); }
};

/// In the order of their files. Two files of one id would be one source, whose places overwrite each other: the second
/// is refused.
/// Two of one preset would be one name space: so is that.
Result<std::vector<Loaded>> load_all(const std::filesystem::path& workspace, const std::filesystem::path& presets);
/// What they are called, without a look at what they say; a file that cannot be read by its own name.
std::set<std::string> names_of_all(const std::filesystem::path& workspace);

/// "sources/erp.yaml"
std::string shown_file(const std::filesystem::path& file);
/// What lies in `sources/` and is not read, though its name is nearly that of a source.
std::vector<Error> passed_over(const std::filesystem::path& workspace);

}  // namespace vigie::sources
