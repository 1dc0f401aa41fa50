#include "crash/recorded_disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdarg>
#include <fstream>
#include <map>
#include <memory>

namespace vigie::disk {
namespace {

namespace fs = std::filesystem;

struct Operation {
  enum class Kind { make, write, cut, sync, rename, remove, sync_folder };
  Kind kind;
  std::string name, other;  ///< of files in the folder; `other`: what it is called afterwards
  std::size_t at = 0;       ///< of write; of cut, the length
  std::string bytes = {};
};

struct Recorder {
  bool is_on = false;
  fs::path folder;
  std::map<int, std::string> open;  ///< descriptor → name; "" the folder itself
  std::vector<Operation> all;
};
Recorder& recorder() {
  static Recorder one;
  return one;
}

std::optional<std::string> name_in_folder(const char* path) {
  const fs::path whole(path);
  if (!recorder().is_on) return std::nullopt;
  if (whole == recorder().folder || whole == recorder().folder / ".") return "";
  return whole.parent_path() == recorder().folder ? std::optional(whole.filename().string()) : std::nullopt;
}

void note(Operation operation) { recorder().all.push_back(std::move(operation)); }

void note_open(const char* path, int descriptor, int flags, bool was_there) {
  const auto name = name_in_folder(path);
  if (!name || descriptor < 0) return;
  recorder().open[descriptor] = *name;
  if (name->empty()) return;
  if ((flags & O_CREAT) != 0 && !was_there) note({Operation::Kind::make, *name, {}});
  else if ((flags & O_TRUNC) != 0) note({Operation::Kind::cut, *name, {}, 0});
}

const std::string* open_name(int descriptor) {
  const auto found = recorder().open.find(descriptor);
  return !recorder().is_on || found == recorder().open.end() ? nullptr : &found->second;
}

void note_write(int descriptor, const void* bytes, ssize_t count, off_t at) {
  if (const std::string* name = open_name(descriptor); name != nullptr && count > 0)
    note({Operation::Kind::write,
          *name,
          {},
          static_cast<std::size_t>(at),
          std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(count))});
}

void note_sync(int descriptor) {
  const std::string* name = open_name(descriptor);
  if (name == nullptr) return;
  if (name->empty()) note({Operation::Kind::sync_folder, "", {}});
  else note({Operation::Kind::sync, *name, {}});
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

/// A file of the disk: what it surely holds, and what was done to it since.
struct File {
  std::string durable;
  std::vector<Operation> since;
};
using Names = std::map<std::string, std::shared_ptr<File>>;

void apply(const Operation& one, std::string& bytes) {
  if (one.kind == Operation::Kind::cut) {
    bytes.resize(one.at);
    return;
  }
  bytes.resize(std::max(bytes.size(), one.at + one.bytes.size()));
  bytes.replace(one.at, one.bytes.size(), one.bytes);
}

std::string after(const File& file, std::size_t operations) {
  std::string out = file.durable;
  for (std::size_t i = 0; i < operations; ++i) apply(file.since[i], out);
  return out;
}

struct Content {
  std::string how, bytes;
};

/// In which ways a file may be left.
std::vector<Content> ways(const File& file) {
  std::vector<Content> out{{"nothing since", file.durable}};
  if (file.since.empty()) return out;
  const Operation& last = file.since.back();
  const std::string before = after(file, file.since.size() - 1);
  if (file.since.size() > 1) out.push_back({"all but the last", before});
  out.push_back({"all of it", after(file, file.since.size())});
  if (last.kind != Operation::Kind::write) return out;
  constexpr std::size_t kPieces = 37;
  const std::size_t step = std::max<std::size_t>(1, last.bytes.size() / kPieces);
  for (std::size_t size = 1; size < last.bytes.size(); size += step) {
    std::string torn = before;
    apply({last.kind, last.name, {}, last.at, last.bytes.substr(0, size)}, torn);
    out.push_back({fmt::format("{} bytes of the last {}", size, last.bytes.size()), torn});
  }
  std::string zeros = before, end = before;
  apply({last.kind, last.name, {}, last.at, std::string(last.bytes.size(), '\0')}, zeros);
  apply({last.kind,
         last.name,
         {},
         last.at,
         std::string(last.bytes.size() / 2, '\0') + last.bytes.substr(last.bytes.size() / 2)},
        end);
  out.push_back({"the length of the last alone", zeros});
  out.push_back({"the end of the last alone", end});
  return out;
}

void change_names(const Operation& one, Names& names) {
  if (one.kind == Operation::Kind::remove) names.erase(one.name);
  if (one.kind == Operation::Kind::rename) names[one.other] = names.at(one.name), names.erase(one.name);
}

void lay_out(const Names& names, const std::string& varied, const std::string& bytes, const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto& [name, file] : names)
    std::ofstream(folder / name, std::ios::binary) << (name == varied ? bytes : after(*file, file->since.size()));
}

}  // namespace

