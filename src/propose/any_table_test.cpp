// Whatever a file holds: what is proposed for it loads, or a question says why not.
#include <rapidcheck/gtest.h>

#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

const std::vector<std::string> kHeaders{"ID",
                                        "Order ID",
                                        "N° commande",
                                        "Date",
                                        "Order Date",
                                        "Client",
                                        "Customer ID",
                                        "Etat",
                                        "Status",
                                        "Total HT",
                                        "Montant",
                                        "Amount (EUR)",
                                        "Devise",
                                        "Deal Name",
                                        "Stage",
                                        "Étape",
                                        "Close Date",
                                        "Lead ID",
                                        "Lead Source",
                                        "Converted",
                                        "Product",
                                        "SKU",
                                        "Quantity",
                                        "Unit Price",
                                        "Hire Date",
                                        "Salary",
                                        "Employee ID",
                                        "Department",
                                        "NPS",
                                        "Survey date",
                                        "Comment",
                                        "Campaign",
                                        "Spend",
                                        "tv_spend",
                                        "Dépense Google",
                                        "Start Date",
                                        "End Date",
                                        "MRR",
                                        "Subscription ID",
                                        "Session ID",
                                        "utm_source",
                                        "Sub Total",
                                        "Discount",
                                        "Tax",
                                        "Grand Total",
                                        "a: b, {c} [d] # e",
                                        "\"quoted\"",
                                        "it's",
                                        "- x",
                                        "true",
                                        "12",
                                        "é",
                                        "",
                                        "x_1",
                                        "% key",
                                        "column\twith tab",
                                        "null",
                                        "key",
                                        "*",
                                        "&a"};

const std::vector<std::string> kCells{"",
                                      " ",
                                      "1",
                                      "2",
                                      "007",
                                      "12.50",
                                      "1,234",
                                      "1.234",
                                      "1 234,50",
                                      "$1,117.10K",
                                      "(20.00)",
                                      "12 %",
                                      "-3",
                                      "1E5",
                                      "25842000000262376",
                                      "2025-01-31",
                                      "31/01/2025",
                                      "01/02/2025",
                                      "02/13/2025",
                                      "15 Apr, 2021 00:02:00",
                                      "2021-04-15 10:20:30 UTC",
                                      "20210901",
                                      "Payée",
                                      "Won",
                                      "Closed Lost",
                                      "Select",
                                      "N/A",
                                      "EUR",
                                      "yes",
                                      "no",
                                      "oui",
                                      "a@b.fr",
                                      "https://x.fr",
                                      "A-2e4581",
                                      "O'Brien",
                                      "\"x\"",
                                      "a: b",
                                      "{y}",
                                      "[z]",
                                      "# c",
                                      "%",
                                      "null",
                                      "true",
                                      "\xC2\xA0",
                                      "émile",
                                      "un texte assez long pour être libre, avec des virgules"};

RC_GTEST_PROP(AnyTable, IsProposedAMapThatLoadsOrAsked, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 9);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < width; ++i) names.push_back(*rc::gen::elementOf(kHeaders));
  TableSketch sketch(names, shipped_vocabulary());
  const auto rows = *rc::gen::inRange(0, 30);
  // A column mostly holds one kind of text.
  std::vector<std::vector<std::string>> kinds;
  for (std::size_t i = 0; i < width; ++i)
    kinds.push_back(*rc::gen::container<std::vector<std::string>>(3, rc::gen::elementOf(kCells)));
  for (int row = 0; row < rows; ++row) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < width; ++i)
      cells.push_back(kinds[i][static_cast<std::size_t>(*rc::gen::inRange(0, 3))]);
    const std::vector<std::string_view> views(cells.begin(), cells.end());
    sketch.add(views);
  }
  Wishes wishes;
  if (*rc::gen::arbitrary<bool>()) {
    const auto& tables = shipped_vocabulary().tables;
    wishes.table = tables[*rc::gen::inRange<std::size_t>(0, tables.size())].table->name;
  }
  if (*rc::gen::arbitrary<bool>()) wishes.language = tongue::Language::fr;
  const auto p = propose(sketch, semicolons("any.csv"), wishes, model::shipped_model(), shipped_vocabulary());
  if (!p) RC_FAIL(p.error().text());
  for (const ProposedMap& map : p->maps)
    if (!map.loads) RC_ASSERT(std::ranges::any_of(p->questions, &Question::blocks));
  if (p->maps.empty()) RC_ASSERT(!p->questions.empty());
  RC_ASSERT(p->columns.size() == width);
  if (wishes.language == tongue::Language::en) return;
  // A French reader is told the same in other words, each sentence of it.
  wishes.language = tongue::Language::en;
  const auto english = propose(sketch, semicolons("any.csv"), wishes, model::shipped_model(), shipped_vocabulary());
  RC_ASSERT(english.has_value());
  RC_ASSERT(p->questions.size() == english->questions.size());
  for (std::size_t i = 0; i < p->questions.size(); ++i) RC_ASSERT(p->questions[i].text != english->questions[i].text);
  for (std::size_t i = 0; i < width; ++i)
    RC_ASSERT(p->columns[i].reason.empty() || p->columns[i].reason != english->columns[i].reason);
}

}  // namespace
}  // namespace vigie::propose
