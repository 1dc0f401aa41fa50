#include "bad_input/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace vigie::bad_input {
namespace {

[[noreturn]] void become(const std::vector<std::string>& arguments, const Limits& limits, int output) {
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (limits.largest_file) {
    // Without the signal, a write beyond the limit fails as it does on a full disk: with an error.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{*limits.largest_file, *limits.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  std::vector<char*> argv = {const_cast<char*>(VIGIE_PROGRAM)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(VIGIE_PROGRAM, argv.data());
  ::_exit(127);
}

std::string read_all(int descriptor) {
  std::string out;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(descriptor, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<std::size_t>(n));
  return out;
}

}  // namespace

Outcome vigie(const std::vector<std::string>& arguments, const Limits& limits) {
  int pipe[2];
  if (::pipe(pipe) != 0) return {};
  const pid_t child = ::fork();
  if (child < 0) return {};
  if (child == 0) {
    ::close(pipe[0]);
    become(arguments, limits, pipe[1]);
  }
  ::close(pipe[1]);
  std::jthread killer;
  if (limits.killed_after)
    killer = std::jthread([&] {
      std::this_thread::sleep_for(*limits.killed_after);
      ::kill(child, SIGKILL);  // a child that has ended waits for waitpid below: its number is still its own
    });
  Outcome outcome;
  outcome.out = read_all(pipe[0]);
  ::close(pipe[0]);
  if (killer.joinable()) killer.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace vigie::bad_input
