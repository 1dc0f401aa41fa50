#pragma once
#include "catalog/catalog.h"
#include "plan/relations.h"

namespace vigie::kpi {

/// current(segment), as a split is asked, or current:segment, as a checked tree has it: the name inside.
std::optional<std::string_view> current_of(std::string_view name);

/// The names that a question may use over one relation: the columns, paths and dimensions of the model, and the
/// attributes that maps added (x_NAME), each with the type its map gave it. An attribute is the row's own, else that of
/// the first thing the row leads to which has it: the customer of a sale, the deal of an order.
class QuestionScope final : public expr::Scope {
 public:
  QuestionScope(const catalog::RelationScope& model, const model::Relation& relation, const store::RelPtr& rel,
                const plan::DataFacts& facts)
      : model_(model), relation_(relation), rel_(rel), facts_(facts) {}

  std::string subject() const override { return model_.subject(); }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override;
  std::vector<std::string> column_names() const override;
  std::optional<expr::Type> parameter(std::string_view name) const override { return model_.parameter(name); }
  std::vector<std::string> parameter_names() const override { return model_.parameter_names(); }

  /// The column or path behind a name, also behind current(name); empty where there is none.
  std::string resolved(std::string_view name) const;
  /// The same for every name of a checked tree.
  expr::Expr resolved(const expr::Expr& e) const;
  /// What a question may be split by here.
  std::vector<std::string> dimension_names() const;

 private:
  const store::Attribute* attribute(std::string_view table, std::string_view name) const;
  /// "customer.x_size" for x_size where the row has none itself; empty where nothing has it.
  std::string path_of_attribute(std::string_view name) const;
  std::vector<std::string> attribute_names() const;

  const catalog::RelationScope& model_;
  const model::Relation& relation_;
  const store::RelPtr& rel_;
  const plan::DataFacts& facts_;
};

}  // namespace vigie::kpi
