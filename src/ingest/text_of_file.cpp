#include "ingest/text_of_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/encodings.h"
#include "base/text.h"
#include "ingest/inputs.h"

namespace vigie::ingest {
namespace {

constexpr std::size_t kBlock = 1 << 20;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

struct Closed {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

bool is_named_zst(const SourceFile& file) { return lower_ascii(file.path.string()).ends_with(".zst"); }

}  // namespace

bool has_text(const SourceFile& file) { return !is_named_zst(file); }

Result<> read_text(const SourceFile& file, const std::atomic<bool>* cancelled,
                   const std::function<bool(std::string_view piece)>& take) {
  const auto unreadable = [&] {
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", file.shown_as, std::strerror(errno)), file.input->where,
                "check the path and the rights on it");
  };
  // What is not packed, gzread gives as it is.
  const std::unique_ptr<gzFile_s, Closed> in(gzopen(file.path.c_str(), "rb"));
  if (!in) return unreadable();
  gzbuffer(in.get(), kBlock);
  const bool is_utf16 = file.engine_encoding() != "utf-8";
  Utf16Reader letters(Utf16Reader::First::low);
  std::vector<char> block(kBlock);
  std::string decoded;
  for (bool first = true;; first = false) {
    if (cancelled != nullptr && cancelled->load())
      return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled");
    const int got = gzread(in.get(), block.data(), static_cast<unsigned>(block.size()));
    if (got < 0) return unreadable();
    if (got == 0) return {};
    std::string_view piece(block.data(), static_cast<std::size_t>(got));
    if (is_utf16) piece = decoded = letters.read(piece);
    if (first && piece.starts_with(kMark)) piece.remove_prefix(kMark.size());
    if (!take(piece)) return {};
  }
}

}  // namespace vigie::ingest
