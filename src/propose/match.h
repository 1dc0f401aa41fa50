#pragma once
#include "propose/written.h"

namespace vigie::propose {

/// One input column that becomes one canonical column.
struct Assigned {
  std::size_t input = 0;
  std::string column;  ///< canonical, "key"
  Strength strength = Strength::none;
};

/// A column that is known by its name, and whose values are not those of the canonical column: fewer than half of its
/// texts are dates, numbers or known words.
struct Misread {
  std::size_t input = 0;
  std::string column;
};

/// How well a file fits one table.
struct TableMatch {
  const TableNames* names = nullptr;
  std::vector<Assigned> columns;     ///< by canonical column, in the order of the model; the key first
  std::vector<std::string> missing;  ///< canonical columns that rows cannot do without
  std::vector<Misread> misread;      ///< where no other column of the file is taken for it
  double score = 0;
  /// Something says this table and no other: a name of its own, a reference, the file's name. Dates and amounts alone
  /// stand in any file.
  bool said = false;
  const Assigned* find(std::string_view column) const;
};

/// The columns of one table found in the file: each canonical column takes the input column that says it most, each
/// input column serves one (a status may also tell an outcome: the draft sees to that).
TableMatch match(const TableSketch& sketch, const std::vector<Written>& all, const TableNames& names,
                 const FileFacts& file, const Vocabulary& vocabulary);

/// Every table, the best first.
std::vector<TableMatch> matches(const TableSketch& sketch, const std::vector<Written>& all, const FileFacts& file,
                                const Vocabulary& vocabulary);

/// The best one wins where it has enough and the next has clearly less.
bool wins(const std::vector<TableMatch>& sorted);

constexpr double kEnough = 4.5;
constexpr double kClearly = 1.2;  ///< times the score of the next

/// A header as it is, without what stands in brackets, without a currency, without a rate of tax.
std::vector<std::string> spellings_of(const std::string& header);
/// "TVA 20 %" names the tax at one rate: a file has as many such columns as it has rates.
bool names_a_rate(const std::string& header);
/// What a name says for a column of a table.
NameSays says_of(const std::string& header, const std::map<std::string, NameSays>& names);
/// "N° facture" of a list of payments: the number of something else than the table's rows.
bool numbers_another(const std::string& header, const TableNames& names, const Vocabulary& vocabulary);
/// Can these values be of that canonical column at all?
bool can_be(const model::Column* column, const Written& how, const ColumnSketch& sketch, const Vocabulary& vocabulary,
            const std::string& table);

}  // namespace vigie::propose
