#pragma once
#include <optional>
#include <string>
#include <vector>

#include "propose/draft.h"

namespace vigie::propose {

// Which column numbers the rows of a file, where no name that the vocabulary knows says it ("N° adhérent",
// "Matricule").
//
// Only what is there on every row and nowhere twice can. Of these, a word of the header counts (those that say a
// number, and those that say none: a phone, a postal code), the shape of the values (codes and numbers; never names,
// amounts or dates, which two rows may share tomorrow), and where the column stands: numbers stand first.

/// The values are what a machine or a clerk numbers by: codes, whole numbers. Names are not.
bool has_numbers_of_things(const Material& material, std::size_t input);

/// The column that numbers the rows; nothing where none plainly does.
std::optional<std::size_t> identifier(const Material& material, const TableMatch& match);

/// Columns that no two rows share, as answers to "which columns name one row?": --key "Nom". The likeliest first.
std::vector<std::string> key_answers(const Material& material, const TableMatch& match);

/// A person who is known beside a company, in one file: "Contact Id" (the key) beside "Account Id". The header of the
/// company's number; nothing where the rows are not so.
std::optional<std::size_t> company_beside(const Material& material, std::size_t key);

}  // namespace vigie::propose
