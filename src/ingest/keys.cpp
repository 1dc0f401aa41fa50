#include "ingest/aftermath.h"
#include "ingest/row_sql.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;
using store::quote_text;

struct KeySource {
  std::string key, natural, source, space;
};

std::string rows_of(const KeySource& keys) {
  return fmt::format("(SELECT {} AS key, {} AS source, {} AS source_key FROM {} WHERE NOT s_bad AND {} IS NOT NULL)",
                     keys.key, quote_text(keys.source), keys.natural, kStage, keys.natural);
}

Result<bool> exists(Job& job, const std::string& table) {
  VIGIE_TRY(const std::int64_t n,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE NOT temporary AND table_name = {}",
                                   quote_text(table))));
  return n > 0;
}

/// One number, another text, in two lists of keys.
Result<> refuse_clash(Job& job, const std::string& rows, const std::string& known, const std::string& space) {
  VIGIE_TRY(
      const store::ResultSet clash,
      job.connection.query(fmt::format("SELECT k.source_key, n.source_key FROM {} AS n JOIN {} AS k ON k.key = n.key "
                                       "WHERE k.source <> n.source OR k.source_key <> n.source_key LIMIT 1",
                                       rows, known)));
  if (clash.rows() > 0) return collision(clash, space);
  return {};
}

/// One number for two texts of the batch.
Result<> refuse_two_texts(Job& job, const std::string& texts, const std::string& space) {
  VIGIE_TRY(const std::int64_t more, job.number(fmt::format("SELECT count(*) - count(DISTINCT key) FROM {}", texts)));
  if (more == 0) return {};
  VIGIE_TRY(const store::ResultSet twice,
            job.connection.query(fmt::format("SELECT min(source_key), max(source_key) FROM {} GROUP BY key HAVING "
                                             "count(*) > 1 LIMIT 1",
                                             texts)));
  return collision(twice, space);
}

Result<> write(Job& job, const KeySource& keys) {
  const std::string table = quote_identifier(store::key_table(keys.space));
  const std::string texts = "vigie_keys";
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT DISTINCT key, source_key FROM {}", texts, rows_of(keys))));
  VIGIE_CHECK(refuse_two_texts(job, texts, keys.space));
  const std::string rows =
      fmt::format("(SELECT key, {} AS source, source_key FROM {})", quote_text(keys.source), texts);
  VIGIE_CHECK(refuse_clash(job, rows, table, keys.space));
  if (job.context.model.table(keys.space) != nullptr)
    VIGIE_CHECK(refuse_clash(job, rows, quote_identifier(keys.space), keys.space));
  return job.connection.execute(fmt::format(
      "INSERT INTO {0} SELECT * FROM {1} WHERE key NOT IN (SELECT key FROM {0}); DROP TABLE {2}", table, rows, texts));
}

/// Rows' own keys against those that others have referred to by them.
Result<> check_own_keys(Job& job) {
  const KeySource own{"s_key", "s_natural", job.map.source, job.map.table->name};
  const std::string name = store::key_table(own.space);
  VIGIE_TRY(const bool known, exists(job, name));
  if (!known) return {};
  return refuse_clash(job, rows_of(own), quote_identifier(name), own.space);
}

}  // namespace

std::unexpected<Error> collision(const store::ResultSet& pair, const std::string& space) {
  return fail(ErrorKind::data, "key.collision",
              fmt::format("the keys \"{}\" and \"{}\" of {} have the same internal number",
                          key_as_read(pair.text(0, 0)), key_as_read(pair.text(0, 1)), space),
              {}, "a chance of one in billions: change one of them in the source, for example by a prefix");
}

Result<> write_keys(Job& job, const Stage& stage) {
  VIGIE_CHECK(check_own_keys(job));
  for (const RowSql::Reference& reference : stage.references)
    VIGIE_CHECK(write(job, {quote_identifier(reference.column), quote_identifier("n_" + reference.column),
                            reference.source, reference.space}));
  return {};
}

}  // namespace vigie::ingest
