#include "workspace/merges.h"

namespace vigie::workspace {
namespace {

/// Records on the way from one to the last, by record: 0 for one that nothing replaced.
class Ways {
 public:
  explicit Ways(const std::map<std::int64_t, std::int64_t>& merged_into) : merged_into_(merged_into) {}

  void walk(std::int64_t from) {
    std::vector<std::int64_t> way;
    std::map<std::int64_t, std::size_t> seen;
    std::int64_t at = from;
    while (!length_.contains(at) && !seen.contains(at)) {
      const auto next = merged_into_.find(at);
      if (next == merged_into_.end()) break;
      seen.emplace(at, way.size());
      way.push_back(at);
      at = next->second;
    }
    if (const auto round = seen.find(at); round != seen.end()) close(way, round->second);
    for (; !way.empty(); way.pop_back()) {
      const auto next = length_.find(merged_into_.at(way.back()));
      length_[way.back()] = 1 + (next == length_.end() ? 0 : next->second);
    }
  }

  plan::Merges all() && {
    plan::Merges out;
    out.any = length_.size() > circle_.size();
    for (const auto& [record, length] : length_) out.longest = std::max(out.longest, length);
    out.circle = std::move(circle_);
    return out;
  }

 private:
  void close(std::vector<std::int64_t>& way, std::size_t first) {
    for (; way.size() > first; way.pop_back()) {
      circle_.push_back(way.back());
      length_[way.back()] = 0;
    }
  }

  const std::map<std::int64_t, std::int64_t>& merged_into_;
  std::map<std::int64_t, int> length_;
  std::vector<std::int64_t> circle_;
};

}  // namespace

plan::Merges merges_of(const std::map<std::int64_t, std::int64_t>& merged_into) {
  Ways ways(merged_into);
  for (const auto& [record, other] : merged_into) ways.walk(record);
  return std::move(ways).all();
}

Result<plan::Merges> read_merges(RememberedQueries& queries) {
  VIGIE_TRY(const store::ResultSet rows,
            queries.query("SELECT key, merged_into FROM customers WHERE merged_into IS NOT NULL"));
  std::map<std::int64_t, std::int64_t> merged_into;
  for (std::size_t row = 0; row < rows.rows(); ++row) merged_into.emplace(rows.int64(row, 0), rows.int64(row, 1));
  return merges_of(merged_into);
}

}  // namespace vigie::workspace
