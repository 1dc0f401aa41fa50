#include "ingest/place_functions.h"

#include <map>
#include <mutex>

#include "ingest/key_set.h"
#include "ingest/places.h"
#include "ingest/sql_function.h"

namespace vigie::ingest {
namespace {

/// What is open in one database, by number.
template <class T>
class Registry {
 public:
  std::int64_t open(std::size_t rows) {
    auto made = std::make_shared<T>(rows);
    const std::lock_guard lock(mutex_);
    open_.emplace(++last_, std::move(made));
    return last_;
  }
  std::shared_ptr<T> find(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(number);
    return found == open_.end() ? nullptr : found->second;
  }
  void close(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    open_.erase(number);
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<T>> open_;
  std::int64_t last_ = 0;
};

template <class T>
using Shared = std::shared_ptr<Registry<T>>;

template <class T>
Registry<T>& registry_of(duckdb_function_info info) {
  return **static_cast<Shared<T>*>(duckdb_scalar_function_get_extra_info(info));
}

/// What a chunk's first argument names; null, and an error, when it is not open.
template <class T>
std::shared_ptr<T> open_one(duckdb_function_info info, duckdb_data_chunk input) {
  auto found = registry_of<T>(info).find(Values<std::int64_t>(input, 0).at(0));
  if (found == nullptr) duckdb_scalar_function_set_error(info, "nothing is open under that number");
  return found;
}

template <class T>
void open(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  Output<std::int64_t> out(output);
  const Values<std::int64_t> rows(input, 0);
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row)
    out.set(row, registry_of<T>(info).open(static_cast<std::size_t>(rows.at(row))));
}

void note_places(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const auto places = open_one<Places>(info, input);
  if (places == nullptr) return;
  const Values<std::int64_t> row(input, 1), owner(input, 2), at(input, 4), key(input, 8);
  const Values<std::int32_t> kind(input, 3), day(input, 5);
  const Values<std::int16_t> off(input, 6);
  const Values<bool> bare(input, 7);
  Output<bool> out(output);
  for (idx_t i = 0; i < rows; ++i) {
    const auto place = static_cast<std::size_t>(row.at(i));
    if (place >= places->rows()) return duckdb_scalar_function_set_error(info, "a row beyond its places");
    places->note(place, {owner.at(i), at.at(i), key.at(i), day.at(i), off.at(i), bare.at(i),
                         static_cast<std::uint8_t>(kind.at(i))});
    out.set(i, true);
  }
}

void settle_places(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  if (duckdb_data_chunk_get_size(input) == 0) return;
  const auto places = open_one<Places>(info, input);
  if (places == nullptr) return;
  places->settle(static_cast<int>(Values<std::int64_t>(input, 1).at(0)));
  Output<bool>(output).set(0, true);
}

template <class T>
void close(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  Output<bool> out(output);
  const Values<std::int64_t> number(input, 0);
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row) {
    registry_of<T>(info).close(number.at(row));
    out.set(row, true);
  }
}

void add_keys(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const auto keys = open_one<KeySet>(info, input);
  if (keys == nullptr) return;
  const Values<std::int64_t> key(input, 1);
  Output<bool> out(output);
  for (idx_t row = 0; row < rows; ++row) keys->fetch(key.at(row));  // a null's is any number: fetched for nothing
  for (idx_t row = 0; row < rows; ++row) out.set(row, !key.is_null(row) && keys->add(key.at(row)));
}

void find_news(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const auto seen = open_one<SeenKeys>(info, input);
  if (seen == nullptr) return;
  const Values<std::int64_t> key(input, 1);
  const Texts text(input, 2);
  Output<bool> out(output);
  for (idx_t row = 0; row < rows; ++row) seen->fetch(key.at(row));
  for (idx_t row = 0; row < rows; ++row)
    out.set(row, !key.is_null(row) && !text.is_null(row) && seen->is_news(key.at(row), text.at(row)));
}

/// The columns of one neighbour, from a given member of the result on.
class Side {
 public:
  Side(duckdb_vector output, idx_t first)
      : at_(duckdb_struct_vector_get_child(output, first)),
        day_(duckdb_struct_vector_get_child(output, first + 1)),
        off_(duckdb_struct_vector_get_child(output, first + 2)),
        bare_(duckdb_struct_vector_get_child(output, first + 3)),
        key_(duckdb_struct_vector_get_child(output, first + 4)) {}

  void set(idx_t row, const Places::Stop* stop) {
    if (stop == nullptr) {
      at_.set_null(row), day_.set_null(row), off_.set_null(row), bare_.set_null(row), key_.set_null(row);
      return;
    }
    at_.set(row, stop->at), day_.set(row, stop->day), off_.set(row, stop->offset), bare_.set(row, stop->bare);
    key_.set(row, stop->key);
  }

