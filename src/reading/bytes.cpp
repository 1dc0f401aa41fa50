#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "reading/source.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kBlock = 1 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unexpected<Error> unreadable(const std::filesystem::path& file) {
  return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
}

std::unexpected<Error> packed_wrong(const std::filesystem::path& file, int line, std::string message,
                                    std::string hint) {
  return fail(ErrorKind::data, "csv.packed", std::move(message), {file.string(), line, 0}, std::move(hint));
}

/// Files of other kinds, by their first bytes.
Result<> is_no_other_kind(const std::filesystem::path& file, std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("PK\x03\x04"sv))
    return packed_wrong(file, 1, "the file is a zip archive or a workbook, not a text",
                        "unpack it, or save the sheet as CSV");
  if (head.starts_with("\xD0\xCF\x11\xE0"sv))
    return packed_wrong(file, 1, "the file is an old workbook (.xls), not a text", "save the sheet as CSV");
  if (head.starts_with("PAR1"sv))
    return packed_wrong(file, 1, "the file is a Parquet file, not a text", "read it as what it is");
  if (head.starts_with("\x28\xB5\x2F\xFD"sv))
    return packed_wrong(file, 1, "the file is packed with zstd", "unpack it first");
  return {};
}

}  // namespace

struct Bytes::State {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, CloseFile> file;
  bool started = false, gzip = false, whole = true;
  z_stream zip{};
  std::string packed;
  ZipLimits limits;  ///< of bombs: the same as those of archives
  std::uint64_t taken = 0, unpacked = 0;
  ~State() {
    if (gzip) inflateEnd(&zip);
  }

  Result<std::size_t> raw(std::string& into) {
    const std::size_t before = into.size();
    into.resize_and_overwrite(before + kBlock, [&](char* data, std::size_t) {
      return before + std::fread(data + before, 1, kBlock, file.get());
    });
    if (std::ferror(file.get()) != 0) return unreadable(path);
    taken += into.size() - before;
    return into.size() - before;
  }

  Result<bool> unpack(std::string& into) {
    const std::size_t before = into.size();
    while (into.size() == before) {
      if (zip.avail_in == 0) {
        packed.clear();
        VIGIE_TRY(const std::size_t n, raw(packed));
        if (n == 0) {
          if (!whole) return packed_wrong(path, 0, "the gzip file is cut: its end is missing", "fetch it again");
          return false;
        }
        feed();
      }
      if (whole && inflateReset(&zip) == Z_OK) whole = false;  // another member follows
      const std::size_t had = into.size();
      int state = Z_OK;
      into.resize_and_overwrite(had + kBlock, [&](char* data, std::size_t) {
        zip.next_out = reinterpret_cast<Bytef*>(data + had);
        zip.avail_out = kBlock;
        state = inflate(&zip, Z_NO_FLUSH);
        return had + kBlock - zip.avail_out;
      });
      unpacked += into.size() - had;
      if (unpacked > limits.free_bytes && unpacked / std::max<std::uint64_t>(taken, 1) > limits.most_times)
        return packed_wrong(path, 0,
                            fmt::format("the gzip file unpacks to more than {} times its size", limits.most_times),
                            "unpack it yourself if you trust it");
      if (state == Z_STREAM_END) whole = true;
      else if (state != Z_OK && state != Z_BUF_ERROR)
        return packed_wrong(path, 0, "the gzip file is damaged", "fetch it again");
    }
    return true;
  }
  void feed() {
    zip.next_in = reinterpret_cast<Bytef*>(packed.data());
    zip.avail_in = static_cast<uInt>(packed.size());
  }
};

namespace {

class UnpackedBytes : public ByteSource {
 public:
  explicit UnpackedBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> read(std::span<char> into) override {
    while (at_ == block_.size()) {
      block_.clear();
      at_ = 0;
      VIGIE_TRY(const bool more, bytes_.read(block_));
      if (!more) return 0;
    }
    const std::size_t now = std::min(into.size(), block_.size() - at_);
    std::memcpy(into.data(), block_.data() + at_, now);
    at_ += now;
    return now;
  }

 private:
  Bytes bytes_;
  std::string block_;
  std::size_t at_ = 0;
};

}  // namespace

Bytes::Bytes(std::unique_ptr<State> state) : state_(std::move(state)) {}
Bytes::Bytes(Bytes&&) noexcept = default;
Bytes& Bytes::operator=(Bytes&&) noexcept = default;
Bytes::~Bytes() = default;

Result<Bytes> Bytes::open(const std::filesystem::path& file, ZipLimits limits) {
  auto state = std::make_unique<State>();
  state->limits = limits;
  state->path = file;
  state->file.reset(std::fopen(file.c_str(), "rb"));
  if (!state->file || std::filesystem::is_directory(file)) return unreadable(file);
  return Bytes(std::move(state));
}

std::optional<FileStamp> stamp_of(const std::filesystem::path& file) {
  std::error_code problem;  // what cannot be looked at cannot be opened either, which says why
  FileStamp out{std::filesystem::file_size(file, problem), {}};
  if (!problem) out.written = std::filesystem::last_write_time(file, problem);
  return problem ? std::nullopt : std::optional(out);
}

Result<> is_still(const std::filesystem::path& file, const std::optional<FileStamp>& before) {
  if (!before || stamp_of(file) == before) return {};
  return fail(ErrorKind::unavailable, "file.changed",
              fmt::format("{} changed while it was read", file.filename().string()), {file.string()}, "read it again");
}

Result<bool> Bytes::read(std::string& into) {
  if (state_->gzip) return state_->unpack(into);
  const std::size_t before = into.size();
  VIGIE_TRY(const std::size_t n, state_->raw(into));
  if (std::exchange(state_->started, true)) return n > 0;
  const std::string_view head = std::string_view(into).substr(before);
  VIGIE_CHECK(is_no_other_kind(state_->path, head));
  if (!head.starts_with("\x1F\x8B")) return n > 0;
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&state_->zip, kGzip) != Z_OK) return unreadable(state_->path);
  state_->gzip = true;
  state_->whole = false;
  state_->packed = head;
  into.resize(before);
  state_->feed();
  return state_->unpack(into);
}

Result<std::unique_ptr<ByteSource>> open_unpacked(const std::filesystem::path& file) {
  VIGIE_CHECK(open_bytes(file));  // what is no file says so
  VIGIE_TRY(Bytes bytes, Bytes::open(file));
  return std::make_unique<UnpackedBytes>(std::move(bytes));
}

}  // namespace vigie::reading
