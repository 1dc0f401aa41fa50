// In which order the passes of a run are made, and on which lane of the engine: what several of them read is computed
// once on the first lane, which makes those passes too; the others are made by whichever lane is free.
#include <chrono>
#include <mutex>
#include <numeric>
#include <set>

#include "base/threads.h"
#include "plan/measures.h"
#include "store/print_rel.h"

namespace vigie::plan {
namespace {

/// The parts that passes have in common: how many read each, and the order in which they can be computed.
class SharedParts {
 public:
  using Names = std::set<std::string>;  ///< the SQL of each

  explicit SharedParts(const store::Engine& engine) : engine_(engine) {}

  /// Of one more reader: the parts that it reads itself.
  Names add_those_in(const store::RelPtr& tree) {
    Names here;  // what one query reads twice it computes once by itself
    for (const store::RelPtr& part : store::shared_in(tree)) {
      std::string sql = engine_.sql(part);
      if (!here.insert(sql).second || parts_[sql].readers++ > 0) continue;
      // Whoever reads the part, it reads those inside it once.
      Names inside = add_those_in(std::get<store::Shared>(part->op).input);
      parts_[sql].inside = std::move(inside);
      in_order_.emplace_back(std::move(sql), part);
    }
    return here;
  }
  /// Does anything that is kept stand behind them?
  bool read_kept(const Names& names) const {
    return std::ranges::any_of(
        names, [this](const std::string& sql) { return is_kept(sql) || read_kept(parts_.at(sql).inside); });
  }
  using InOrder = std::vector<std::pair<std::string, store::RelPtr>>;
  /// Those that are kept: first what reads none of them, then what reads the first alone, and so on.
  std::vector<InOrder> kept() const {
    std::vector<InOrder> out;
    for (const auto& [sql, part] : in_order_) {
      if (!is_kept(sql)) continue;
      const std::size_t depth = depth_of(parts_.at(sql).inside);
      out.resize(std::max(out.size(), depth + 1));
      out[depth].emplace_back(sql, part);
    }
    return out;
  }

 private:
  struct Part {
    int readers = 0;
    Names inside;
  };
  bool is_kept(const std::string& sql) const { return parts_.at(sql).readers > 1; }
  /// How many kept parts rest on each other below what reads these.
  std::size_t depth_of(const Names& names) const {
    std::size_t depth = 0;
    for (const std::string& sql : names)
      depth = std::max(depth, depth_of(parts_.at(sql).inside) + (is_kept(sql) ? 1 : 0));
    return depth;
  }

  const store::Engine& engine_;
  std::map<std::string, Part> parts_;
  InOrder in_order_;
};

/// Which group is next. Any thread may ask.
class Agenda {
 public:
  enum class Lane { first, further };

  void add_of_first(std::size_t group) { of_first_.push_back(group); }
  void add(std::size_t group) { of_all_.push_back(group); }

