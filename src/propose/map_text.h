#pragma once
#include "propose/draft.h"

namespace vigie::propose {

/// The draft as the YAML that docs/import.md describes, with the reasons in comments, in the reader's language.
/// `verdicts` tell why columns were left out.
std::string map_text(const DraftMap& map, const Material& material, const std::vector<ColumnVerdict>& verdicts);

/// The lines under `input:`, or under a name of `inputs:`, each after `indent`.
std::string input_text(const FileFacts& file, const Material& material, const std::string& indent);

/// A text as a scalar of YAML, plain where it may stand so.
std::string scalar(std::string_view text);

/// A name of a column, and a text, in SQL.
std::string sql_name(std::string_view name);
std::string sql_text(std::string_view text);
/// A number of a text in SQL. Where all texts of the column are numbers, one that is none refuses the file, so that
/// none is lost in silence; where some are not, they are empty.
enum class Unreadable { refused, empty };
std::string number_in_sql(const std::string& column, const ingest::NumberFormat& format, std::string_view type,
                          Unreadable unreadable);

}  // namespace vigie::propose
