// What the versions of deals tell of their outcomes.
#include "plan/deal_history.h"
#include "plan/tree_names.h"
#include "plan/versions.h"
#include "store/warehouse.h"

namespace vigie::plan {
namespace {

/// A column that is null where the condition is not true.
Expr only(Expr condition, Expr value) {
  const Type type = value->type;
  return cases(type, {std::move(condition), std::move(value), expr::null_of(type)});
}

/// The words about each deal's outcome that say something else than the one before.
RelPtr words(const RelationBuilder& build) {
  const RelPtr versions = dated_versions(build, "opportunities");
  RelPtr rows = store::project(
      versions, {{"ran_deal", col(versions, "key")},
                 {"ran_as", col(versions, "outcome")},
                 {"ran_closed", only(expr::not_(is(versions, "outcome", "open")), col(versions, "closed_at"))},
                 {"told_at", col(versions, "valid_from")},
                 {"noted_at", col(versions, "noted_at")},
                 {"noted_to", col(versions, "noted_to")}});
  rows = store::neighbours(
      rows, {"ran_deal"}, as_noted(),
      {{"word_before", NeighbourFn::lag, "ran_as"}, {"close_before", NeighbourFn::lag, "ran_closed"}});
  const Expr same = expr::all_of({expr::eq(col(rows, "word_before"), col(rows, "ran_as")),
                                  expr::eq(col(rows, "close_before"), col(rows, "ran_closed"))});
  return store::filter(rows, expr::not_(same));
}

/// A close of its own where another went before: another outcome, later. Anything else is another word about that one.
Expr closes_again(const Expr& as_before, const Expr& closed_before, const Expr& as, const Expr& closed) {
  return expr::all_of(
      {expr::not_(expr::eq(as_before, as)), coalesce({expr::lt(closed_before, closed), expr::literal(false)})});
}

/// Without those that another one about the same close corrected before as_of.
RelPtr uncorrected(const RelationBuilder& build, const RelPtr& told) {
  const RelPtr rows = store::neighbours(told, {"ran_deal"}, as_noted(),
                                        {{"word_after", NeighbourFn::lead, "ran_as"},
                                         {"close_after", NeighbourFn::lead, "ran_closed"},
                                         {"told_after", NeighbourFn::lead, "told_at"}});
  const Expr again =
      closes_again(col(rows, "ran_as"), col(rows, "ran_closed"), col(rows, "word_after"), col(rows, "close_after"));
  const Expr corrected = expr::all_of(
      {expr::not_(is(rows, "ran_as", "open")), expr::not_(is(rows, "word_after", "open")), expr::not_(again),
       coalesce({expr::lt(col(rows, "told_after"), build.as_of()), expr::literal(false)})});
  return kept_beside(told, store::filter(rows, expr::not_(corrected)), {});
}

/// Adds ran_from: told_from, but never after that of a run that follows: what was told late, of an earlier day than
/// what was told before it, goes before it.
RelPtr not_behind_the_next(const RelPtr& runs) {
  const auto minus = [](const Expr& micros) { return expr::call(Op::sub, Type::integer, {expr::integer(0), micros}); };
  RelPtr rows = store::neighbours(runs, {"ran_deal"}, as_noted(), {{"nth", NeighbourFn::row_number, ""}});
  rows = store::extend(rows, {{"minus_from", minus(col(rows, "told_from"))}});
  rows = store::neighbours(rows, {"ran_deal"}, {{"nth", true}},
                           {{"minus_least", NeighbourFn::greatest_so_far, "minus_from"}});
  return store::extend(rows, {{"ran_from", minus(col(rows, "minus_least"))}});
}

/// Without closes that never held: what was told of them only after as_of ends where a close of the next word begins,
/// which counts from its own day.
RelPtr that_held(const RelPtr& runs) {
  const RelPtr rows =
      store::neighbours(runs, {"ran_deal"}, as_noted(), {{"begins_next", NeighbourFn::lead, "ran_from"}});
  const Expr lasts = coalesce({expr::lt(col(rows, "ran_from"), col(rows, "begins_next")), expr::literal(true)});
  return store::filter(rows, any_of({is(rows, "ran_as", "open"), lasts}));
}

}  // namespace

RelPtr outcome_runs(const RelationBuilder& build) {
  if (!build.context().facts.has_undone_outcomes) return nullptr;
  // What a correction leaves beside it may be corrected by it too; more words than these about closes without one in
  // between that the deal was open are told in no order that means anything.
  constexpr int kInARow = 4;
  RelPtr rows = words(build);
  for (int i = 0; i < kInARow; ++i) rows = uncorrected(build, rows);
  const Expr opened = when(is(rows, "ran_as", "open"), col(rows, "told_at"), expr::null_of(Type::integer));
  rows = store::extend(rows, {{"opened_at", opened}});
  rows = store::neighbours(rows, {"ran_deal"}, as_noted(),
                           {{"ran_before", NeighbourFn::lag, "ran_as"},
                            {"closed_before", NeighbourFn::lag, "ran_closed"},
                            {"last_opened", NeighbourFn::greatest_so_far, "opened_at"},
                            {"told_next", NeighbourFn::lead, "told_at"}});
  const Expr again =
      closes_again(col(rows, "ran_before"), col(rows, "closed_before"), col(rows, "ran_as"), col(rows, "ran_closed"));
  // A close counts from its own date, but not before the word that the deal was open, nor after the next word, so that
  // runs follow each other. The first holds from the beginning, also where it corrects another one.
  const Expr anew = expr::all_of({expr::not_(is(rows, "ran_as", "open")), expr::is_not_null(col(rows, "ran_closed")),
                                  any_of({is(rows, "ran_before", "open"), again})});
  const Expr not_before = expr::call(Op::greatest, Type::integer, {col(rows, "ran_closed"), col(rows, "last_opened")});
  const Expr from =
      cases(Type::integer,
            {expr::is_null(col(rows, "ran_before")), expr::integer(store::kBeginning), anew,
             expr::call(Op::least, Type::integer, {not_before, col(rows, "told_next")}), col(rows, "told_at")});
  rows = that_held(not_behind_the_next(store::extend(rows, {{"told_from", from}})));
  rows = store::neighbours(rows, {"ran_deal"}, as_noted(),
                           {{"ran_to", NeighbourFn::lead, "ran_from"},
                            {"ran_next", NeighbourFn::lead, "ran_as"},
                            {"closed_next", NeighbourFn::lead, "ran_closed"}});
  rows = store::neighbours(rows, {"ran_deal"}, as_noted(), {{"closed_after", NeighbourFn::lead, "closed_next"}});
  std::vector<store::NamedExpr> columns;
  for (const char* name :
       {"ran_deal", "ran_as", "ran_closed", "ran_from", "ran_to", "ran_next", "closed_next", "closed_after"})
    columns.push_back({name, col(rows, name)});
  return store::shared(store::project(rows, std::move(columns)));
}

}  // namespace vigie::plan
