#include "ingest/aftermath.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;
using store::quote_text;

struct KeySource {
  std::string key, natural, source, space;
};

Result<bool> exists(Job& job, const std::string& table) {
  VIGIE_TRY(const std::int64_t n,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE NOT temporary AND table_name = {}",
                                   quote_text(table))));
  return n > 0;
}

Result<> write(Job& job, const KeySource& keys) {
  const std::string name = store::key_table(keys.space);
  VIGIE_TRY(const bool known, exists(job, name));
  if (!known) return {};
  const std::string table = quote_identifier(name);
  const std::string rows = fmt::format(
      "SELECT DISTINCT {} AS key, {} AS source, {} AS source_key FROM {} WHERE NOT s_bad AND {} IS NOT NULL", keys.key,
      quote_text(keys.source), keys.natural, kStage, keys.key);
  VIGIE_CHECK(
      job.connection.execute(fmt::format("INSERT INTO {0} SELECT * FROM ({1}) AS n WHERE NOT EXISTS (SELECT 1 FROM {0} "
                                         "AS k WHERE k.key = n.key AND k.source = "
                                         "n.source AND k.source_key = n.source_key)",
                                         table, rows)));
  VIGIE_TRY(const store::ResultSet twice,
            job.connection.query(
                fmt::format("SELECT min(source_key), max(source_key) FROM {} GROUP BY key HAVING count(*) > 1 "
                            "LIMIT 1",
                            table)));
  if (twice.rows() == 0) return {};
  return fail(ErrorKind::data, "key.collision",
              fmt::format("the keys \"{}\" and \"{}\" of {} have the same internal number", twice.text(0, 0),
                          twice.text(0, 1), keys.space),
              {}, "a chance of one in billions: change one of them in the source, for example by a prefix");
}

}  // namespace

Result<> write_keys(Job& job, const Stage& stage) {
  VIGIE_CHECK(write(job, {"s_key", "s_natural", job.map.source, job.map.table->name}));
  for (const RowSql::Reference& reference : stage.references)
    VIGIE_CHECK(write(job, {quote_identifier(reference.column), quote_identifier("n_" + reference.column),
                            reference.source, reference.space}));
  return {};
}

}  // namespace vigie::ingest
