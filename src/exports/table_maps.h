#pragma once
#include "exports/table_export.h"

namespace vigie::exports {

/// A map (docs/import.md) that reads an exported table back.
struct ReturnMap {
  std::string name, yaml;
};

/// The maps that make of an exported file the rows it came from, in any workspace: one a source, for keys are of their
/// source, and one more for rows that refer to rows of another. `file` is how they name it. Of CSV as programs read it,
/// and of Parquet, with all columns.
///
/// Errors: those of TableQuery; export.maps where the form is no exact one.
Result<std::vector<ReturnMap>> return_maps(TableSource& data, const TableStanding& standing, const TableOrder& order,
                                           const Form& form, const std::string& file, const store::QueryLimits& limits);

}  // namespace vigie::exports
