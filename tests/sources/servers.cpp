#include "sources/servers.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <mysql.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "shell.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

/// Debian keeps them beside each other, by version, and out of the path.
fs::path postgres_programs() {
  fs::path newest;
  std::error_code ignored;
  for (fs::directory_iterator at("/usr/lib/postgresql", ignored), end; !ignored && at != end; at.increment(ignored))
    if (fs::exists(at->path() / "bin/initdb", ignored) && at->path() > newest) newest = at->path();
  return newest.empty() ? newest : newest / "bin";
}

void must(const std::string& line, const fs::path& log) {
  const std::string whole = fmt::format("{{ {}\n}} >>{} 2>&1 </dev/null", line, shell_word(log.string()));
  if (std::system(("bash -c " + shell_word(whole)).c_str()) != 0) throw std::runtime_error(line + "\n" + text_of(log));
}

/// 0: there is no such process any more. ("7 (postgres) S 1 …")
int parent_of(int process) {
  const std::string about = text_of(fmt::format("/proc/{}/stat", process));
  const auto name_ends = about.rfind(')');
  return name_ends == std::string::npos || about.size() < name_ends + 5 ? 0 : std::atoi(about.c_str() + name_ends + 4);
}

const char* mariadb_program() {
  for (const char* one : {"/usr/sbin/mariadbd", "/usr/sbin/mysqld"})
    if (::access(one, X_OK) == 0) return one;
  return nullptr;
}

}  // namespace

bool PostgresServer::is_installed() { return !postgres_programs().empty(); }

PostgresServer::PostgresServer() {
  const std::string programs = postgres_programs().string(), log = (folder_ / "log").string();
  folder_.write("password", "of the admin\n");
  folder_.write("log", "");
  std::string as;
  if (::geteuid() == 0) {
    must("chown -R postgres " + shell_word(folder().string()), "/dev/null");
    as = "runuser -u postgres -- ";
  }
  const std::string data = shell_word((folder_ / "data").string());
  must(fmt::format("cd {}; {}{}/initdb -D {} -U admin -A scram-sha-256 --pwfile={} -E UTF8 --locale=C.UTF-8 --no-sync",
                   shell_word(folder().string()), as, programs, data, shell_word((folder_ / "password").string())),
       log);
  must(fmt::format("cd {}; {}{}/pg_ctl -D {} -w -l {} -o {} start", shell_word(folder().string()), as, programs, data,
                   shell_word((folder_ / "server.log").string()),
                   shell_word(fmt::format("-k {} -c listen_addresses= -c fsync=off", folder().string()))),
       log);
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(
      PQconnectdb(fmt::format("host={} dbname=postgres user=admin password='of the admin'", folder().string()).c_str()),
      PQfinish);
  PQclear(PQexec(connection.get(), "CREATE DATABASE erp"));
}

PostgresServer::~PostgresServer() {
  const std::string as = ::geteuid() == 0 ? "runuser -u postgres -- " : "";
  try {
    must(fmt::format("cd {}; {}{}/pg_ctl -D {} -m immediate -w stop", shell_word(folder().string()), as,
                     postgres_programs().string(), shell_word((folder_ / "data").string())),
         folder_ / "log");
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "the test's PostgreSQL did not stop: %s\n", problem.what());
  }
}

void PostgresServer::run(const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(
      PQconnectdb(fmt::format("host={} dbname=erp user=admin password='of the admin'", folder().string()).c_str()),
      PQfinish);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(connection.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(std::string(PQerrorMessage(connection.get())) + sql);
}

void PostgresServer::send(int signal) const {
  const int server = std::stoi(text_of(folder_ / "data/postmaster.pid"));
  ::kill(server, signal);
  for (const auto& one : fs::directory_iterator("/proc")) {
    const int process = std::atoi(one.path().filename().c_str());
    if (process > 0 && parent_of(process) == server) ::kill(process, signal);
  }
}

bool MariadbServer::is_installed() { return mariadb_program() != nullptr; }

MariadbServer::MariadbServer() {
  const fs::path log = folder_ / "log", data = folder_ / "data";
  fs::create_directories(data);
  folder_.write("log", "");
  std::string user;
  if (::geteuid() == 0) {
    must("chown -R mysql " + shell_word(folder_.path().string()), "/dev/null");
    user = " --user=mysql";
  }
  must(fmt::format("mariadb-install-db --no-defaults --datadir={}{} --auth-root-authentication-method=normal "
                   "--skip-test-db",
                   shell_word(data.string()), user),
       log);
  std::vector<std::string> words{mariadb_program(),
                                 "--no-defaults",
                                 "--datadir=" + data.string(),
                                 "--socket=" + socket().string(),
                                 "--skip-networking",
                                 "--pid-file=" + (folder_ / "pid").string()};
  if (!user.empty()) words.emplace_back("--user=mysql");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_APPEND);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  constexpr int kTries = 600;
  for (int i = 0; i < kTries && !fs::exists(socket()); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  run_as("root", "", nullptr, "CREATE DATABASE erp");
  run_as("root", "", nullptr, "CREATE USER admin@localhost IDENTIFIED BY 'of the admin'");
  run_as("root", "", nullptr, "GRANT ALL ON erp.* TO admin@localhost");
}

MariadbServer::~MariadbServer() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void MariadbServer::send(int signal) const { ::kill(process_, signal); }

void MariadbServer::run(const std::string& sql) { run_as("admin", "of the admin", "erp", sql); }

void MariadbServer::run_as(const char* user, const char* password, const char* database, const std::string& sql) {
  const std::unique_ptr<MYSQL, void (*)(MYSQL*)> connection(mysql_init(nullptr), mysql_close);
  if (mysql_real_connect(connection.get(), nullptr, user, password, database, 0, socket().c_str(), 0) == nullptr ||
      mysql_query(connection.get(), sql.c_str()) != 0)
    throw std::runtime_error(std::string(mysql_error(connection.get())) + ": " + sql + "\n" + text_of(folder_ / "log"));
  if (MYSQL_RES* result = mysql_store_result(connection.get())) mysql_free_result(result);
}

}  // namespace vigie::sources
