#include "store/database.h"

#include <unistd.h>

#include <fstream>
#include <thread>

#include "store/duckdb/errors.h"
#include "store/duckdb/instance.h"
#include "store/duckdb/key_function.h"
#include "store/duckdb/portion_function.h"
#include "store/duckdb/price_function.h"

namespace vigie::store {
namespace {

constexpr std::size_t kMegabyte = 1024UL * 1024UL;
constexpr std::size_t kMostMemoryMb = 4096;
constexpr std::size_t kLeastMemoryMb = 128;

/// The machine's memory, or that of the control group we run in where it is less.
std::size_t memory_mb() {
  std::size_t bytes =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::ifstream group("/sys/fs/cgroup/memory.max");
  std::size_t limit = 0;
  if (group >> limit) bytes = std::min(bytes, limit);  // "max" does not parse: no limit
  return bytes / kMegabyte;
}

class Config {
 public:
  Config() { duckdb_create_config(&config_); }
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;
  ~Config() { duckdb_destroy_config(&config_); }

  Result<> set(const char* name, const std::string& value) {
    if (duckdb_set_config(config_, name, value.c_str()) == DuckDBSuccess) return {};
    return fail(ErrorKind::internal, "engine.failed", fmt::format("the engine has no setting {} = {}", name, value));
  }
  duckdb_config get() { return config_; }

 private:
  duckdb_config config_ = nullptr;
};

int threads_of(const DatabaseOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<> configure(Config& config, const DatabaseOptions& options) {
  const std::size_t memory = options.memory_limit_mb != 0 ? options.memory_limit_mb
                                                          : std::clamp(memory_mb() / 4, kLeastMemoryMb, kMostMemoryMb);
  VIGIE_CHECK(config.set("memory_limit", fmt::format("{}MiB", memory)));
  VIGIE_CHECK(config.set("threads", std::to_string(threads_of(options))));
  VIGIE_CHECK(config.set("autoinstall_known_extensions", "false"));
  VIGIE_CHECK(config.set("autoload_known_extensions", "false"));
  VIGIE_CHECK(config.set("allow_community_extensions", "false"));
  VIGIE_CHECK(config.set("allow_persistent_secrets", "false"));
  // Only this program reads the file, with the engine it was built with: the newest encodings of texts cost half as
  // much.
  VIGIE_CHECK(config.set("storage_compatibility_version", "latest"));
  if (options.read_only) VIGIE_CHECK(config.set("access_mode", "READ_ONLY"));
  // A file spills beside itself ("<file>.tmp"); an in-memory engine would spill into the folder we happen to stand in.
  if (!options.temp_directory.empty()) {
    VIGIE_CHECK(config.set("temp_directory", options.temp_directory.string()));
  } else if (options.file.empty()) {
    VIGIE_CHECK(config.set("temp_directory", ""));
  }
  return {};
}

}  // namespace

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

namespace {

Result<std::shared_ptr<Instance>> open_instance(const DatabaseOptions& options) {
  Config config;
  VIGIE_CHECK(configure(config, options));
  auto instance = std::make_shared<Instance>();
  const std::string file = options.file.string();
  instance->shown_as = file.empty() ? "the in-memory engine" : file;
  char* message = nullptr;
  if (duckdb_open_ext(file.empty() ? nullptr : file.c_str(), &instance->handle, config.get(), &message) !=
      DuckDBSuccess) {
    const std::string text = message == nullptr ? "no reason was given" : message;
    duckdb_free(message);
    return std::unexpected(open_error(text, instance->shown_as));
  }
  return instance;
}

}  // namespace

/// What every instance is given.
Result<> Database::equip() {
  VIGIE_TRY(Connection connection, connect());
  VIGIE_CHECK(register_key_function(connection.impl_->handle));
  VIGIE_CHECK(register_price_function(connection.impl_->handle));
  VIGIE_CHECK(register_portion_function(connection.impl_->handle));
  return connection.execute("SET GLOBAL TimeZone = 'UTC'");
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
  VIGIE_TRY(auto instance, open_instance(options));
  std::unique_ptr<Database> database(
      new Database(std::make_unique<Impl>(std::move(instance), threads_of(options), options)));
  VIGIE_CHECK(database->equip());
  return database;
}

Result<> Database::closed_while(const std::function<Result<>()>& work) {
  {
    VIGIE_TRY(Connection connection, connect());
    VIGIE_CHECK(connection.execute("CHECKPOINT"));
  }
  const std::weak_ptr<Instance> closing = impl_->instance;
  impl_->instance.reset();
  if (auto open = closing.lock()) {
    impl_->instance = std::move(open);
    return fail(ErrorKind::internal, "engine.failed", "the warehouse cannot be closed, for a connection is open");
  }
  const Result<> done = work();
  VIGIE_TRY(impl_->instance, open_instance(impl_->options));
  VIGIE_CHECK(equip());
  return done;
}

Result<> Database::copy_to(const std::filesystem::path& file) {
  VIGIE_TRY(Connection connection, connect());
  VIGIE_TRY(const ResultSet own, connection.query("SELECT current_database()"));
  VIGIE_CHECK(connection.execute(
      fmt::format("ATTACH {} AS vigie_fresh (STORAGE_VERSION 'latest')", quote_text(file.string()))));
  const Result<> copied =
      connection.execute(fmt::format("COPY FROM DATABASE {} TO vigie_fresh", quote_identifier(own.text(0, 0))));
  const Result<> saved = copied ? connection.execute("CHECKPOINT vigie_fresh") : copied;
  const Result<> detached = connection.execute("DETACH vigie_fresh");
  return saved ? detached : saved;
}

Result<Connection> Database::connect() {
  if (impl_->instance == nullptr)
    return fail(ErrorKind::unavailable, "engine.failed", "the warehouse is closed, for it could not be opened again",
                {}, "start Vigie anew");
  auto connection = std::make_unique<Connection::Impl>(impl_->instance);
  if (duckdb_connect(impl_->instance->handle, &connection->handle) != DuckDBSuccess) {
    return fail(ErrorKind::unavailable, "engine.failed",
                fmt::format("no connection to {} could be opened", impl_->instance->shown_as));
  }
  return Connection(std::move(connection));
}

Result<> Database::run_on(Threads threads) {
  VIGIE_TRY(Connection connection, connect());
  return connection.execute(fmt::format("SET GLOBAL threads = {}", threads == Threads::one ? 1 : impl_->threads));
}

Result<> Database::lock_down() {
  VIGIE_TRY(Connection connection, connect());
  VIGIE_CHECK(connection.execute("SET GLOBAL enable_external_access = false"));
  return connection.execute("SET GLOBAL lock_configuration = true");
}

}  // namespace vigie::store
