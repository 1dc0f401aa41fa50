#pragma once
// model/ — the canonical commercial model: which tables there are, what each column means, in which unit, what may be
// null, what is checked. Read from model/*.yaml, one file a table; nothing of a vendor's vocabulary is here.
//
// The derived relations that definitions read (sales, deals, …) stand in model/relations/*.yaml; plan/ builds them.
//
//   model.h   all of them, read; model_json.h: shown; table_scope.h: named in a text      money.h   other currencies
//   channel_group.h   what channels are taken together as
#include <filesystem>
#include <map>
#include <optional>

#include "base/bilingual.h"
#include "base/result.h"
#include "expr/check.h"
#include "model/channel_group.h"

namespace vigie::model {

enum class ColumnType { key, text, enumeration, instant, date, money, quantity, rate, boolean, integer };
std::string_view name_of(ColumnType type);
std::optional<ColumnType> column_type(std::string_view name);
bool is_number(ColumnType type);  ///< money, quantity, rate, integer
bool is_time(ColumnType type);    ///< instant, date
constexpr bool is_attribute(std::string_view name) { return name.starts_with("x_"); }  ///< free: a map declares it
bool is_key(std::string_view path, expr::Type type);  ///< a number of this program's own, that no source knows

/// A check on each value; a row that fails one goes to quarantine.
struct RangeCheck {
  std::optional<Decimal> min, max;
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
  bool required = false;            ///< null is a defect of the row
  bool event = false;               ///< its values are days on which something happened: no plan, no end of validity
  bool tracked = false;             ///< earlier values are kept with valid_from / valid_to
  bool personal = false;            ///< it tells who somebody is, or what they wrote: an erasure takes it away
  bool subject = true;              ///< of a reference: the row is about what the key names
  std::string references;           ///< table of a key column
  std::vector<std::string> values;  ///< of an enumeration
  std::string fallback;             ///< the value taken when the map gives none (text form); empty: null
  std::string unit;                 ///< "days", "percent", …
  RangeCheck range;
  Text label, meaning;
};

/// Columns that the ingest writes on each row from the rows beside it: nth, prev_at, next_at, prev_key, next_key. Free
/// of any definition: horizons and versions apply when they are read.
struct Neighbours {
  std::vector<std::string> by;  ///< rows with the same values of these columns are neighbours
  std::string where_text;       ///< which rows take part; empty: all
  expr::Expr where;             ///< the same, checked against the table; null: all
  std::string order;            ///< an instant column
};
/// Their names and types: nth integer, prev_at and next_at instant, prev_key and next_key key.
const std::vector<Column>& neighbour_columns();

/// A check across the columns of one row: a row for which it is false goes to quarantine (null passes).
struct RowCheck {
  std::string name;
  std::string text;
  expr::Expr holds;  ///< the same, checked against the table
  Text message;
};

struct Table {
  std::string name;
  Text label, grain;
  /// {"key"}: a map must give `key`. Empty: it may, else the key is (content hash of the file, row number). Other
  /// columns: it may, else the key is the texts of these columns joined by U+001F.
  std::vector<std::string> key;
  std::string time;  ///< the column rows are stored in order of; empty: none
  /// The columns whose day prices the row's money, first one that is not null; "order_key.ordered_at" reads it in the
  /// referenced row. Empty: the latest rate known.
  std::vector<std::string> priced_at;
  bool attributes = false;      ///< a map may add x_NAME columns
  bool person = false;          ///< a row may be a person: an erasure gives it a key that means nothing
  std::vector<Column> columns;  ///< its own; every table also has Model::common_columns()
  /// What the engine works out of other tables for a row at an instant: no map fills it, every relation that reaches
  /// the table can be split by it.
  std::vector<Column> derived;
  std::optional<Neighbours> neighbours;
  std::vector<RowCheck> checks;
  const Column* find(std::string_view column) const;
  const Column* find_derived(std::string_view column) const;
  std::vector<std::string> column_names() const;
};

/// A derived relation: what a definition may name in `from`.
struct RelationColumn {
  std::string name;
  expr::Type type = expr::Type::null;
  int scale = 0;
  std::string references;  ///< a table whose columns can be reached through it: customer_key → "customer.segment"
  std::string path;        ///< the prefix of that reach: "customer"
  std::string before;      ///< a path whose value this one, where it is given, goes before: "customer.segment"
  bool at_event = false;   ///< filters and splits read it as it was at the event, from the versions of the row
  Text label;
  bool derived = false;  ///< plan/ computes it from the others where it is asked for: the channel's group
};

struct Relation {
  std::string name;
  Text label, meaning;
  std::vector<RelationColumn> columns;
  std::map<std::string, std::string> dimensions;  ///< split name → column or path: channel → "source_channel"
  /// Tables whose rows its rows may be (same key), where `at_event` columns come from; and further ones whose values
  /// its columns of the same name hold.
  std::vector<std::string> versions_of, values_of;
  const RelationColumn* find(std::string_view column) const;
};

class Model {
 public:
  /// Reads DIR/*.yaml and DIR/relations/*.yaml. Refused whole on the first error, with its place.
  static Result<Model> load(const std::filesystem::path& directory);

  const std::vector<Table>& tables() const { return tables_; }
  const std::vector<Relation>& relations() const { return relations_; }
  const std::vector<ChannelGroup>& channel_groups() const { return channel_groups_; }
  /// What every row of every table may carry beside its own columns: updated_at, deleted_at.
  const std::vector<Column>& common_columns() const { return common_; }
  /// What the records of sources call their personal members (personal_names.yaml), in the form of personal_name.
  const std::vector<std::string>& personal_names() const { return personal_names_; }
  const Table* table(std::string_view name) const;
  const Relation* relation(std::string_view name) const;
  std::vector<std::string> table_names() const;
  std::vector<std::string> relation_names() const;

 private:
  std::vector<Table> tables_;
  std::vector<Column> common_;
  std::vector<Relation> relations_;
  std::vector<ChannelGroup> channel_groups_;
  std::vector<std::string> personal_names_;
};

/// "E-Mail Address" → "emailaddress": how names of personal members are compared.
std::string personal_name(std::string_view name);

/// The scalar type a column has in expressions: key and integer → integer, enumeration → text, quantity → number (scale
/// 4), rate → number (scale 8), money → money (scale 6, the base currency).
expr::ColumnInfo scalar_of(ColumnType type);

}  // namespace vigie::model
