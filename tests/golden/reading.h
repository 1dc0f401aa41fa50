#pragma once
#include "golden/case_file.h"
#include "kpi/answer.h"

namespace vigie::golden {

/// One field of an answer's row: nothing, a text, an exact decimal, or a double.
struct Reading {
  enum class Kind { null, text, exact, real } kind = Kind::null;
  std::string text;
  Decimal exact;
  double real = 0;
};

/// Is that a column a table may have: period, value, n, comparisons.NAME.delta, measures.NAME, …?
bool is_figure(const std::string& column);
/// Reads it. `total`: the row stands for the whole range, its period reads "total".
Reading read(const kpi::Row& row, const std::string& column, bool total);
bool agrees(const Cell& cell, const Reading& reading);
std::string shown(const Reading& reading);

/// Of the answer as a whole: kpi, variant, version, unit, direction, currency, from, to, as_of, label.en, params.NAME,
/// …
std::string fact(const kpi::Answer& answer, const std::string& name);

}  // namespace vigie::golden
