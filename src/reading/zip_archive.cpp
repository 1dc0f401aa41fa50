#include "reading/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ranges>

#include "base/text.h"

namespace vigie::reading {
namespace {

std::string zip_shown(const std::filesystem::path& file) { return file.filename().string(); }

/// A name as it is looked for: small letters, and / between folders (some programs of Windows write \).
std::string zip_spelled(std::string_view name) {
  std::string out = lower_ascii(name);
  std::ranges::replace(out, '\\', '/');
  return out;
}

/// What systems leave in archives beside what people put there.
bool is_dropping(std::string_view name) {
  const std::string_view last = name.substr(name.find_last_of('/') + 1);
  return name.starts_with("__MACOSX/") || last == ".DS_Store" || last == "Thumbs.db" || last == "desktop.ini";
}

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

class MemberBytes : public ByteSource {
 public:
  MemberBytes(const std::filesystem::path& file, const ZipMember& member, ZipLimits limits, zip_file_t* opened)
      : file_(file), member_(member), limits_(limits), opened_(opened) {}

  Result<std::size_t> read(std::span<char> into) override {
    const zip_int64_t got = zip_fread(opened_.get(), into.data(), into.size());
    if (got < 0)
      return fail(ErrorKind::data, "zip.damaged",
                  fmt::format("{} in the archive {} is damaged ({})", member_.name, zip_shown(file_),
                              zip_error_strerror(zip_file_get_error(opened_.get()))),
                  {file_.string()}, "fetch it, or export it, again");
    taken_ += static_cast<std::uint64_t>(got);
    if (taken_ > limits_.free_bytes && taken_ / std::max<std::uint64_t>(member_.packed_size, 1) > limits_.most_times)
      return fail(ErrorKind::data, "zip.bomb",
                  fmt::format("{} in the archive {} unpacks to more than {} times its size", member_.name,
                              zip_shown(file_), limits_.most_times),
                  {file_.string()}, "unpack it yourself if you trust it");
    return static_cast<std::size_t>(got);
  }

 private:
  std::filesystem::path file_;
  ZipMember member_;
  ZipLimits limits_;
  std::unique_ptr<zip_file_t, CloseMember> opened_;
  std::uint64_t taken_ = 0;
};

std::string listed(const std::vector<ZipMember>& members) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> names;
  for (const ZipMember& member : members | std::views::take(kShown)) names.push_back(member.name);
  if (members.size() > kShown) names.emplace_back("…");
  return join(names, ", ");
}

}  // namespace

void ZipArchive::Close::operator()(zip* archive) const { zip_discard(archive); }

ZipArchive::ZipArchive(std::filesystem::path file, std::unique_ptr<zip, Close> archive, ZipLimits limits)
    : file_(std::move(file)), archive_(std::move(archive)), limits_(limits) {}

