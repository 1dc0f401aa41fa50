#include "kpi/rests_on.h"

#include "catalog/kpi_name.h"
#include "kpi/question_scope.h"
#include "plan/relations.h"

namespace vigie::kpi {

std::vector<std::string> names_of(const catalog::Variant& variant) {
  std::vector<std::string> names;
  if (variant.value) expr::columns_of(variant.value, names);
  for (const auto& [name, value] : variant.beside) expr::columns_of(value, names);
  for (const auto& [code, condition] : variant.warns_when) expr::columns_of(condition, names);
  for (const catalog::NullReason& reason : variant.null_reasons)
    if (reason.when) expr::columns_of(reason.when, names);
  for (const expr::Expr* count : {&variant.n, &variant.unpriced})
    if (*count) expr::columns_of(*count, names);
  for (const catalog::TableRow& row : variant.table) {
    expr::columns_of(row.value, names);
    for (const auto& [name, value] : row.beside) expr::columns_of(value, names);
  }
  for (const std::string* name :
       {&variant.histogram, &variant.open, &variant.all, &variant.interval.squares, &variant.interval.less,
        &variant.interval.less_squares, &variant.interval.of_squares, &variant.interval.products,
        &variant.interval.promoters, &variant.interval.detractors, &variant.interval.median, &variant.interval.baseline,
        &variant.interval.weight, &variant.interval.variance, &variant.above_of, &variant.cohort_on,
        &variant.cohort_last, &variant.cohort_size})
    if (!name->empty()) names.push_back(*name);
  for (const catalog::Warned& warned : variant.warns) {
    if (warned.count) expr::columns_of(warned.count, names);
    else names.push_back(warned.measure);
    if (!warned.of.empty()) names.push_back(warned.of);
  }
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
  return names;
}

std::vector<std::string> tables_of(const catalog::Definition& definition, const catalog::Variant& variant,
                                   const catalog::Catalog& catalog, const plan::DataFacts& facts,
                                   catalog::SaleEvent event, Date today) {
  std::vector<std::string> tables;
  for (const std::string& name : names_of(variant)) {
    std::vector<std::string> more;
    if (const auto named = catalog::kpi_named(name)) {
      if (const auto other = catalog::figure_named(catalog, *named, today))
        more = tables_of(*other->definition, *other->variant, catalog, facts, event, today);
    } else if (const auto measure = definition.measures.find(name); measure != definition.measures.end()) {
      more = plan::tables_behind(measure->second.relation, event, facts);
    }
    tables.insert(tables.end(), more.begin(), more.end());
  }
  return tables;
}

namespace {

/// The catalogue, the model and what is in the warehouse, of which a variant's dimensions are told.
struct Ground {
  const catalog::Catalog& catalog;
  const model::Model& model;
  const plan::DataFacts& facts;
};

std::set<std::string> dimensions_on(const Ground& ground, const catalog::Definition& definition,
                                    const catalog::Variant& variant, Date today) {
  std::optional<std::set<std::string>> common;
  const auto keep = [&](const std::set<std::string>& known) {
    if (!common) common = known;
    else std::erase_if(*common, [&](const std::string& name) { return !known.contains(name); });
  };
  const store::RelPtr nothing = store::values({}, {});
  for (const std::string& name : names_of(variant)) {
    if (const auto named = catalog::kpi_named(name)) {
      if (const auto other = catalog::figure_named(ground.catalog, *named, today))
        keep(dimensions_on(ground, *other->definition, *other->variant, today));
    } else if (const auto measure = definition.measures.find(name);
               measure != definition.measures.end() && !measure->second.ignores_splits) {
      const model::Relation& relation = *ground.model.relation(measure->second.relation);
      const catalog::RelationScope of_model(ground.model, relation, definition.parameters);
      const std::vector<std::string> here = QuestionScope(of_model, relation, nothing, ground.facts).dimension_names();
      keep({here.begin(), here.end()});
    }
  }
  return common.value_or(std::set<std::string>{});
}

}  // namespace

std::set<std::string> dimensions_of(const Session& session, const catalog::Definition& definition,
                                    const catalog::Variant& variant, Date today) {
  return dimensions_on({session.catalog, session.model, session.facts}, definition, variant, today);
}

std::set<std::string> dimensions_of(const catalog::Catalog& catalog, const model::Model& model,
                                    const catalog::Definition& definition, const catalog::Variant& variant,
                                    Date today) {
  const plan::DataFacts nothing;
  return dimensions_on({catalog, model, nothing}, definition, variant, today);
}

}  // namespace vigie::kpi
