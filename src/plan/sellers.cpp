// Who sold: a sale stays with whoever had it when it was made, whoever has it since.
#include "plan/sellers.h"

#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

constexpr std::string_view kSeller = "owner_key";

/// Of each row, what a version that another one replaced since says of its seller at `at`: told_of, told_seller. A row
/// without such a version is itself the one that held then. One line a row, so that whoever asks for no seller reads
/// none of it.
RelPtr told_by_versions(const RelationBuilder& build, const RelPtr& rows, const std::string& table,
                        std::string_view at) {
  const RelPtr history = build.history(table);
  const RelPtr ended = store::filter(history, expr::is_not_null(col(history, "valid_to")));
  const RelPtr versions = store::project(ended, {{"told_of", col(ended, "key")},
                                                 {"told_seller", col(ended, kSeller)},
                                                 {"told_from", col(ended, "valid_from")},
                                                 {"told_to", col(ended, "valid_to")}});
  const RelPtr dated = store::project(rows, {{"dated_row", col(rows, "key")}, {"dated_at", col(rows, at)}});
  const Expr t = expr::column("dated_at", Type::integer);
  const RelPtr held =
      store::join(JoinKind::inner, versions, dated, {{"told_of", "dated_row"}}, "",
                  expr::all_of({expr::le(col(versions, "told_from"), t), expr::gt(col(versions, "told_to"), t)}));
  const RelPtr told = store::project(held, {{"told_of", col(held, "told_of")},
                                            {"told_seller", col(held, "told_seller")},
                                            {"told_from", col(held, "told_from")}});
  return store::first_per_key(told, {"told_of"}, {{"told_from", true}});
}

}  // namespace

RelPtr with_sellers_then(const RelationBuilder& build, RelPtr rows, const std::string& table, std::string_view at) {
  if (!build.context().facts.resold.contains(table)) return rows;
  const RelPtr joined =
      store::join(JoinKind::left, rows, told_by_versions(build, rows, table, at), {{"key", "told_of"}}, "then.");
  const Expr now = col(joined, kSeller);
  const Expr then = when(expr::is_not_null(col(joined, "then.told_of")), col(joined, "then.told_seller"), now);
  return kept_beside(rows, joined, {{std::string(kSeller), then}, {std::string(kSellerNow), now}});
}

void keep_sellers(const RelPtr& rows, std::vector<store::NamedExpr>& columns, std::string_view prefix) {
  for (const std::string_view name : {kSeller, kSellerNow})
    if (const std::string from = fmt::format("{}{}", prefix, name); name == kSeller || store::find_column(rows, from))
      columns.push_back({std::string(name), col(rows, from)});
}

RelPtr with_seller_now(RelPtr rows) {
  if (store::find_column(rows, kSellerNow)) return rows;
  return store::extend(rows, {{std::string(kSellerNow), col(rows, kSeller)}});
}

}  // namespace vigie::plan
