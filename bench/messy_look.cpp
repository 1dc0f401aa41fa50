// messy_look FOLDER < names of files: for each, one line of JSON with what src/reading found or why it refused the
// file; the tables go to FOLDER/1.csv, 2.csv, … bench/messy.py reads both.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/json_writer.h"
#include "reading/reading.h"

namespace {

void show_refusal(vigie::JsonWriter& json, const vigie::Error& error) {
  json.key("code").text(error.code);
  json.key("line").number(error.where.line);
  json.key("message").text(error.message);
  json.key("hint").text(error.hint);
}

void show_table(vigie::JsonWriter& json, const vigie::reading::Found& found, const std::filesystem::path& table) {
  json.key("table").text(table.string());
  json.key("found");
  vigie::reading::write_found(json, found, [](const std::string& sentence) { return sentence; });
}

/// messy_look --time FILE: seconds from nothing known to every byte held against what was found.
int time_of(const char* file) {
  const auto begin = std::chrono::steady_clock::now();
  const auto found = vigie::reading::detect(file);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (!found) {
    fmt::print(stderr, "{}\n", found.error().text());
    return 1;
  }
  fmt::print("{:.3f} s, {} rows\n", took.count(), found->rows);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--time") return time_of(argv[2]);
  if (argc != 2) {
    fmt::print(stderr, "usage: messy_look FOLDER < names of files\n");
    return 2;
  }
  std::string file;
  for (int number = 1; std::getline(std::cin, file); ++number) {
    const std::filesystem::path table = std::filesystem::path(argv[1]) / fmt::format("{}.csv", number);
    std::string line;
    vigie::JsonWriter json(line);
    json.begin_object();
    json.key("file").text(file);
    // The clean files of the benchmarks hold totals as rows, and names twice.
    vigie::reading::Wanted wanted;
    wanted.totals = vigie::reading::Totals::keep;
    wanted.names_as_written = true;
    auto found = vigie::reading::detect(file, wanted);
    if (found) found = vigie::reading::write_clean(file, *found, table);
    if (found) show_table(json, *found, table);
    else show_refusal(json, found.error());
    json.end_object();
    fmt::print("{}\n", line);
  }
  return 0;
}
