#pragma once
// tests/doors/ — Vigie from outside: what the command prints and how it ends, what a served workspace answers.
//
//   program.h    run `vigie`, keep `vigie serve` running, ask it over HTTP
//   company.h    the workspaces that the tests ask about
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/test_folder.h"
#include "shell.h"

namespace vigie::doors {

enum class Language { en, fr };

struct Ran {
  int code = 0;
  std::string out, err;
};

using Folder = TestFolder;

/// Runs a shell line in a folder to its end; `vigie` in it is the one that was built.
Ran shell(const std::string& line, const std::filesystem::path& folder, Language language = Language::en);

/// Runs `vigie` with these words.
Ran vigie(const std::vector<std::string>& words, const std::filesystem::path& folder, Language language = Language::en);

struct Limits {
  std::optional<int> largest_file_kib = {};  ///< beyond it the system refuses to write, as on a full disk
  std::optional<std::chrono::milliseconds> killed_after = {};  ///< SIGKILL then, if it still runs: 128 + 9
  Language language = Language::en;
};
Ran vigie(const std::vector<std::string>& words, const std::filesystem::path& folder, const Limits& limits);

struct Reply {
  int status = 0;
  std::string head, body;
};

/// `vigie serve` on a free port of 127.0.0.1, until the object goes; `words` come after the others.
class Serving {
 public:
  explicit Serving(const std::filesystem::path& workspace, const std::vector<std::string>& words = {});
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  bool answers() const { return port_ != 0; }
  int port() const { return port_; }
  /// Status 0: nobody answered.
  Reply get(const std::string& target, const std::string& host = "127.0.0.1") const {
    return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }
  Reply post(const std::string& target, const std::string& json) const { return post(target, json, {}); }
  /// With more header lines, each "Name: value".
  Reply post(const std::string& target, const std::string& body, const std::vector<std::string>& lines,
             const std::string& type = "application/json") const;
  int process() const { return process_; }
  /// As a crash: with SIGKILL, at once. Nothing answers any more.
  void kill();

 private:
  Reply send(const std::string& request) const;

  int process_ = -1, port_ = 0;
};

}  // namespace vigie::doors
