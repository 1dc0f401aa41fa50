#include "ingest/piece_length.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace vigie::ingest {
namespace {

constexpr std::int64_t kSample = 64 << 10;  // bytes at the beginning, in the middle and at the end

/// How many bytes there are to a line; 0: nobody knows.
double mean_line(const std::filesystem::path& path) {
  std::error_code problem;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, problem));
  std::ifstream in(path, std::ios::binary);
  if (problem || !in || size < 3 * kSample) return 0;
  std::string sample(static_cast<std::size_t>(kSample), '\0');
  std::int64_t lines = 0;
  for (const std::int64_t from : {std::int64_t{0}, (size - kSample) / 2, size - kSample}) {
    in.seekg(from);
    in.read(sample.data(), kSample);
    if (!in) return 0;
    lines += std::ranges::count(sample, '\n');
  }
  return lines == 0 ? 0 : static_cast<double>(3 * kSample) / static_cast<double>(lines);
}

}  // namespace

std::int64_t piece_length(const std::filesystem::path& file, std::int64_t least) {
  constexpr double kBlock = 122'880;  // rows
  constexpr double kFull =
      0.9;  // of it, so that longer lines do not make it less than three quarters, nor shorter ones another
  const double block = kFull * kBlock * mean_line(file);
  // Pieces of less than a block the engine puts together itself.
  if (block <= 0 || block >= static_cast<double>(least)) return least;
  return static_cast<std::int64_t>(block * std::ceil(static_cast<double>(least) / block));
}

}  // namespace vigie::ingest
