#include "checks/judge.h"

#include <ranges>

#include "base/text.h"
#include "checks/deadline.h"
#include "checks/words.h"

namespace vigie::checks {
namespace {

/// Which check it is the state of, as it is written now.
void say_which(State& state, const Check& check, const Batch& batch) {
  state.map = batch.map;
  state.name = check.name;
  state.source = batch.source;
  state.map_file = batch.map_file;
  state.table = check.table;
  state.kind = check.kind;
  state.severity = check.severity;
  state.columns = join(check.columns, ", ");
  state.refers = check.refers;
  state.text = check.text;
}

using store::quote_text;

/// What was noted of a check of that name, whether or not it was written as it is now.
const State* named(const std::vector<State>& before, const std::string& map, const Check& check) {
  const auto found =
      std::ranges::find_if(before, [&](const State& one) { return one.map == map && one.name == check.name; });
  return found == before.end() ? nullptr : &*found;
}

/// What is known of it before anything is looked at: where it was written otherwise, that files are missing and no
/// more.
State begun(const Check& check, const Batch& batch, const std::vector<State>& before, Instant now) {
  State out;
  const State* const earlier = named(before, batch.map, check);
  if (earlier != nullptr && earlier->text == check.text) {
    out = *earlier;
  } else {
    out.since = out.seen = now;
    out.told = "no batch has passed it yet";
    if (earlier != nullptr) out.refused = earlier->refused;
  }
  say_which(out, check, batch);
  return out;
}

/// Events are applied several times a second: what fails among them is not looked at whole each time.
constexpr std::int64_t kLookAgainAfter = 60 * kMicrosPerSecond;

Query query_of(store::Connection& connection) {
  return [&connection](const std::string& sql) { return connection.query(sql); };
}

/// Of a source anything that comes brings what was refused with it; else a file of that name does.
bool brings(const Batch& batch, const Missing& missing) {
  return batch.is_of_source || std::ranges::find(batch.files, missing.name) != batch.files.end();
}

/// What it brings is missing no more. Of those without a name nobody can say which have come: they go with the last
/// that has one.
void strike_out(const Batch& batch, State& state) {
  if (!state.refused) return;
  std::erase_if(state.refused->missing, [&](const Missing& one) { return brings(batch, one); });
  if (std::ranges::all_of(state.refused->missing, &Missing::is_others)) state.refused.reset();
}

/// Each file by its name, as far as there is room for names.
void add_missing(const Batch& batch, const std::string& told, std::vector<Missing>& out) {
  const bool others = !out.empty() && out.back().is_others();
  if (others) out.pop_back();
  const std::size_t room = kMostMissing - std::min(kMostMissing, out.size());
  for (const std::string& name : batch.files | std::views::take(room)) out.push_back({name, told});
  if (others || batch.files.size() > room) out.push_back({std::string(kOtherFiles), told});
}

/// One round of looking at the checks of one map.
class Round {
 public:
  Round(const World& world, const Subject& subject, const Batch& batch, const ReadControl* read_control,
        const std::vector<State>& before)
      : world_(world), subject_(subject), batch_(batch), read_control_(read_control), before_(before) {}

  /// `again`: where all rows are, and not at a batch.
  Result<std::vector<State>> look(const std::vector<Check>& checks, bool again) {
    again_ = again;
    std::vector<State> out;
    std::vector<std::pair<const Check*, std::size_t>> of_new, of_all;
    for (const Check& check : checks) {
      out.push_back(begun(check, batch_, before_, world_.now));
      if (!again_) strike_out(batch_, out.back());
      if (is_left_alone(check, out.back())) continue;
      if (check.is_of_rows()) (looks_at_new(check) ? of_new : of_all).emplace_back(&check, out.size() - 1);
      else VIGIE_CHECK(look_at(check, out.back()));
    }
    VIGIE_CHECK(look_at_rows_of(of_new, true, out));
    VIGIE_CHECK(look_at_rows_of(of_all, false, out));
    return out;
  }

  const std::optional<Error>& refusal() const { return refusal_; }
  const std::string& refused_by() const { return refused_by_; }

