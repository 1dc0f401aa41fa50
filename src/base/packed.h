#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vigie {

/// What a packed file is when its last byte has been read. Who unpacks one that is not whole may take what is left of
/// it for all.
enum class Packed { whole, cut, damaged };

/// A gzip file, unpacked as it comes: each of its members must end with the checksum and the length of what came out of
/// it. Zeros may follow the last one, as tapes leave them.
class GzipWatch {
 public:
  GzipWatch();
  GzipWatch(const GzipWatch&) = delete;
  GzipWatch& operator=(const GzipWatch&) = delete;
  ~GzipWatch();

  void read(std::string_view bytes);
  Packed state() const;

 private:
  struct Stream;
  void unpack(std::string_view& bytes);

  enum class Place { first, within, between, padding, broken };
  std::unique_ptr<Stream> stream_;
  Place place_ = Place::first;
};

/// A zstd file, whose frames are walked over block by block. (What a block holds, and the checksum of a frame, is for
/// whoever unpacks it.)
class ZstdWatch {
 public:
  void read(std::string_view bytes);
  Packed state() const;

 private:
  enum class Place { frame, descriptor, block, skipped_size, broken };
  void take();

  Place place_ = Place::frame;
  std::uint64_t skip_ = 0;  ///< bytes to pass over before what place_ says
  std::size_t wanted_ = 4;
  std::string part_;  ///< of what is wanted
  bool any_frame_ = false, has_checksum_ = false;
};

}  // namespace vigie
