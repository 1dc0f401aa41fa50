#include "store/duckdb/errors.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "store/duckdb/guarded.h"
#include "store/full_disk.h"

namespace vigie::store {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// "Binder Error: Referenced column "x" not found" without the class; its first paragraph on one line.
std::string sentence(std::string_view message) {
  const std::size_t colon = message.find(" Error: ");
  if (colon != std::string_view::npos && colon < 30) message.remove_prefix(colon + 8);
  message = message.substr(0, message.find("\n\nLINE "));
  std::string text(trim(message.substr(0, message.find("\n\n"))));
  std::ranges::replace(text, '\n', ' ');
  while (text.ends_with('.')) text.pop_back();
  return text;
}

/// DuckDB shows the line and puts a caret under the place: "LINE 3: SELECT x\n               ^". Long lines are cut at
/// their start ("..."), so that the column is not known.
SourcePosition place(std::string_view message) {
  SourcePosition where;
  const std::size_t at = message.rfind("\nLINE ");
  if (at == std::string_view::npos) return where;
  std::string_view rest = message.substr(at + 6);
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), where.line);
  if (failed != std::errc{} || !std::string_view(end, rest.data() + rest.size()).starts_with(": ")) return {};
  const std::size_t prefix = static_cast<std::size_t>(end - rest.data()) + std::string_view("LINE : ").size();
  const std::size_t newline = rest.find('\n');
  const std::size_t caret = rest.find('^', newline == std::string_view::npos ? rest.size() : newline);
  const bool cut = rest.substr(static_cast<std::size_t>(end - rest.data()) + 2).starts_with("...");
  if (caret == std::string_view::npos || cut || caret - newline - 1 < prefix) return where;
  where.column = static_cast<int>(caret - newline - 1 - prefix) + 1;
  return where;
}

Error memory_error(std::string_view message) {
  return fail(ErrorKind::unavailable, "engine.out_of_memory",
              fmt::format("the query needs more memory than it may use: {}", sentence(message)), {},
              "ask for a shorter range or fewer splits, or on a machine with more memory")
      .error();
}

bool is_value_error(duckdb_error_type type) {
  return type == DUCKDB_ERROR_CONVERSION || type == DUCKDB_ERROR_INVALID_INPUT || type == DUCKDB_ERROR_OUT_OF_RANGE ||
         type == DUCKDB_ERROR_DECIMAL || type == DUCKDB_ERROR_MISMATCH_TYPE || type == DUCKDB_ERROR_CONSTRAINT;
}

bool is_sql_error(duckdb_error_type type) {
  return type == DUCKDB_ERROR_PARSER || type == DUCKDB_ERROR_SYNTAX || type == DUCKDB_ERROR_BINDER ||
         type == DUCKDB_ERROR_CATALOG || type == DUCKDB_ERROR_NOT_IMPLEMENTED ||
         type == DUCKDB_ERROR_PARAMETER_NOT_RESOLVED;
}

std::optional<std::string> locking_process(std::string_view message) {
  const std::size_t at = message.find("(PID ");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = message.substr(at + 5);
  return std::string(rest.substr(0, rest.find_first_not_of("0123456789")));
}

}  // namespace

Error engine_error(duckdb_error_type type, std::string_view message, std::string_view shown_as, SqlAuthor author) {
  if (!is_value_error(type) && !is_sql_error(type))
    if (auto full = no_room(message, sentence(message), shown_as)) return *std::move(full);
  if (type == DUCKDB_ERROR_INTERRUPT) {
    return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled").error();
  }
  if (type == DUCKDB_ERROR_OUT_OF_MEMORY || sentence(message).starts_with(kNoMemory)) return memory_error(message);
  if (type == DUCKDB_ERROR_OUT_OF_RANGE && (has(message, "verflow") || has(message, "out of range"))) {
    return fail(ErrorKind::data, "engine.overflow",
                fmt::format("an amount is too large to be summed exactly: {}", sentence(message)), {},
                "look for amounts entered in the wrong unit")
        .error();
  }
  if (type == DUCKDB_ERROR_PERMISSION || has(message, "disabled by configuration") || has(message, "has been locked")) {
    return fail(ErrorKind::usage, "engine.refused", sentence(message), place(message)).error();
  }
  if (is_value_error(type)) {
    return fail(ErrorKind::data, "engine.value", sentence(message), place(message)).error();
  }
  if (is_sql_error(type) && author == SqlAuthor::person) {
    return fail(ErrorKind::usage, "engine.sql", sentence(message), place(message)).error();
  }
  if (type == DUCKDB_ERROR_IO) {
    return fail(ErrorKind::unavailable, "engine.io", sentence(message), {},
                fmt::format("check that {} can be read and written", shown_as))
        .error();
  }
  const bool fatal = type == DUCKDB_ERROR_FATAL;
  return fail(fatal ? ErrorKind::unavailable : ErrorKind::internal, "engine.failed",
              fmt::format("the engine failed: {}", sentence(message)), {},
              fatal ? "start the program again: it recovers what was committed" : "")
      .error();
}

Error open_error(std::string_view message, std::string_view file) {
  if (has(message, "Could not set lock")) {
    const auto process = locking_process(message);
    return fail(ErrorKind::unavailable, "store.locked",
                process ? fmt::format("{} is in use by process {}", file, *process)
                        : fmt::format("{} is in use by another process", file),
                {}, "wait until it has finished, or stop it")
        .error();
  }
  if (auto full = no_room(message, sentence(message), file)) return *std::move(full);
  // "Trying to read a database file with version number 71, but we can only read versions between 64 and 67."
  if (has(message, "version number")) {
    return fail(ErrorKind::unavailable, "store.newer",
                fmt::format("{} was written by a newer version: {}", file, sentence(message)), {},
                "use the version of Vigie that wrote it, or a later one")
        .error();
  }
  return fail(ErrorKind::unavailable, "store.unreadable",
              fmt::format("{} cannot be opened: {}", file, sentence(message)), {},
              "check the path and its rights; a damaged file is restored from a backup")
      .error();
}

}  // namespace vigie::store