 private:
  const State* known(const Check& check) const {
    const State* const found = named(before_, batch_.map, check);
    return found != nullptr && found->text == check.text ? found : nullptr;
  }

  /// As long as nothing failed, only what is new can.
  bool looks_at_new(const Check& check) const {
    const State* earlier = known(check);
    return !again_ && earlier != nullptr && earlier->standing == Standing::fine;
  }

  /// What speaks of batches has nothing to say of rows by themselves.
  bool is_left_alone(const Check& check, State& state) const {
    const bool of_batch = check.kind == Kind::volume || check.of_batch;
    if (!of_batch || !(again_ || batch_.is_of_rows)) return false;
    if (known(check) == nullptr) {
      state.standing = Standing::not_judged;
      state.told = "it is of batches, and none has come yet";
      state.seen = world_.now;
    }
    return true;
  }

  Where where(bool only_new) const { return {batch_.map, batch_.id, only_new}; }

  void stands(Standing standing, State& state) const {
    if (state.standing != standing) state.since = world_.now;
    state.standing = standing;
    state.seen = world_.now;
    if (batch_.id > 0) state.batch = batch_.id;
    if (standing != Standing::failing) state.rows = 0, state.example.clear(), state.from.reset();
    if (standing == Standing::fine) state.told.clear();
  }

  void refuse(const Check& check, std::string told) {
    if (check.severity != Severity::error || !batch_.may_refuse || again_ || refusal_) return;
    refused_by_ = check.name;
    refusal_ = Error{fmt::format("check.{}", name_of(check.kind)),
                     fmt::format("nothing of this batch is taken: {}", told), ErrorKind::data, check.at,
                     "mend what it brings and bring it again, or say severity: warning to take it as it is"};
  }

  void fails(const Check& check, const Found& found, State& state) {
    if (found.of_batch > 0) refuse(check, of_rows(check, batch_.map, found.of_batch, found.example_of_batch));
    if (found.rows == 0) return stands(Standing::fine, state);
    stands(Standing::failing, state);
    state.rows = found.rows;
    state.example = found.example;
    state.from = found.from;
    state.told = of_rows(check, batch_.map, found.rows, found.example);
  }

  /// Of events that come all the time, what failed a moment ago is taken to fail still.
  bool was_seen_just_now(const Check& check) const {
    const State* earlier = known(check);
    return !again_ && !batch_.may_refuse && earlier != nullptr && earlier->standing == Standing::failing &&
           world_.now.micros - earlier->seen.micros < kLookAgainAfter;
  }

  Result<> look_at_rows_of(const std::vector<std::pair<const Check*, std::size_t>>& checks, bool only_new,
                           std::vector<State>& states) {
    std::vector<const Check*> asked;
    std::vector<std::size_t> places;
    for (const auto& [check, place] : checks)
      if (!was_seen_just_now(*check)) asked.push_back(check), places.push_back(place);
    if (asked.empty()) return {};
    VIGIE_TRY(const std::vector<Found> found, look_at_rows(world_, subject_, asked, where(only_new)));
    for (std::size_t i = 0; i < asked.size(); ++i) fails(*asked[i], found[i], states[places[i]]);
    return {};
  }

  Result<> look_at(const Check& check, State& state) {
    switch (check.kind) {
      case Kind::freshness: return look_at_age(check, state);
      case Kind::volume: return look_at_volume(check, state);
      case Kind::sum: return look_at_sum(check, state);
      default: break;
    }
    if (was_seen_just_now(check)) return {};
    const auto look = check.kind == Kind::unique ? look_for_repeated : look_for_strays;
    VIGIE_TRY(const Found found, look(world_, subject_, check, where(looks_at_new(check))));
    fails(check, found, state);
    return {};
  }

  Result<> look_at_age(const Check& check, State& state) {
    const bool adds = !again_ && batch_.is_of_rows && known(check) != nullptr && state.newest;
    VIGIE_TRY(const auto newest, newest_of(world_, subject_, check, where(adds)));
    state.newest = adds ? std::optional(std::max(newest.value_or(*state.newest), *state.newest)) : newest;
    stands(Standing::failing, state);  // once it is too old: stands_at tells
    state.told = of_age(check, batch_.map, state.newest, world_.calendar.zone());
    state.from.reset();
    if (state.newest) state.from = too_old_from(*state.newest, check.age, world_.calendar);
    if (!state.from || *state.from <= world_.now) refuse(check, state.told);
    return {};
  }

