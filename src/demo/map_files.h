#pragma once
#include <span>
#include <string_view>

namespace vigie::demo {

/// The maps of the demo, in the order in which they are imported; END_DATE in a text stands for the last day with data.
/// They live in maps/ beside this file and are built in.
struct MapFile {
  std::string_view name, text;
};
std::span<const MapFile> map_files();

}  // namespace vigie::demo
