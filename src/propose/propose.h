#pragma once
// propose/ — from a table nobody has described to a map that its owner keeps and edits.
//
//   propose.h      the door: sketch of a table + facts of its file + wishes → Proposal
//   sketch.h       all values of a column, in bounded memory: number_tally.h, date_tally.h tell how they are written
//   vocabulary.h   what people call tables, columns and values (headers/*.yaml), and exports known as wholes
//   written.h      what one column holds, and how it is written
//   match.h        headers ↔ the columns of each canonical table; which table it is
//   draft.h        a map before it is text; drafting.h: a matched table becoming one; identifier.h: what numbers its
//   rows known_export.h exports known as wholes; reshaped.h: files whose rows a query must make first map_text.h the
//   draft as YAML, with the reasons in comments; preview.h: the first rows as it reads them
//
// It is a room of its own, after ingest/, because it is the other half of a map: ingest/ reads exactly what a map says
// and guesses nothing; this room guesses, says why, and ingest/ judges what it wrote (Map::parse). Nothing here imports
// a row, and nothing in ingest/ depends on a guess.
//
// Two rules. What the data do not tell is asked, never guessed: the map then holds the choices, commented out, and
// `Proposal::questions` says what to answer. And the same table gives the same map, letter by letter.
#include <optional>
#include <string>
#include <vector>

#include "propose/sketch.h"
#include "tongue/language.h"

namespace vigie::propose {

/// What the reader of the file found: it becomes `input:` of the map.
struct FileFacts {
  std::string files;            ///< the path or glob as it should stand in the map
  std::string shown_as;         ///< what the reader calls it; "": as it stands in the map
  std::string format = "csv";   ///< csv, tsv, jsonl, parquet; others are written as they are
  std::string delimiter = ",";  ///< of csv
  std::string quote = "\"";     ///< "" none
  std::string encoding = "utf-8";
  int skip = 0;
  bool header = true;  ///< false: the names of the columns are written into the map
  bool fills_short_rows = false;
  std::vector<std::pair<std::string, std::string>> more;  ///< further keys of `input:`, such as sheet

  const std::string& called() const { return shown_as.empty() ? files : shown_as; }
};

/// What the user said, where the data do not tell.
struct Wishes {
  std::string table;                    ///< --table
  std::optional<DateOrder> date_order;  ///< --date-order dmy|mdy
  std::optional<char> decimal;          ///< --decimal point|comma
  std::string day;                      ///< --day 2025-01-31: of rows without any date
  std::string currency;                 ///< --currency EUR: of amounts whose file does not say, or says "$"
  std::string workspace_currency;       ///< of amounts that nobody says anything of; "" not known
  std::vector<std::pair<std::string, std::string>> words;    ///< --word "Refusé=cancelled"
  std::vector<std::string> key;                              ///< --key "Order ID,Line": name one row together
  std::vector<std::string> without;                          ///< --without COLUMN: is left out
  std::vector<std::pair<std::string, std::string>> columns;  ///< --column "Adhérent=customer_key": header, canonical
  std::string amounts;                               ///< --amounts order|line: of an order that stands on several rows
  std::string map, source;                           ///< names; else made of the file's
  tongue::Language language = tongue::Language::en;  ///< of the comments and sentences
};

enum class Confidence { sure, likely, look };

/// What became of one input column.
struct ColumnVerdict {
  std::string name;                  ///< as in the file
  std::vector<std::string> becomes;  ///< canonical columns of the first map; empty: left out
  Confidence confidence = Confidence::look;
  std::string reason;  ///< one sentence
};

/// What the data do not tell.
struct Question {
  std::string code;    ///< table, date_order, decimal, currency, words, values, column, day, key, amounts, share
  std::string column;  ///< of the file, or canonical where the file has none
  std::string text;    ///< one sentence
  std::vector<std::string> answers;  ///< whole options: "--date-order dmy"; empty: the map alone can answer
  /// Nothing may be imported before it is answered: a figure would be wrong, or empty, and nobody told. A map may load
  /// all the same: it is then what remains without the answer, to be read and changed.
  bool blocks = false;
};

struct TableScore {
  std::string table;
  double score = 0;
  std::vector<std::string> reasons;
};

struct ProposedMap {
  std::string id, table;
  std::string yaml;
  bool loads = false;  ///< else a question blocks: what it lacks stands in it, commented out
  /// The first rows as this map would read them: names of canonical columns, then one line a row. Those of a query are
  /// made of the first rows of the file.
  std::vector<std::string> preview_columns;
  std::vector<std::vector<std::string>> preview;
  std::int64_t preview_of = 0;  ///< of a query: how many rows of the file it was made of, where the file has more
};

struct Proposal {
  std::string table;     ///< of the first map; "": the file fits no table, or two alike
  std::string known_as;  ///< an export recognised as a whole: "Shopify orders export"
  Confidence confidence = Confidence::look;
  std::vector<TableScore> tables;  ///< the best first, at most five
  std::vector<ProposedMap> maps;
  std::vector<ColumnVerdict> columns;
  std::vector<Question> questions;
  /// What the proposal assumes, turns or leaves out, in sentences for the reader, which stand in the maps too.
  std::vector<std::string> notes;
};

/// Proposes maps for the table. A table that fits nothing is no error: the proposal is then without maps, with the
/// nearest tables and a question. Errors: propose.table (an unknown one was asked for), propose.day, propose.currency,
/// propose.key, propose.word, propose.without, propose.column, propose.amounts (wishes that cannot be), propose.empty
/// (no column), and of kind internal, propose.defect: a map that ingest/ refuses.
Result<Proposal> propose(const TableSketch& sketch, const FileFacts& file, const Wishes& wishes,
                         const model::Model& model, const Vocabulary& vocabulary);

}  // namespace vigie::propose
