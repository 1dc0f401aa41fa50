#pragma once
#include "propose/draft.h"

namespace vigie::propose {

// A column "TVA" may hold amounts of tax or its rates, and beside it "TVA autre" may be a further tax, a part of the
// first, or something else. Taken for the wrong one, each sale is off by it, and nothing looks wrong: so taxes are
// amounts where their names or the sums of the rows tell it for certain. Else it is asked.
//
//   names   "TVA 5,5 %" and "TVA 20 %" are the taxes at two rates; "Total TVA" is all the tax
//   sums    an amount before tax and one with tax differ by it; of an amount with tax alone, each tax is what a usual
//           rate gives of the rest, on rows of different amounts. Where the texts are themselves usual rates, one such
//           row may be chance (20 of 100 is 25 % of 80): three different amounts at one rate are not

/// The columns whose sum is the tax of a document: empty where they are rates, which are left out. What does not tell
/// is asked, and the tax by its name stays. What the user says is all the tax goes before.
std::vector<std::size_t> taxes_of(const Material& material, const TableMatch& orders, Draft& draft);

/// Of a cell, 0 where it is empty, nothing where it holds no number.
std::optional<std::int64_t> cents_at(const Material& material, const std::vector<std::string>& row,
                                     std::optional<std::size_t> input);
std::optional<std::int64_t> cents_of(const Material& material, const std::vector<std::string>& row,
                                     const std::vector<std::size_t>& inputs);

}  // namespace vigie::propose