Result<ZipArchive> ZipArchive::open(const std::filesystem::path& file, ZipLimits limits) {
  VIGIE_CHECK(open_bytes(file));  // is it there, and ours to read?
  int told = 0;
  std::unique_ptr<zip, Close> archive(zip_open(file.c_str(), ZIP_RDONLY, &told));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, told);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    return fail(ErrorKind::data, "zip.damaged",
                fmt::format("{} is no ZIP archive, or one that is cut short ({})", zip_shown(file), why),
                {file.string()}, "fetch it, or export it, again");
  }
  ZipArchive out(file, std::move(archive), limits);
  const zip_int64_t count = zip_get_num_entries(out.archive_.get(), 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    if (zip_stat_index(out.archive_.get(), i, ZIP_FL_ENC_GUESS, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0)
      return fail(
          ErrorKind::data, "zip.damaged",
          fmt::format("the list of files in {} is damaged ({})", zip_shown(file), zip_strerror(out.archive_.get())),
          {file.string()}, "fetch it, or export it, again");
    const std::string name = stat.name;
    if (name.empty() || name.ends_with('/') || name.ends_with('\\') || is_dropping(name)) continue;
    const bool encrypted = (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE;
    out.members_.push_back({name, i, stat.comp_size, stat.size, encrypted});
  }
  return out;
}

const ZipMember* ZipArchive::find(std::string_view name) const {
  if (const auto exact = std::ranges::find(members_, name, &ZipMember::name); exact != members_.end()) return &*exact;
  const std::string spelled = zip_spelled(name);
  const auto near = std::ranges::find_if(members_, [&](const ZipMember& m) { return zip_spelled(m.name) == spelled; });
  return near == members_.end() ? nullptr : &*near;
}

Result<const ZipMember*> ZipArchive::wanted(std::string_view name) const {
  if (!name.empty()) {
    if (const ZipMember* member = find(name)) return member;
    std::vector<std::string> names;
    for (const ZipMember& member : members_) names.push_back(member.name);
    return fail(ErrorKind::usage, "zip.unknown_member",
                fmt::format("the archive {} holds no file {}", zip_shown(file_), name), {file_.string()},
                suggestion(name, names));
  }
  if (members_.empty())
    return fail(ErrorKind::data, "zip.empty", fmt::format("there is no file in the archive {}", zip_shown(file_)),
                {file_.string()});
  if (members_.size() > 1)
    return fail(ErrorKind::usage, "zip.which",
                fmt::format("the archive {} holds {} files: {}", zip_shown(file_), members_.size(), listed(members_)),
                {file_.string()}, "name the one that is meant: member: its name");
  return &members_.front();
}

Result<std::unique_ptr<ByteSource>> ZipArchive::read(const ZipMember& member) const {
  if (member.encrypted)
    return fail(ErrorKind::data, "zip.encrypted",
                fmt::format("{} in the archive {} is encrypted", member.name, zip_shown(file_)), {file_.string()},
                "unpack it with its password first");
  zip_file_t* opened = zip_fopen_index(archive_.get(), member.index, 0);
  if (opened == nullptr) {
    const int why = zip_error_code_zip(zip_get_error(archive_.get()));
    if (why == ZIP_ER_COMPNOTSUPP)
      return fail(
          ErrorKind::data, "zip.method",
          fmt::format("{} in the archive {} is packed in a way that is not known here", member.name, zip_shown(file_)),
          {file_.string()}, "unpack it yourself, or pack it with deflate");
    return fail(ErrorKind::data, "zip.damaged",
                fmt::format("{} in the archive {} is damaged ({})", member.name, zip_shown(file_),
                            zip_strerror(archive_.get())),
                {file_.string()}, "fetch it, or export it, again");
  }
  return std::make_unique<MemberBytes>(file_, member, limits_, opened);
}

Result<> ZipArchive::unpack(const ZipMember& member, const std::filesystem::path& to) const {
  VIGIE_TRY(const std::unique_ptr<ByteSource> bytes, read(member));
  const auto close = [](std::FILE* file) { std::fclose(file); };
  std::unique_ptr<std::FILE, decltype(close)> out(std::fopen(to.c_str(), "wb"), close);
  const auto failed = [&](Error error) -> Result<> {
    if (out) std::filesystem::remove(to);
    return std::unexpected(std::move(error));
  };
  const auto unwritten = [&] {
    return Error{errno == ENOSPC ? "engine.disk_full" : "file.unwritable",
                 fmt::format("{} cannot be unpacked to {}", member.name, to.string()),
                 ErrorKind::unavailable,
                 {},
                 ""};
  };
  if (!out) return failed(unwritten());
  std::vector<char> piece(1 << 17);
  while (true) {
    const Result<std::size_t> got = bytes->read(piece);
    if (!got) return failed(got.error());
    if (*got == 0) break;
    if (std::fwrite(piece.data(), 1, *got, out.get()) != *got) return failed(unwritten());
  }
  if (std::fflush(out.get()) != 0) return failed(unwritten());
  return {};
}

}  // namespace vigie::reading