 private:
  Output<std::int64_t> at_;
  Output<std::int32_t> day_;
  Output<std::int16_t> off_;
  Output<bool> bare_;
  Output<std::int64_t> key_;
};

void tell_places(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const auto places = open_one<Places>(info, input);
  if (places == nullptr) return;
  const Values<std::int64_t> row(input, 1);
  Output<std::int32_t> nth(duckdb_struct_vector_get_child(output, 0));
  Side before(output, 1), after(output, 6);
  for (idx_t i = 0; i < rows; ++i)
    if (const auto place = static_cast<std::size_t>(row.at(i)); place < places->rows()) places->fetch(place);
  for (idx_t i = 0; i < rows; ++i) {
    const auto place = static_cast<std::size_t>(row.at(i));
    if (place >= places->rows()) return duckdb_scalar_function_set_error(info, "a row beyond its places");
    if (places->nth(place) == 0) nth.set_null(i);
    else nth.set(i, places->nth(place));
    before.set(i, places->before(place));
    after.set(i, places->after(place));
  }
}

duckdb_logical_type place_type() {
  static constexpr const char* kNames[] = {"nth",          "prev_at",      "prev_at_day", "prev_at_off",
                                           "prev_at_bare", "prev_key",     "next_at",     "next_at_day",
                                           "next_at_off",  "next_at_bare", "next_key"};
  static constexpr duckdb_type kSide[] = {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_SMALLINT,
                                          DUCKDB_TYPE_BOOLEAN, DUCKDB_TYPE_BIGINT};
  std::vector<duckdb_logical_type> types = {simple(DUCKDB_TYPE_INTEGER)};
  for (int side = 0; side < 2; ++side)
    for (const duckdb_type type : kSide) types.push_back(simple(type));
  const duckdb_logical_type out =
      duckdb_create_struct_type(types.data(), const_cast<const char**>(kNames), types.size());
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  return out;
}

template <class T>
void delete_registry(void* shared) {
  delete static_cast<Shared<T>*>(shared);
}

constexpr auto kLong = DUCKDB_TYPE_BIGINT, kInt = DUCKDB_TYPE_INTEGER, kShort = DUCKDB_TYPE_SMALLINT,
               kFlag = DUCKDB_TYPE_BOOLEAN;

/// The functions over one kind of thing, which share what is open.
template <class T>
class Family {
 public:
  explicit Family(duckdb_connection connection) : connection_(connection) {}
  Result<> add(const char* name, const std::vector<duckdb_type>& arguments, duckdb_logical_type result,
               duckdb_scalar_function_t body) {
    std::vector<duckdb_logical_type> types;
    for (const duckdb_type type : arguments) types.push_back(simple(type));
    return add_function(connection_, {name, types, result, body}, {new Shared<T>(shared_), delete_registry<T>},
                        Calls::with_effects);
  }

 private:
  duckdb_connection connection_;
  Shared<T> shared_ = std::make_shared<Registry<T>>();
};

}  // namespace

Result<> add_place_functions(duckdb_connection connection) {
  Family<Places> places(connection);
  VIGIE_CHECK(places.add("vigie_places_open", {kLong}, simple(kLong), guarded<open<Places>>));
  VIGIE_CHECK(places.add("vigie_place_note", {kLong, kLong, kLong, kInt, kLong, kInt, kShort, kFlag, kLong},
                         simple(kFlag), guarded<note_places>));
  VIGIE_CHECK(places.add("vigie_places_settle", {kLong, kLong}, simple(kFlag), guarded<settle_places>));
  VIGIE_CHECK(places.add("vigie_place", {kLong, kLong}, place_type(), guarded<tell_places>));
  VIGIE_CHECK(places.add("vigie_places_close", {kLong}, simple(kFlag), guarded<close<Places>>));
  Family<KeySet> keys(connection);
  VIGIE_CHECK(keys.add("vigie_keys_open", {kLong}, simple(kLong), guarded<open<KeySet>>));
  VIGIE_CHECK(keys.add("vigie_keys_add", {kLong, kLong}, simple(kFlag), guarded<add_keys>));
  VIGIE_CHECK(keys.add("vigie_keys_close", {kLong}, simple(kFlag), guarded<close<KeySet>>));
  Family<SeenKeys> seen(connection);
  VIGIE_CHECK(seen.add("vigie_seen_open", {kLong}, simple(kLong), guarded<open<SeenKeys>>));
  VIGIE_CHECK(seen.add("vigie_seen_news", {kLong, kLong, DUCKDB_TYPE_VARCHAR}, simple(kFlag), guarded<find_news>));
  return seen.add("vigie_seen_close", {kLong}, simple(kFlag), guarded<close<SeenKeys>>);
}

}  // namespace vigie::ingest
