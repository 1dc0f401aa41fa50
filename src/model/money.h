#pragma once
#include "model/model.h"

namespace vigie::model {

// How amounts in other currencies are priced (kpis.md, "rate of a day"): by the ingest in the workspace's currency, by
// plan in the one that is asked for.

/// The currency in which quotes are given: one unit of it is worth so many of each other ("per_euro").
constexpr std::string_view kQuoteBase = "EUR";

/// Days that a quote may be old.
constexpr int kOldestQuote = 7;

/// The names of a table's columns that hold amounts.
std::vector<std::string> money_columns(const Table& table);

}  // namespace vigie::model
