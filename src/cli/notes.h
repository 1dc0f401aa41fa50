#pragma once
#include <string>
#include <vector>

namespace vigie::cli {

/// What does not fit into the cells of a table: each cell has a mark, and below the table stands what the mark says.
///
///   cell = "–" + notes.mark("no target is set for this period");  // "–¹"
///   out += notes.lines();                                         // "¹ no target is set for this period\n"
class Notes {
 public:
  /// The mark of a sentence: the same wherever the same is said.
  std::string mark(const std::string& said);
  /// A line for each mark, in their order; nothing where there is none.
  std::string lines() const;

 private:
  std::vector<std::string> said_;
};

}  // namespace vigie::cli
