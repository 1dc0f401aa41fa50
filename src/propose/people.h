#pragma once
#include "propose/draft.h"

namespace vigie::propose {

// Contact 386 is not account 386: where persons are known beside their companies, each kind is numbered by itself, and
// both are rows of customers. "contact " then stands before the numbers of persons: before those that name a row, and
// before those by which deals, orders and others name a person, so that they meet.

/// The header says that the column numbers persons, and they are parted from companies: by the company's number beside
/// it in the file, or by a map that the workspace has.
bool is_parted(const Material& material, std::size_t input);

/// Puts "contact " before the numbers of the column that became `target`.
void part_people(const Material& material, std::size_t input, const std::string& target, Draft& draft);

/// The same, of all references of the draft to customers. Those of persons that nothing parts stay as they are, and it
/// is told what might part them.
void part_people_in_references(const Material& material, const model::Table& table, Draft& draft);

}  // namespace vigie::propose
