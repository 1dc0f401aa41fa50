#include "base/hash.h"

#include <sodium.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/file_digests.h"
#include "base/packed.h"
#include "base/text.h"

namespace vigie {
namespace {

constexpr std::size_t kDigestBytes = 32;

std::string finish(crypto_generichash_state& state) {
  std::array<unsigned char, kDigestBytes> digest{};
  crypto_generichash_final(&state, digest.data(), digest.size());
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

crypto_generichash_state start() {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, kDigestBytes);
  return state;
}

/// A packed file that is not whole is no file to take a digest of: its reader would take what is left of it for all.
Result<> check_whole(const std::filesystem::path& path, Packed state) {
  const auto packed = [&](std::string sentence) {
    return fail(ErrorKind::data, "file.packed", std::move(sentence), {},
                "copy or export it again; gzip -t or zstd -t says whether it is whole");
  };
  switch (state) {
    case Packed::cut: return packed(fmt::format("{} is cut short: what is packed in it does not end", path.string()));
    case Packed::damaged:
      return packed(fmt::format("{} is damaged: what is packed in it is not what was packed", path.string()));
    case Packed::whole: break;
  }
  return {};
}

/// Left unfinished, and of no use, when it is to stop.
Result<std::string> digest_of(const std::filesystem::path& path, const std::stop_token& stop) {
  std::ifstream in(path, std::ios::binary);
  const auto unreadable = [&] {
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)), {},
                "check the path and the rights on it");
  };
  if (!in) return unreadable();
  auto state = start();
  std::optional<GzipWatch> gzip;
  std::optional<ZstdWatch> zstd;
  const std::string name = lower_ascii(path.string());
  if (name.ends_with(".gz")) gzip.emplace();
  if (name.ends_with(".zst")) zstd.emplace();
  std::vector<char> buffer(1 << 20);
  while (in && !stop.stop_requested()) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto size = static_cast<std::size_t>(in.gcount());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()), size);
    if (gzip) gzip->read({buffer.data(), size});
    if (zstd) zstd->read({buffer.data(), size});
  }
  if (in.bad()) return unreadable();  // what stands there is not all of it
  if (gzip && !stop.stop_requested()) VIGIE_CHECK(check_whole(path, gzip->state()));
  if (zstd && !stop.stop_requested()) VIGIE_CHECK(check_whole(path, zstd->state()));
  return finish(state);
}

}  // namespace

std::int64_t key_hash(std::string_view natural_key) {
  return static_cast<std::int64_t>(XXH64(natural_key.data(), natural_key.size(), 0));
}

Result<std::string> file_digest(const std::filesystem::path& path) { return digest_of(path, {}); }

FileDigests::FileDigests(std::vector<std::filesystem::path> files) {
  const auto work = [this, paths = std::move(files)](const std::stop_token& stop) {
    try {
      take(paths, stop);
    } catch (...) {  // out of a thread it would end the program
      thrown_ = std::current_exception();
    }
  };
  try {
    thread_ = std::jthread(work);
  } catch (const std::system_error&) {  // no thread is left: they are taken first
    work({});
  }
}

void FileDigests::take(const std::vector<std::filesystem::path>& files, const std::stop_token& stop) {
  for (const std::filesystem::path& file : files) {
    auto digest = digest_of(file, stop);
    if (!digest) {
      digests_ = std::unexpected(std::move(digest).error());
      return;
    }
    digests_->push_back(*std::move(digest));
  }
}

const Result<std::vector<std::string>>& FileDigests::wait() {
  if (thread_.joinable()) thread_.join();
  if (thrown_) std::rethrow_exception(thrown_);
  return digests_;
}

std::string text_digest(std::string_view text) {
  auto state = start();
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return finish(state);
}

}  // namespace vigie
