#pragma once
#include <map>
#include <optional>

#include "store/rel.h"

namespace vigie::store {

/// Whether a parent looks at an instant's value alone or may look at its other facets too.
enum class Facets { value_only, all };

/// The physical columns of a logical one: an instant's four facets, or one.
std::vector<expr::Facet> facets_of(expr::Type type, Facets wanted);

/// The columns that a level of a query uses of the one below it.
class Need {
 public:
  void add(std::string_view name, Facets facets);
  void add(const expr::Expr& e);  ///< every column in it, with all facets; null adds none
  const Facets* find(const std::string& name) const;

 private:
  std::map<std::string, Facets> columns_;
};

/// What a level reads from. Filters and renamings are folded into the level above them: `from` is the first operator
/// below that is neither, `conditions` hold in its names, and `names` tells what the level's own names stand for there.
struct Source {
  RelPtr from;
  std::vector<expr::Expr> conditions;
  std::map<std::string, expr::Expr> names;
  expr::Expr resolve(const expr::Expr& e) const;
};
Source fold(const RelPtr& rel);

/// Can no two rows agree in these columns? False where the tree does not say.
bool unique_on(const RelPtr& rel, const std::vector<std::string>& columns);
/// Does the join find one row at most for each of its left side: by its keys, or because what it finds holds from one
/// instant to the next?
bool finds_one(const Join& join);
/// Where the needed columns are the same in all rows of a key, a tree that gives them without looking for the first;
/// else null.
RelPtr whichever_is_first(const FirstPerKey& first, const Need& need);

/// A literal as an item of a list in text ("[1,NULL,true]"); none for what would need quotes or could lose digits.
std::optional<std::string> list_item(const expr::Literal& value, expr::Facet facet);

}  // namespace vigie::store
