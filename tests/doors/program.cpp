#include "doors/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = VIGIE_PROGRAM;

const char* locale_of(Language language) { return language == Language::fr ? "fr_FR.UTF-8" : "C.UTF-8"; }

/// The first line that the process says, or what it said before it ended; a minute at most.
std::string first_line(int from) {
  std::string line;
  for (char c = 0; line.find('\n') == std::string::npos;) {
    pollfd wanted{from, POLLIN, 0};
    if (::poll(&wanted, 1, 60'000) <= 0 || ::read(from, &c, 1) != 1) break;
    line += c;
  }
  return line;
}

std::string line_of(const std::vector<std::string>& words) {
  std::string line = shell_word(kProgram);
  for (const std::string& word : words) line += " " + shell_word(word);
  return line;
}

}  // namespace

Ran shell(const std::string& line, const fs::path& folder, Language language) {
  const Folder said;
  const fs::path out = said.path() / "out", err = said.path() / "err";
  const std::string path = fs::path(kProgram).parent_path().string();
  const std::string whole = "cd " + shell_word(folder.string()) + " && export LC_ALL=" + locale_of(language) +
                            " PATH=" + shell_word(path) + ":\"$PATH\" && { " + line + "\n} >" +
                            shell_word(out.string()) + " 2>" + shell_word(err.string()) + " </dev/null";
  // bash, not sh: dash takes "( … ) 2>&1" at the end of a group for the group's own. That a shell does not know the
  // locale, and says so, is not what is looked at.
  const int status = std::system(("bash -c " + shell_word(whole) + " 2>/dev/null").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, text_of(out), text_of(err)};
}

Ran vigie(const std::vector<std::string>& words, const fs::path& folder, Language language) {
  // In a shell of its own: `exec` would leave the redirections of the others behind.
  return shell("( exec " + line_of(words) + " )", folder, language);
}

Ran vigie(const std::vector<std::string>& words, const fs::path& folder, const Limits& limits) {
  std::string line = "( ";
  // Without the signal, a write beyond the limit fails as it does on a full disk: with an error.
  if (limits.largest_file_kib) line += "trap '' XFSZ; ulimit -f " + std::to_string(*limits.largest_file_kib) + "; ";
  line += "exec ";
  // In the foreground it waits until what it killed is gone; what ended by itself at that very moment keeps its code.
  if (limits.killed_after)
    line += "timeout --foreground --preserve-status --signal=KILL " +
            std::to_string(static_cast<double>(limits.killed_after->count()) / 1000) + " ";
  return shell(line + line_of(words) + " )", folder, limits.language);
}

Serving::Serving(const fs::path& workspace, const std::vector<std::string>& words) {
  std::vector<std::string> typed{"vigie", "serve", "-w", workspace.string(), "--port", "0"};
  typed.insert(typed.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : typed) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (::pipe(ends) != 0) return;
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::setenv("LC_ALL", "en_GB.UTF-8", 1);
    ::execv(kProgram.c_str(), arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  const std::string line = first_line(ends[0]);
  ::close(ends[0]);
  const auto colon = line.find("127.0.0.1:");
  if (colon == std::string::npos) ADD_FAILURE() << "vigie serve said: " << line;
  else port_ = std::stoi(line.substr(colon + 10));
}

Serving::~Serving() {
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  int status = 0;
  ::waitpid(process_, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "vigie serve did not end well: " << status;
}

void Serving::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
}

Reply Serving::post(const std::string& target, const std::string& body, const std::vector<std::string>& lines,
                    const std::string& type) const {
  std::string head = "POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: " + type +
                     "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  for (const std::string& line : lines) head += line + "\r\n";
  return send(head + "\r\n" + body);
}

Reply Serving::send(const std::string& request) const {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port_));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string said;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
      ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
    char piece[16 * 1024];
    for (;;) {
      pollfd wanted{socket, POLLIN, 0};
      if (::poll(&wanted, 1, 60'000) <= 0) break;
      const auto got = ::recv(socket, piece, sizeof piece, 0);
      if (got <= 0) break;
      said.append(piece, static_cast<std::size_t>(got));
    }
  }
  ::close(socket);
  const auto end = said.find("\r\n\r\n");
  if (!said.starts_with("HTTP/1.1 ") || end == std::string::npos) return {};
  return {std::stoi(said.substr(9, 3)), said.substr(0, end), said.substr(end + 4)};
}

}  // namespace vigie::doors
