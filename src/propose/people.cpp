#include "propose/people.h"

#include <algorithm>

#include "base/text.h"
#include "propose/identifier.h"
#include "propose/map_text.h"

namespace vigie::propose {
namespace {

constexpr std::string_view kBefore = "'contact ' || ";

/// As it stands in a query: nothing stays nothing.
std::string parted_in_sql(const std::string& name, const std::vector<std::string>& nothing) {
  const std::string number = fmt::format("trim(CAST({} AS VARCHAR))", sql_name(name));
  std::string none = "''";
  for (const std::string& text : nothing) none += ", " + sql_text(text);
  return fmt::format("CASE WHEN {} NOT IN ({}) THEN {}{} END", number, none, kBefore, number);
}

}  // namespace

bool parts_people(std::string_view map) { return map.contains(kBefore); }

bool is_parted(const Material& m, std::size_t input) {
  return numbers_persons(m, input) && (m.wishes.people_are_parted || company_beside(m, input));
}

void part_people(const Material& m, std::size_t input, const std::string& target, Draft& draft) {
  DraftColumn& column = *draft.map.find(target);
  const std::string parted = target == "key" ? "number_of_contact" : "contact_of_" + target;
  draft.map.work_out(fmt::format("{} AS {}", parted_in_sql(m.column(input).name(), column.nothing), parted));
  column.from = {parted};
  column.nothing.clear();
  column.why = "the numbers of persons are others than those of their companies";
}

void part_people_in_references(const Material& m, const model::Table& table, Draft& draft) {
  for (std::size_t i = 0; i < draft.map.columns.size(); ++i) {
    const DraftColumn& one = draft.map.columns[i];
    const model::Column* column = table.find(one.target);
    if (column == nullptr || column->references != "customers" || one.off || one.from.size() != 1) continue;
    const auto input = m.named(one.from.front());
    if (!input || !numbers_persons(m, *input)) continue;
    const std::string& name = m.column(*input).name();
    if (!is_parted(m, *input)) {
      draft.map.head.push_back(fmt::format(
          "\"{}\" numbers persons: where the list of them also numbers their companies, \"contact \" stands "
          "before its numbers; look at that list first, and then at this file",
          name));
      continue;
    }
    draft.map.head.push_back(fmt::format(
        "\"contact \" stands before the numbers of \"{}\", which are persons: contact 386 is not account 386", name));
    part_people(m, *input, one.target, draft);
  }
}

}  // namespace vigie::propose
