#pragma once
// The tables of the canonical model inside a DuckDB file: what is where. Ingest writes this layout, plan reads it.
//
// FACT TABLES. One per model table, same name ("orders"). No primary key, no index: the merge keeps `key` unique.
// Columns, in this order:
//
//   key         BIGINT NOT NULL    natural_key(source, table, natural key)
//   source      VARCHAR NOT NULL   the source's id
//   source_key  VARCHAR NOT NULL   the natural key as the source writes it
//   batch       BIGINT NOT NULL    the batch that wrote this version of the row
//   updated_at  BIGINT             µs UTC, when the source says it last changed the row
//   deleted_at  BIGINT             µs UTC, from when on the row no longer exists
//   …           the model's columns, in the order of its file, each as below
//   …           the neighbour columns, where the model declares `neighbours`
//   …           free attributes (x_NAME), in the order in which maps brought them
//
//   model type    physical columns of a column X
//   key           X BIGINT: natural_key(source, T, natural key), T the referenced table, or X's own name where it
//                 references none
//   text          X VARCHAR (NFC, trimmed, never empty)
//   enumeration   X VARCHAR, one of the declared values
//   instant       X BIGINT (µs UTC), X_day INTEGER (day number, reporting zone), X_off SMALLINT (minutes east of UTC of
//   the
//                 reporting zone then), X_bare BOOLEAN (the source gave a date alone): all four null or none
//   date          X INTEGER (days since 1970-01-01)
//   money         X DECIMAL(18,4) as in the document, its currency in the table's `currency` (VARCHAR, ISO 4217), and
//                 X_base DECIMAL(18,6) in the base currency, null when X is null or no rate is known (unpriced)
//   quantity      X DECIMAL(18,4)
//   rate          X DECIMAL(18,8)
//   boolean       X BOOLEAN
//   integer       X BIGINT
//   attribute     x_NAME: text VARCHAR, number DECIMAL(18,4), date INTEGER
//
// NEIGHBOUR COLUMNS (orders, opportunity_stage_changes, subscriptions): nth INTEGER from 1; prev_at and next_at, each
// an instant (four columns); prev_key and next_key BIGINT, keys of this same table. Among the rows with equal `by`
// columns, none of them null, that pass `where` and were not deleted before `order`, in order of (`order`, key). Null
// on every other row.
//
// KEY TABLES. _keys_<space>(key BIGINT, source VARCHAR, source_key VARCHAR), one for every name space of a key column
// (see key_spaces): each natural key that some row has referred to, so that the number in
// a key column can be read back. Rows' own keys stand in their table; the two are held against each other for
// collisions.
//
// HISTORY. <table>_history for tables with tracked columns: key BIGINT, the tracked columns (physical, as above;
// `currency` with them where one is money), valid_from BIGINT, valid_to BIGINT (µs UTC, half-open, null: still in
// force), begun_by VARCHAR, ended_by VARCHAR (begun_by of the next version; null: still in force). Empty as long as no
// tracked column of the table has changed; from then on it tells of every row. The first version of a row is valid from
// kBeginning.
//
//   begun_by   source   the source said when (updated_at); also the first version of a row
//              import   nobody said when: noted when it was imported
//              slip     its updated_at was yet to come (ingest/slips.h): noted when it was imported, the first one too
//
// _meta(name VARCHAR, value VARCHAR): format, time_zone (of every X_day and X_off), base_currency (of every X_base).
// _attributes(table_name VARCHAR, name VARCHAR, type VARCHAR). Other tables that begin with _ belong to ingest.
#include <optional>
#include <span>

#include "model/model.h"
#include "store/database.h"

namespace vigie::store {

/// The number of the layout above. A file with a higher one is refused. 2: versions say how they began. 3: stages
/// that were seen from one import to the next have an origin of their own.
constexpr int kStoreFormat = 3;
/// In the name of the copy that is made of the file before it is upgraded, behind its own and before a number.
constexpr std::string_view kBeforeUpgrade = ".before-upgrade-";

/// 1800-01-01: before anything a company tells us. The first version of a row holds since then.
constexpr std::int64_t kBeginning = -5'364'662'400 * kMicrosPerSecond;
/// What begun_by and ended_by say.
constexpr std::string_view kBySource = "source", kByImport = "import", kBySlip = "slip";

struct WarehouseSettings {
  std::string time_zone = "Europe/Paris";
  std::string base_currency = "EUR";
};

enum class AttributeType { text, number, date };

/// A free attribute that a map brought to a table.
struct Attribute {
  std::string table, name;  ///< name with its "x_"
  AttributeType type = AttributeType::text;
};

struct PhysicalColumn {
  std::string name, type;  ///< DuckDB type
  bool operator==(const PhysicalColumn&) const = default;
};

/// Creates the tables of the model, or brings those of an older layout up to it: first a copy of the whole file beside
/// it
/// ("<file>.before-upgrade-<n>"), then missing tables and columns are added, in one transaction. A file that is up to
/// date is not touched. Nobody else may be writing.
///
/// Errors: store.newer (format above kStoreFormat), store.settings (made for another zone or base currency: days and
/// base amounts would be wrong), store.layout (a column has another type than the model gives it).
Result<> prepare_warehouse(Database& database, const model::Model& model, const WarehouseSettings& settings);

/// The physical columns behind a model column; of a whole table, in creation order (attributes apart); of its history.
std::vector<PhysicalColumn> physical_columns(const model::Table& table, const model::Column& column);
std::vector<PhysicalColumn> physical_columns(const model::Table& table);
std::vector<PhysicalColumn> history_columns(const model::Table& table);  ///< empty when nothing is tracked
/// The name spaces of keys: each table that is referenced, and each key column that references none ("campaign_key").
std::vector<std::string> key_spaces(const model::Model& model);
std::string key_table(std::string_view space);
std::string history_table(std::string_view table);

/// vigie_key(source ‖ U+001F ‖ name space ‖ U+001F ‖ natural key), in C++ and as SQL over three SQL expressions.
std::int64_t natural_key(std::string_view source, std::string_view table, std::string_view natural);
std::string natural_key_sql(std::string_view source_sql, std::string_view table, std::string_view natural_sql);
std::string_view key_space(const model::Column& column);  ///< what `table` is for a key column's values

Result<std::vector<Attribute>> attributes(Connection& connection);
/// Adds the column, unless it is there. `store.attribute_type` when it is there with another type;
/// `store.attribute_name`.
Result<> add_attribute(Connection& connection, const model::Table& table, const Attribute& attribute);

Result<std::optional<std::string>> meta(Connection& connection, std::string_view name);
Result<> set_meta(Connection& connection, std::string_view name, std::string_view value);

/// A table as expressions see it: the model's columns by their names and types (money in the base currency, scale 6,
/// and as a number under document_amount(name) as the document says it; key and the common µs columns as integers), its
/// neighbour columns, and those of `attributes` that are this table's.
RelPtr table_scan(const model::Model& model, std::string_view table, std::span<const Attribute> attributes = {});
std::string document_amount(std::string_view column);  ///< "amount_net_document"
/// key, the tracked columns, valid_from, valid_to (µs integers), begun_by, ended_by.
RelPtr history_scan(const model::Model& model, std::string_view table);
/// key, source, source_key.
RelPtr key_scan(std::string_view space);

}  // namespace vigie::store
