#pragma once
#include <duckdb.h>

#include "base/result.h"

namespace vigie::store {

/// Who wrote the statement that failed: what is a usage error in a person's query is our own mistake in ours.
enum class SqlAuthor { program, person };

/// DuckDB's error in our terms. `shown_as` names the database.
///
/// engine.cancelled, engine.out_of_memory, engine.disk_full, engine.file_limit, engine.overflow (a sum or product past
/// 38 digits), engine.value (a value that cannot be cast), engine.sql (a person's query is wrong; with its line and
/// column), engine.refused (a person's query reaches outside), engine.io, engine.failed.
Error engine_error(duckdb_error_type type, std::string_view message, std::string_view shown_as, SqlAuthor author);

/// A database file that does not open: store.locked (with the process that has it), store.newer, store.unreadable,
/// engine.disk_full, engine.file_limit.
Error open_error(std::string_view message, std::string_view file);

}  // namespace vigie::store
