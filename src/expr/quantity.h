#pragma once
#include "expr/expr.h"
#include "expr/lexer.h"

namespace vigie::expr {

// Values as a person writes them, read and written. Errors: expr.syntax, at the offending character.

/// "12", "-12.50", "1.5e3"; with a unit behind it "30 days", with a currency "100 EUR". `offset` is where the number
/// stands.
Result<Literal> read_quantity(const Source& source, const std::string& number, std::size_t offset,
                              const std::optional<Token>& unit);
Result<Literal> read_date(std::string_view text, const SourcePosition& where);  ///< 2025-01-31
/// 2025-01-31T10:00:00+01:00: the wall clock, its day and offset are those written. Two words may follow, for instants
/// that are more than a point: "day 2025-01-30" when ages count another day, "bare" when the time is not known.
Result<Literal> read_instant(std::string_view text, const SourcePosition& where);

/// Three capital letters, as the codes of ISO 4217 are, and those of what is traded beside it (BTC).
bool looks_like_currency(std::string_view code);

std::string written(const Literal& value);  ///< reads back as the same value

}  // namespace vigie::expr
