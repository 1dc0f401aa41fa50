#pragma once
// A disk that can lose its power: what a process does to the files of one folder is recorded, and any state in which a
// power cut may leave them is laid out in another folder.
//
// Durable is what fdatasync or fsync said of a file, and fsync of its folder said of its names. Of what came after, a
// disk may keep nothing, all, a beginning, or a length without what stands in it; of names it keeps a beginning.
//
// The functions of the C library by which files are written are this program's own (recorded_disk.cpp). One folder at
// a time, one thread.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vigie::disk {

/// Begins to record what happens in a folder, which is made and empty.
void record(const std::filesystem::path& folder);
/// Stops; the operations since stay.
void stop();
/// How many operations there were; a state stands before the operation of that number.
std::size_t operations();

/// How a power cut at one moment may have left the files: one of the many ways.
struct Left {
  std::string how;  ///< for people
  std::filesystem::path folder;
};
/// Lays out every way, one after the other, in `scratch`. `at` operations had been begun and all but the last were
/// done.
void cut_power(std::size_t at, const std::filesystem::path& scratch, const std::function<void(const Left&)>& look);

}  // namespace vigie::disk
