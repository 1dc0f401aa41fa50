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
/// A text as a number in SQL, by the reader of the import itself (vigie_number), with the format as a map writes it.
/// Null where it is none.
std::string number_in_sql(std::string_view column, const ingest::NumberFormat& format);
/// Where a text is there and is no number: a text that says so, for whoever reads the quarantine; else null. What is
/// worked out of such a value becomes this text, so that the import refuses its row, and no figure takes it.
std::string unread_in_sql(std::string_view column, const ingest::NumberFormat& format);

}  // namespace vigie::propose
