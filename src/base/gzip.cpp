#include <zlib.h>

#include <array>
#include <new>

#include "base/packed.h"

namespace vigie {

struct GzipWatch::Stream {
  z_stream z{};
  std::array<unsigned char, 1 << 16> out{};
};

GzipWatch::GzipWatch() : stream_(std::make_unique<Stream>()) {
  constexpr int kGzipOnly = 16;  // zlib's own sign for the header and the trailer of gzip
  if (inflateInit2(&stream_->z, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
}

GzipWatch::~GzipWatch() { inflateEnd(&stream_->z); }

void GzipWatch::unpack(std::string_view& bytes) {
  z_stream& z = stream_->z;
  z.next_in = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));  // it only reads
  z.avail_in = static_cast<unsigned>(bytes.size());
  int told = Z_OK;
  do {
    z.next_out = stream_->out.data();
    z.avail_out = static_cast<unsigned>(stream_->out.size());
    told = inflate(&z, Z_NO_FLUSH);
  } while (told == Z_OK && (z.avail_in > 0 || z.avail_out == 0));
  bytes.remove_prefix(bytes.size() - z.avail_in);
  if (told == Z_STREAM_END) {
    place_ = Place::between;
    inflateReset(&z);
  } else if (told != Z_OK && told != Z_BUF_ERROR) {  // the latter: it waits for more bytes
    place_ = Place::broken;
  }
}

void GzipWatch::read(std::string_view bytes) {
  while (!bytes.empty() && place_ != Place::broken) {
    if (place_ == Place::between) place_ = bytes.front() == '\0' ? Place::padding : Place::within;
    if (place_ == Place::padding) {
      if (bytes.find_first_not_of('\0') != std::string_view::npos) place_ = Place::broken;
      return;
    }
    if (place_ == Place::first) place_ = Place::within;
    unpack(bytes);
  }
}

Packed GzipWatch::state() const {
  switch (place_) {
    case Place::between:
    case Place::padding: return Packed::whole;
    case Place::first:
    case Place::within: return Packed::cut;
    case Place::broken: break;
  }
  return Packed::damaged;
}

}  // namespace vigie
