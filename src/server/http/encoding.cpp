#include "server/http/encoding.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <charconv>
#include <stdexcept>

#include "base/text.h"

namespace vigie::http {
namespace {

// Somebody waits while an answer is squeezed: the qualities are those where time, not size, begins to grow.
constexpr int kBrotliQuality = 4;
constexpr int kGzipLevel = 5;

std::string brotli(std::string_view bytes) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  if (!BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                             reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                             reinterpret_cast<std::uint8_t*>(out.data())))
    throw std::runtime_error("brotli could not compress");
  out.resize(size);
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib could not begin");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (state != Z_STREAM_END) throw std::runtime_error("zlib could not compress");
  return out;
}

bool is_text(std::string_view content_type) {
  return content_type.starts_with("text/") || content_type.starts_with("application/json") ||
         content_type.starts_with("application/problem+json");
}

struct Offer {
  std::string name;
  double q = 1;
};

std::vector<Offer> offers_of(std::string_view accept) {
  std::vector<Offer> offers;
  for (const std::string& part : split(accept, ',')) {
    const auto semicolon = part.find(';');
    Offer offer{lower_ascii(trim(std::string_view(part).substr(0, semicolon)))};
    if (offer.name.empty()) continue;
    if (semicolon != std::string::npos) {
      const std::string parameter = lower_ascii(trim(std::string_view(part).substr(semicolon + 1)));
      // "q=0.5"; a weight that cannot be read counts as refused.
      if (parameter.starts_with("q=") &&
          std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), offer.q).ec != std::errc())
        offer.q = 0;
    }
    offers.push_back(std::move(offer));
  }
  return offers;
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::brotli: return "br";
    case Encoding::gzip: return "gzip";
    case Encoding::identity: return "";
  }
  return "";
}

std::vector<Encoding> accepted_encodings(std::string_view accept_encoding) {
  double others = 0, br = -1, gz = -1, plain = 0;
  for (const Offer& offer : offers_of(accept_encoding)) {
    if (offer.name == "br") br = offer.q;
    if (offer.name == "gzip" || offer.name == "x-gzip") gz = offer.q;
    if (offer.name == "identity") plain = offer.q;
    if (offer.name == "*") others = offer.q;
  }
  if (br < 0) br = others;
  if (gz < 0) gz = others;
  std::vector<Encoding> accepted;
  const bool brotli_first = br >= gz;
  if (brotli_first && br > 0 && br >= plain) accepted.push_back(Encoding::brotli);
  if (gz > 0 && gz >= plain) accepted.push_back(Encoding::gzip);
  if (!brotli_first && br > 0 && br >= plain) accepted.push_back(Encoding::brotli);
  accepted.push_back(Encoding::identity);
  return accepted;
}

std::string encode(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::brotli: return brotli(bytes);
    case Encoding::gzip: return gzip(bytes);
    case Encoding::identity: return std::string(bytes);
  }
  return std::string(bytes);
}

Response compressed(Response response, const Request& request) {
  if (!response.body || response.body->size() < kSmallestCompressed || !response.header("Content-Encoding").empty() ||
      !is_text(response.header("Content-Type")))
    return response;
  response.headers.push_back({"Vary", "Accept-Encoding"});
  const Encoding encoding = accepted_encodings(request.header("Accept-Encoding")).front();
  if (encoding == Encoding::identity) return response;
  response.body = std::make_shared<const std::string>(encode(*response.body, encoding));
  response.headers.push_back({"Content-Encoding", std::string(name_of(encoding))});
  return response;
}

}  // namespace vigie::http
