#pragma once
#include <string>
#include <string_view>

#include "ingest/privacy.h"
#include "store/database.h"

namespace vigie::ingest {

/// The vectorised SQL functions by which a query turns texts into exact values. They are this room's own readers
/// (number_format.h, date_format.h) and zones (calendar/zone.h), so that SQL and C++ cannot disagree. A format travels
/// as a constant text. What cannot be read is null; vigie_fault then says why.
///
///   vigie_trim(text, nulls)            blanks off both ends (no-break ones too); empty, or one of `nulls`: null
///   vigie_decimal4(text, format)       DECIMAL(18,4)
///   vigie_decimal8(text, format)       DECIMAL(18,8)
///   vigie_integer(text, format)        BIGINT
///   vigie_number(text, options)        DECIMAL(18,4); for queries that people read: the options as a map writes them,
///                                      '{decimal: ",", thousands: " ", symbols: true}'
///   vigie_day(text, format)            INTEGER, days since 1970
///   vigie_moment(text, format, zone)   STRUCT(at BIGINT, day INTEGER, off SMALLINT, bare BOOLEAN); day and off are
///   those
///                                      of `zone`, the reporting zone; a date alone is the first instant of its day
///                                      there
///   vigie_json(object, name)           VARCHAR, a member of a JSON object (base/json_text.h)
///   vigie_fault(kind, text, format)    VARCHAR, the code of the fault, or null; kind: decimal4, decimal8, integer,
///   date
///   vigie_place…                        neighbours of a new table's rows (place_functions.h)
///   vigie_hash, vigie_pseudonym        privacy.h; where a workspace is given
Result<> register_functions(store::Database& database, const std::shared_ptr<Privacy>& privacy = nullptr);

/// How a list of texts travels as one constant.
std::string joined_texts(const std::vector<std::string>& texts);

}  // namespace vigie::ingest
