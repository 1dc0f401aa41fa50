// Runs SQL scripts on a DuckDB file, or in memory, the way a person at a console would: what bench/make_orders.sh makes
// its files with, and what bench/board.sh holds the board against.
//
//   sql_bench DB SCRIPT [rows]     `rows`: print them too; lines that begin with -- are comments; DB "-" is in memory;
//   each statement that gives rows prints how many and the milliseconds it took
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "must.h"
#include "store/database.h"

namespace {

using namespace vigie;

std::string shown(const store::Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* exact = std::get_if<Decimal>(&cell)) return exact->to_plain();
  if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "true" : "false";
  return "";
}

void print(const store::ResultSet& rows) {
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < rows.columns().size(); ++column)
      line += (column > 0 ? "\t" : "") + shown(rows.at(row, column));
    fmt::print("{}\n", line);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fputs("usage: sql_bench DB SCRIPT [rows]\n", stderr);
    return 2;
  }
  std::ifstream in(argv[2]);
  if (!in) {
    fmt::print(stderr, "cannot read {}\n", argv[2]);
    return 4;
  }
  std::string text;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with("--")) text += line + "\n";
  const std::string file = argv[1];
  const auto database = must(store::Database::open({.file = file == "-" ? "" : file}));
  auto connection = must(database->connect());
  for (const std::string& statement : split(text, ';')) {
    if (trim(statement).empty()) continue;
    const auto begun = std::chrono::steady_clock::now();
    const auto rows = must(connection.query(statement));
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    fmt::print("{:8} rows {:10.1f} ms\n", rows.rows(), ms);
    if (argc == 4) print(rows);
  }
  return 0;
}