  std::optional<std::size_t> next(Lane lane) {
    const std::lock_guard lock(mutex_);
    if (stopped_) return std::nullopt;
    if (lane == Lane::first && !of_first_.empty()) return take(of_first_);
    return of_all_.empty() ? std::nullopt : std::optional(take(of_all_));
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  /// Stops it wherever a lane leaves its work half done, also by what is thrown: nobody waits for the other lanes to do
  /// the rest.
  class Promise {
   public:
    explicit Promise(Agenda& agenda) : agenda_(agenda) {}
    Promise(const Promise&) = delete;
    Promise& operator=(const Promise&) = delete;
    ~Promise() {
      if (!kept_) agenda_.stop();
    }
    void keep() { kept_ = true; }

   private:
    Agenda& agenda_;
    bool kept_ = false;
  };
  /// How many lanes beside the first would find something to do.
  std::size_t room() const { return of_first_.empty() && !of_all_.empty() ? of_all_.size() - 1 : of_all_.size(); }

 private:
  /// The last of them: periodic relations, which hold their rows against every period, come first, and short passes
  /// fill the time that is left.
  static std::size_t take(std::vector<std::size_t>& groups) {
    const std::size_t last = groups.back();
    groups.pop_back();
    return last;
  }

  std::mutex mutex_;
  std::vector<std::size_t> of_first_, of_all_;
  bool stopped_ = false;
};

/// Computes now what several of the groups read.
Result<std::unique_ptr<store::Scratch>> keep(const SharedParts& parts, store::Engine& engine,
                                             const store::QueryLimits& limits, std::vector<QueryNote>& queries) {
  std::unique_ptr<store::Scratch> scratch;
  for (const SharedParts::InOrder& level : parts.kept()) {
    if (!scratch) {
      VIGIE_TRY(scratch, engine.scratch());
    }
    for (const auto& [sql, part] : level) {
      const auto start = std::chrono::steady_clock::now();
      VIGIE_CHECK(scratch->keep(part, limits));
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
      queries.push_back({sql, took.count(), 0});
    }
  }
  return scratch;
}

}  // namespace

Result<> MeasureRun::run_group(Group& group, store::Engine& engine, store::Scratch* scratch) {
  // A run of these measures alone: nothing is written that another thread looks at.
  MeasureRun alone(engine, calendar_, limits_);
  alone.scratch_ = scratch;
  for (const std::size_t m : group.members) alone.specs_.push_back(specs_[m]);
  alone.values_.resize(group.members.size());
  std::vector<std::size_t> all(group.members.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  VIGIE_CHECK((alone.*group.pass)(all));
  for (const std::size_t i : all) values_[group.members[i]] = std::move(alone.values_[i]);
  group.queries = std::move(alone.queries_);
  return {};
}

Result<> MeasureRun::run_groups(std::vector<Group>& groups) {
  SharedParts parts(engine_);
  std::vector<SharedParts::Names> read;
  for (const Group& group : groups) read.push_back(parts.add_those_in(specs_[group.members.front()].rel));
  Agenda agenda;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (parts.read_kept(read[i])) agenda.add_of_first(i);
    else agenda.add(i);
  }

  const auto work = [&](Agenda::Lane lane, store::Engine& engine, store::Scratch* scratch) -> Result<> {
    Agenda::Promise promise(agenda);
    while (const auto next = agenda.next(lane)) VIGIE_CHECK(run_group(groups[*next], engine, scratch));
    promise.keep();
    return {};
  };
  const std::vector<store::Engine*> lanes = engine_.lanes();
  const std::size_t further = std::min(lanes.size() - 1, agenda.room());
  // Where no thread is to be had, the first lane does all, and get() finds nothing left to do.
  std::unique_ptr<store::Scratch> scratch;
  const auto work_of_first = [&]() -> Result<> {
    Agenda::Promise promise(agenda);
    VIGIE_TRY(scratch, keep(parts, *lanes.front(), limits_, queries_));
    promise.keep();
    return work(Agenda::Lane::first, *lanes.front(), scratch.get());
  };
  std::vector<std::future<Result<>>> others;
  for (std::size_t i = 1; i <= further; ++i)
    others.push_back(std::async(kWhereItCan, [&, i] { return work(Agenda::Lane::further, *lanes[i], nullptr); }));
  Result<> done = work_of_first();
  for (auto& other : others)
    if (Result<> theirs = other.get(); done) done = std::move(theirs);
  for (Group& group : groups) std::ranges::move(group.queries, std::back_inserter(queries_));
  return done ? run_rows(scratch.get()) : done;
}

Result<> MeasureRun::run_rows(store::Scratch* scratch) {
  scratch_ = scratch;
  for (std::size_t i = 0; i < row_queries_.size(); ++i) {
    VIGIE_TRY(rows_[i], query(row_queries_[i].second));
  }
  scratch_ = nullptr;
  return {};
}

}  // namespace vigie::plan
