#pragma once
// tests/sources/ — real servers for the tests of src/sources.
//
//   servers.h    PostgreSQL and MariaDB, each a server of its own in a temporary folder, on a Unix socket alone
#include <optional>
#include <string>

#include "base/test_folder.h"

namespace vigie::sources {

/// A PostgreSQL cluster that lives as long as the object: socket in `folder()`, database "erp", superuser "admin" with
/// the password "of the admin". Where the test is root, the server runs as "postgres": it refuses to be root.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  static bool is_installed();
  const std::filesystem::path& folder() const { return folder_.path(); }
  void run(const std::string& sql);   ///< throws where the server refuses it
  void send(int signal) const;        ///< to all its processes: SIGSTOP makes it silent
  static constexpr int kPort = 5432;  ///< part of the socket's name

 private:
  TestFolder folder_;
};

/// A MariaDB server that lives as long as the object: socket `socket()`, database "erp", user "admin" with the password
/// "of the admin".
class MariadbServer {
 public:
  MariadbServer();
  ~MariadbServer();
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;
  static bool is_installed();
  std::filesystem::path socket() const { return folder_ / "server.sock"; }
  void run(const std::string& sql);
  void send(int signal) const;

 private:
  void run_as(const char* user, const char* password, const char* database, const std::string& sql);
  TestFolder folder_;
  int process_ = -1;
};

}  // namespace vigie::sources
