// What bench/import.sh times, one step a process so that each has its own peak memory:
//
//   import_bench make CSV ROWS [shuffled]   writes a CSV of orders
//   import_bench copy CSV DB                the engine's own COPY into a bare table of the right types
//   import_bench import CSV DB MAP          the import through a map
//
// Prints "<seconds> <peak MiB>".
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "ingest/ingest.h"
#include "must.h"
#include "store/warehouse.h"

namespace {

using namespace vigie;
/// All cores, or as many as VIGIE_BENCH_THREADS says: with one, the processor's time is the work's alone.
store::DatabaseOptions options(const std::string& file) {
  const char* threads = std::getenv("VIGIE_BENCH_THREADS");
  return {.file = file, .threads = threads == nullptr ? 0 : std::atoi(threads)};
}

void make(const std::string& csv, const std::string& rows, bool shuffled) {
  const auto database = must(store::Database::open({}));
  auto connection = must(database->connect());
  must(connection.execute(fmt::format(
      "COPY (SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id, 'C' || lpad((hash(i) % 700000)::VARCHAR, 7, '0') AS "
      "client, "
      "strftime(TIMESTAMP '2023-01-01' + INTERVAL (i * 6) SECOND, '%Y-%m-%d %H:%M:%S') AS date, ['paid', 'paid', "
      "'paid', "
      "'void'][1 + (hash(i * 3) % 4)::INTEGER] AS state, printf('%.2f', (hash(i * 5) % 100000) / 100.0) AS total, "
      "printf('%.2f', (hash(i * 5) % 100000) / 500.0) AS tax, 'EUR' AS currency, ['web', 'store', 'phone', "
      "'partner'][1 + "
      "(hash(i * 11) % 4)::INTEGER] AS channel, 'S' || (hash(i * 13) % 50) AS seller FROM range({}) t(i){}) TO {} "
      "(HEADER)",
      rows, shuffled ? " ORDER BY hash(i * 17)" : "", store::quote_text(csv))));
}

void copy(const std::string& csv, const std::string& file) {
  const auto database = must(store::Database::open(options(file)));
  auto connection = must(database->connect());
  must(connection.execute(
      "CREATE TABLE orders(order_id VARCHAR, client VARCHAR, date TIMESTAMP, state VARCHAR, total DECIMAL(18,4), tax "
      "DECIMAL(18,4), currency VARCHAR, channel VARCHAR, seller VARCHAR)"));
  must(connection.execute(fmt::format("COPY orders FROM {} (HEADER)", store::quote_text(csv))));
  must(connection.execute("CHECKPOINT"));
}

void import(const std::string& csv, const std::string& file, const std::string& map) {
  const auto model = must(model::Model::load(std::string(VIGIE_SOURCE_DIR) + "/model"));
  const auto database = must(store::Database::open(options(file)));
  const auto calendar = must(calendar::Calendar::make({.time_zone = "Europe/Paris"}));
  must(store::prepare_warehouse(*database, model, {}));
  must(ingest::prepare(*database));
  const SystemClock clock;
  ingest::Request request;
  request.map_file = map;
  request.files = {csv};
  if (std::getenv("VIGIE_BENCH_STEPS") != nullptr)
    request.progress = [start = std::chrono::steady_clock::now()](std::string_view stage, double) {
      fmt::print(stderr, "{:8.2f} {}\n",
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), stage);
    };
  const auto receipt = must(ingest::run({*database, model, calendar, "EUR", clock}, request));
  fmt::print(stderr, "{} read, {} loaded, {} unchanged, {} quarantined\n", receipt.read, receipt.loaded,
             receipt.unchanged, receipt.quarantined);
  auto connection = must(database->connect());
  must(connection.execute("CHECKPOINT"));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const auto started = std::chrono::steady_clock::now();
  if (args.size() >= 3 && args[0] == "make") make(args[1], args[2], args.size() > 3);
  else if (args.size() == 3 && args[0] == "copy") copy(args[1], args[2]);
  else if (args.size() == 4 && args[0] == "import") import(args[1], args[2], args[3]);
  else return 2;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{:.2f} {}\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(),
             usage.ru_maxrss / 1024);
}