void record(const fs::path& folder) { recorder() = {.is_on = true, .folder = folder, .open = {}, .all = {}}; }
void stop() { recorder().is_on = false; }
std::size_t operations() { return recorder().all.size(); }

void cut_power(std::size_t at, const fs::path& scratch, const std::function<void(const Left&)>& look) {
  Names live;
  std::vector<Names> names(1);  // what the folder surely holds, and after each change since
  for (std::size_t i = 0; i < at; ++i) {
    const Operation& one = recorder().all[i];
    switch (one.kind) {
      case Operation::Kind::make:
        live[one.name] = std::make_shared<File>();
        names.push_back(live);
        break;
      case Operation::Kind::write:
      case Operation::Kind::cut: live.at(one.name)->since.push_back(one); break;
      case Operation::Kind::sync: {
        File& file = *live.at(one.name);
        file.durable = after(file, file.since.size());
        file.since.clear();
        break;
      }
      case Operation::Kind::rename:
      case Operation::Kind::remove:
        change_names(one, live);
        names.push_back(live);
        break;
      case Operation::Kind::sync_folder: names.assign(1, live); break;
    }
  }
  for (std::size_t n = 0; n < names.size(); ++n) {
    const std::string of_names = fmt::format("{} of {} changes of names", n, names.size() - 1);
    lay_out(names[n], "", "", scratch);
    look({of_names, scratch});
    for (const auto& [name, file] : names[n]) {
      if (file->since.empty()) continue;
      for (const Content& one : ways(*file)) {
        lay_out(names[n], name, one.bytes, scratch);
        look({fmt::format("{}; {}: {}", of_names, name, one.how), scratch});
      }
    }
  }
}

}  // namespace vigie::disk

// The library's own do it; what they did is noted.
extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  struct stat known{};
  const bool was_there = ::stat(path, &known) == 0;
  const int out = vigie::disk::next<int (*)(const char*, int, ...)>("open")(path, flags, mode);
  vigie::disk::note_open(path, out, flags, was_there);
  return out;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t at) {
  const auto out =
      vigie::disk::next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(descriptor, bytes, count, at);
  vigie::disk::note_write(descriptor, bytes, out, at);
  return out;
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  const auto out = vigie::disk::next<ssize_t (*)(int, const void*, size_t)>("write")(descriptor, bytes, count);
  if (vigie::disk::open_name(descriptor) != nullptr && out > 0)
    vigie::disk::note_write(descriptor, bytes, out, ::lseek(descriptor, 0, SEEK_CUR) - out);
  return out;
}

int ftruncate(int descriptor, off_t size) noexcept {
  const int out = vigie::disk::next<int (*)(int, off_t)>("ftruncate")(descriptor, size);
  if (const std::string* name = vigie::disk::open_name(descriptor); name != nullptr && out == 0)
    vigie::disk::note({vigie::disk::Operation::Kind::cut, *name, {}, static_cast<std::size_t>(size)});
  return out;
}

int fdatasync(int descriptor) {
  const int out = vigie::disk::next<int (*)(int)>("fdatasync")(descriptor);
  if (out == 0) vigie::disk::note_sync(descriptor);
  return out;
}

int fsync(int descriptor) {
  const int out = vigie::disk::next<int (*)(int)>("fsync")(descriptor);
  if (out == 0) vigie::disk::note_sync(descriptor);
  return out;
}

int close(int descriptor) {
  vigie::disk::recorder().open.erase(descriptor);
  return vigie::disk::next<int (*)(int)>("close")(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  const int out = vigie::disk::next<int (*)(const char*, const char*)>("rename")(from, to);
  const auto name = vigie::disk::name_in_folder(from), other = vigie::disk::name_in_folder(to);
  if (out == 0 && name && other) vigie::disk::note({vigie::disk::Operation::Kind::rename, *name, *other});
  return out;
}

int remove(const char* path) noexcept {
  const int out = vigie::disk::next<int (*)(const char*)>("remove")(path);
  if (const auto name = vigie::disk::name_in_folder(path); out == 0 && name)
    vigie::disk::note({vigie::disk::Operation::Kind::remove, *name, {}});
  return out;
}

int unlink(const char* path) noexcept {
  const int out = vigie::disk::next<int (*)(const char*)>("unlink")(path);
  if (const auto name = vigie::disk::name_in_folder(path); out == 0 && name)
    vigie::disk::note({vigie::disk::Operation::Kind::remove, *name, {}});
  return out;
}

}  // extern "C"
