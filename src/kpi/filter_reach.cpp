#include "kpi/filter_reach.h"

#include "base/text.h"
#include "kpi/question_scope.h"
#include "kpi/rests_on.h"

namespace vigie::kpi {
namespace {

/// The text from a place on; columns count characters.
std::string_view text_from(std::string_view text, const SourcePosition& where) {
  int line = 1, column = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (line == where.line && column == where.column) return text.substr(i);
    const bool ends = i + 1 == text.size() || (static_cast<unsigned char>(text[i + 1]) & 0xC0U) != 0x80U;
    if (text[i] == '\n') ++line, column = 1;
    else if (ends) ++column;
  }
  return {};
}

}  // namespace

std::string name_at(std::string_view filter, const SourcePosition& where) {
  const std::string_view text = text_from(filter, where);
  if (text.starts_with('"')) return std::string(text.substr(1, text.find('"', 1) - 1));
  const auto is_of_a_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c > 127; };
  return {text.begin(), std::ranges::find_if_not(text, is_of_a_name)};
}

bool is_known_somewhere(const Session& session, const std::string& dimension) {
  const std::string name(current_of(dimension).value_or(dimension));
  const std::string path = name.substr(0, name.find('.'));
  const auto has = [&](const model::Relation& relation) {
    const bool leads_there = path != name && std::ranges::find(relation.columns, path, &model::RelationColumn::path) !=
                                                 relation.columns.end();
    return leads_there || relation.dimensions.contains(name) || relation.find(name) != nullptr;
  };
  return std::ranges::any_of(session.model.relations(), has) ||
         std::ranges::find(session.facts.attributes, name, &store::Attribute::name) != session.facts.attributes.end();
}

Error told_of_one(const Session& session, const plan::Question& question, Error error) {
  if (!question.split_optional || error.code != "expr.unknown_column" || !error.where.file.empty()) return error;
  const std::string name = name_at(question.where, error.where);
  if (name.empty() || !is_known_somewhere(session, name)) return error;
  const Date today = session.calendar.zone().day_of(session.now);
  const auto definition = session.catalog.find(question.kpi, question.version, today);
  const catalog::Variant* variant = definition ? (*definition)->variant(question.variant) : nullptr;
  if (!variant) return error;
  error.message = fmt::format("what it rests on does not tell \"{}\"", name);
  // "region" may be told under another name: "customer.region" is a better advice than the list.
  if (error.hint.ends_with(fmt::format(".{}\"?", name))) return error;
  const std::set<std::string> dimensions = dimensions_of(session, **definition, *variant, today);
  const std::vector<std::string> names(dimensions.begin(), dimensions.end());
  error.hint = names.empty() ? "leave the filter out" : "it can be filtered by " + join(names, ", ");
  return error;
}

}  // namespace vigie::kpi