  Result<std::vector<EarlierBatch>> batches_before() const {
    constexpr int kMost = 7000;
    VIGIE_TRY(
        const store::ResultSet rows,
        world_.connection.query(fmt::format(
            "SELECT imported_at, read - refused FROM (SELECT imported_at, batch, (receipt->>'$.read')::BIGINT AS "
            "read, (receipt->>'$.quarantined')::BIGINT AS refused FROM _batches WHERE map = {} AND batch <> {} AND "
            "NOT starts_with(digest, 'replay ')) WHERE read = 0 OR read > refused ORDER BY batch DESC LIMIT {}",
            quote_text(batch_.map), batch_.id, kMost)));
    std::vector<EarlierBatch> out;
    for (std::size_t row = 0; row < rows.rows(); ++row)
      out.push_back({weekday_of(Instant{rows.int64(row, 0)}), rows.int64(row, 1)});
    return out;
  }

  int weekday_of(Instant at) const { return iso_weekday(world_.calendar.zone().day_of(at)); }

  Result<> look_at_volume(const Check& check, State& state) {
    VIGIE_TRY(const auto before, batches_before());
    const auto usual = usual_rows(before, weekday_of(world_.now), check.usual);
    if (!usual) {
      stands(Standing::not_judged, state);
      state.told = fmt::format("{} batches came before, and {} are needed to tell what is usual", before.size(),
                               check.usual.least);
      return {};
    }
    if (batch_.taken >= usual->low && batch_.taken <= usual->high) return stands(Standing::fine, state), Result<>{};
    stands(Standing::failing, state);
    state.rows = batch_.taken;
    state.told = of_volume(check, batch_.map, batch_.taken, *usual);
    VIGIE_TRY(state.from, first_of(world_, subject_.table, where(true)));
    refuse(check, state.told);
    return {};
  }

  Result<> look_at_sum(const Check& check, State& state) {
    std::optional<Decimal> control = check.control.number;
    if (check.control.file) {
      VIGIE_TRY(control, (*read_control_)(check));
    }
    VIGIE_TRY(const Sums found,
              sums_of(world_, subject_, check, where(false), check.of_batch ? batch_.keys : "", control));
    if (found.several_currencies) {
      stands(Standing::not_judged, state);
      state.told = fmt::format("{} is in several currencies, which have no sum: say currency", check.columns.front());
      return {};
    }
    VIGIE_TRY(const Decimal apart, found.ours.minus(found.theirs));
    const Decimal size = apart < Decimal::integer(0) ? apart.negated() : apart;
    if (size <= check.tolerance) return stands(Standing::fine, state), Result<>{};
    stands(Standing::failing, state);
    state.rows = found.rows;
    state.told = of_sum(check, batch_.map, found);
    VIGIE_TRY(state.from, first_of(world_, subject_.table, where(false)));
    refuse(check, state.told);
    return {};
  }

