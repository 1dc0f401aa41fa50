#pragma once
#include "propose/vocabulary.h"

namespace vigie::propose {

// "Amount (US $)", "Prix NZ$", "Montant ($ CA)": letters beside the sign of a dollar say whose it is, whether they
// touch it or a blank stands between. Not all letters do: "CA $" is also sales ("chiffre d'affaires") in some dollars,
// "Total HT $" is before tax. What is neither plainly is no dollar of any country until it is said.

/// What a header with "$" says: "$" alone, a sign or a code of one currency ("US$", "CAD"), or letters that nobody
/// knows before a "$", with a blank at the front (" XY$"): no currency is called so, and it is asked for.
std::string dollars_in(const std::string& header, const Vocabulary& vocabulary);

/// The header without the sign and a country's letters beside it: "Amount NZ$" is an amount. "" where it has no "$".
std::string without_dollars(const std::string& header);

/// Of a currency that is written "$".
bool is_dollar(const std::string& code);

}  // namespace vigie::propose