  const World& world_;
  const Subject& subject_;
  const Batch& batch_;
  const ReadControl* read_control_;
  const std::vector<State>& before_;
  std::optional<Error> refusal_;
  std::string refused_by_;
  bool again_ = false;
};

/// The check behind a state, as it was written when that was noted. Nothing where the model has changed since.
std::optional<Check> check_of(const State& state, const Subject& subject) {
  const auto entry = YamlNode::parse(state.text, "_checks");
  if (!entry) return std::nullopt;
  auto check = read_check(*entry, subject, {"map"});
  if (!check) return std::nullopt;
  check->text = state.text;
  return std::move(*check);
}

/// Those of other maps that a batch in this table can put right, or that are held against what it holds.
bool is_touched(const State& state, const Batch& batch, std::string_view table) {
  if (state.map == batch.map || state.kind == Kind::volume || state.kind == Kind::freshness) return false;
  const bool fails = state.standing == Standing::failing;
  return (fails && (state.table == table || state.refers == table)) ||
         (state.kind == Kind::sum && state.refers == table);
}

Result<> look_at_others(const World& world, const Subject& subject, const Batch& batch,
                        const std::vector<State>& before) {
  for (const State& state : before) {
    if (!is_touched(state, batch, subject.table.name)) continue;
    const bool just_now = !batch.may_refuse && world.now.micros - state.seen.micros < kLookAgainAfter;
    const model::Table* table = world.model.table(state.table);
    if (just_now || table == nullptr) continue;
    VIGIE_TRY(const auto attributes, store::attributes(world.connection));
    const Subject other{world.model, *table, attributes};
    const auto check = check_of(state, other);
    if (!check) continue;
    Batch of_rows = no_batch(state.map, state.source, state.map_file);
    of_rows.id = state.batch;
    Round round(world, other, of_rows, nullptr, before);
    VIGIE_TRY(const std::vector<State> now, round.look({*check}, true));
    VIGIE_CHECK(write(world.connection, now));
  }
  return {};
}

}  // namespace

Result<Verdict> judge(const World& world, const Subject& subject, const std::vector<Check>& checks, const Batch& batch,
                      const ReadControl& read_control) {
  VIGIE_TRY(const std::vector<State> before, states(query_of(world.connection)));
  Verdict out;
  if (checks.empty() && before.empty()) return out;
  Round round(world, subject, batch, &read_control, before);
  VIGIE_TRY(out.states, round.look(checks, false));
  out.refusal = round.refusal();
  out.refused_by = round.refused_by();
  if (out.refusal) return out;
  VIGIE_CHECK(write(world.connection, out.states));
  VIGIE_CHECK(forget_others(world.connection, batch.map, checks));
  VIGIE_CHECK(look_at_others(world, subject, batch, before));
  return out;
}

Result<> note_refusal(store::Connection& connection, const Check& check, const Batch& batch, const Error& refusal,
                      Instant now) {
  VIGIE_TRY(const std::vector<State> before, states(query_of(connection)));
  State state = begun(check, batch, before, now);
  constexpr std::string_view kBefore = "nothing of this batch is taken: ";
  std::string told = refusal.message;
  if (told.starts_with(kBefore)) told.erase(0, kBefore.size());
  std::ranges::replace(told, '\n', ' ');
  const Instant since = state.refused ? state.refused->at : now;
  if (!state.refused) state.refused = Refused{since, {}};
  std::erase_if(state.refused->missing, [&](const Missing& one) { return brings(batch, one); });
  add_missing(batch, told, state.refused->missing);
  return write(connection, {state});
}

Result<> note_back(store::Connection& connection, const Batch& batch) {
  VIGIE_TRY(std::vector<State> all, states(query_of(connection)));
  std::erase_if(all, [&](const State& one) { return one.map != batch.map || !one.refused; });
  for (State& one : all) strike_out(batch, one);
  return write(connection, all);
}

Result<bool> are_known(store::Connection& connection, const Batch& batch, const std::vector<Check>& checks) {
  VIGIE_TRY(const std::vector<State> before, states(query_of(connection)));
  std::size_t known = 0;
  for (const State& one : before) {
    if (one.map != batch.map) continue;
    const auto same = std::ranges::find(checks, one.name, &Check::name);
    if (same == checks.end() || same->text != one.text) return false;
    if (one.standing == Standing::not_judged && one.batch == 0) return false;  // all that it did was to refuse
    if (one.refused &&
        std::ranges::any_of(one.refused->missing, [&](const Missing& missing) { return brings(batch, missing); }))
      return false;
    ++known;
  }
  return known == checks.size();
}

Result<> look_again(const World& world, const Subject& subject, const Batch& none, const std::vector<Check>& checks,
                    bool all) {
  VIGIE_TRY(const std::vector<State> before, states(query_of(world.connection)));
  Round round(world, subject, none, nullptr, before);
  VIGIE_TRY(const std::vector<State> now, round.look(checks, true));
  VIGIE_CHECK(write(world.connection, now));
  return all ? forget_others(world.connection, none.map, checks) : Result<>();
}

}  // namespace vigie::checks
