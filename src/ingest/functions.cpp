#include "ingest/functions.h"

#include <array>
#include <cstring>
#include <limits>
#include <mutex>

#include "base/json_text.h"
#include "base/text.h"
#include "calendar/zone.h"
#include "expr/quantity.h"
#include "ingest/date_format.h"
#include "ingest/map_reader.h"
#include "ingest/number_format.h"
#include "ingest/place_functions.h"
#include "ingest/sql_function.h"
#include "model/currency.h"

namespace vigie::ingest {
namespace {

constexpr char kSeparator = '\x1e';

void set_text(duckdb_vector output, idx_t row, std::string_view value) {
  duckdb_vector_assign_string_element_len(output, row, value.data(), value.size());
}

/// Zones are dear to look up and shared by all threads.
class Zones {
 public:
  std::shared_ptr<const calendar::Zone> find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    auto& zone = zones_[std::string(name)];
    if (zone == nullptr)
      if (auto found = calendar::Zone::find(name)) zone = std::move(*found);
    return zone;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const calendar::Zone>> zones_;
};

constexpr std::string_view kBlanks[] = {" ",        "\t",           "\r",           "\n",
                                        "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", "\xEF\xBB\xBF"};

std::string_view trimmed(std::string_view text) {
  const auto may_be_blank = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) > 127;
  };
  for (bool again = !text.empty(); again;) {
    again = false;
    if (text.empty()) return text;
    if (may_be_blank(text.front()))
      for (const std::string_view blank : kBlanks)
        if (text.starts_with(blank)) {
          text.remove_prefix(blank.size());
          again = true;
          break;
        }
    if (text.empty()) return text;
    if (may_be_blank(text.back()))
      for (const std::string_view blank : kBlanks)
        if (text.ends_with(blank)) {
          text.remove_suffix(blank.size());
          again = true;
          break;
        }
  }
  return text;
}

/// Texts of at most twelve bytes lie in the vector itself; only longer ones are the engine's to store.
void set_short_text(Output<duckdb_string_t>& out, duckdb_vector output, idx_t row, std::string_view text) {
  duckdb_string_t value{};
  if (text.size() > sizeof(value.value.inlined.inlined)) return set_text(output, row, text);
  value.value.inlined.length = static_cast<std::uint32_t>(text.size());
  std::memcpy(value.value.inlined.inlined, text.data(), text.size());
  out.set(row, value);
}

void trim_texts(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(input, 0);
  const std::string_view listed = Texts(input, 1).constant(rows);
  const std::vector<std::string> nulls = listed.empty() ? std::vector<std::string>() : split(listed, kSeparator);
  const auto means_null = [&](std::string_view text) {
    return text.empty() || std::ranges::find(nulls, text) != nulls.end();
  };
  const auto stays = [&](idx_t row) {
    if (texts.is_null(row)) return true;
    const std::string_view text = texts.at(row);
    return !means_null(text) && trimmed(text).size() == text.size();
  };
  idx_t same = 0;
  while (same < rows && stays(same)) ++same;
  // Most columns come without blanks: then nothing is copied.
  if (same == rows) return duckdb_vector_reference_vector(output, duckdb_data_chunk_get_vector(input, 0));
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    const std::string_view text = texts.is_null(row) ? std::string_view() : trimmed(texts.at(row));
    if (means_null(text)) validity.set_null(row);
    else set_short_text(validity, output, row, text);
  }
}

template <int kScale>
void read_numbers(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(input, 0);
  const NumberFormat format = NumberFormat::from_text(Texts(input, 1).constant(rows));
  Output<std::int64_t> out(output);
  for (idx_t row = 0; row < rows; ++row) {
    const Units units = texts.is_null(row) ? Units{0, Fault::number} : read_number(texts.at(row), format, kScale);
    if (units.fault == Fault::none) out.set(row, units.value);
    else out.set_null(row);
  }
}

/// The format as a map says it: {decimal: ",", thousands: " ", symbols: true}.
Result<NumberFormat> format_as_written(std::string_view text) {
  NumberFormat out;
  VIGIE_TRY(const YamlNode node, YamlNode::parse(text, "vigie_number"));
  if (node.kind() != YamlNode::Kind::mapping)
    return node.error("map.option", "vigie_number wants how the numbers are written, as a map says it, in braces");
  VIGIE_CHECK(node.known_keys({"decimal", "thousands", "symbols", "parentheses", "round", "factor", "magnitudes"}));
  VIGIE_CHECK(read_number_options(node, out));
  return out;
}

void read_written_numbers(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const Texts texts(input, 0);
  const auto format = format_as_written(Texts(input, 1).constant(rows));
  if (!format) return duckdb_scalar_function_set_error(info, format.error().text().c_str());
  Output<std::int64_t> out(output);
  for (idx_t row = 0; row < rows; ++row) {
    const Units units = texts.is_null(row) ? Units{0, Fault::number} : read_number(texts.at(row), *format, 4);
    if (units.fault == Fault::none) out.set(row, units.value);
    else out.set_null(row);
  }
}

void read_days(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(input, 0);
  DateFormat format = DateFormat::from_text(Texts(input, 1).constant(rows));
  format.date_only = true;
  Output<std::int32_t> out(output);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      out.set_null(row);
      continue;
    }
    const Moment moment = read_moment(texts.at(row), format);
    if (moment.fault == Fault::none) out.set(row, moment.day.days);
    else out.set_null(row);
  }
}

/// Local time → instant for the days of one chunk: most days have one offset from end to end, and rows of a file lie
/// close together, so the zone's table is searched once a day, not once a row.
class LocalClock {
 public:
  explicit LocalClock(const calendar::Zone& zone) : zone_(zone) {}

  Instant instant(Date day, std::int64_t micros_of_day) {
    const std::int64_t local = day.days * kMicrosPerDay + micros_of_day;
    const Entry& entry = entry_of(day);
    return entry.whole ? Instant{local - entry.offset} : zone_.from_local(local);
  }

 private:
  struct Entry {
    std::int32_t day = std::numeric_limits<std::int32_t>::min();
    bool whole = false;
    std::int64_t offset = 0;
  };

  const Entry& entry_of(Date day) {
    Entry& entry = entries_[static_cast<std::size_t>(day.days) % entries_.size()];
    if (entry.day == day.days) return entry;
    const std::int64_t begin = day.days * kMicrosPerDay, end = begin + kMicrosPerDay;
    entry.day = day.days;
    entry.offset = begin - zone_.from_local(begin).micros;
    const std::int64_t last = end - zone_.from_local(end).micros;
    // Equal at both ends, and no change of offset between: a day of 24 hours in one stretch.
    entry.whole = entry.offset == last &&
                  zone_.transitions(Instant{begin - entry.offset}, Instant{end - entry.offset + 1}).size() == 1;
    return entry;
  }

  const calendar::Zone& zone_;
  std::array<Entry, 512> entries_;
};

Instant instant_of(const Moment& moment, LocalClock& written, const calendar::Zone& reporting) {
  if (!moment.has_time) return reporting.start_of(moment.day);
  if (moment.offset_minutes)
    return Instant{moment.day.days * kMicrosPerDay + moment.micros_of_day -
                   *moment.offset_minutes * 60 * kMicrosPerSecond};
  return written.instant(moment.day, moment.micros_of_day);
}

Moment no_moment() {
  Moment out;
  out.fault = Fault::date;
  return out;
}

void read_moments(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const Texts texts(input, 0);
  const DateFormat format = DateFormat::from_text(Texts(input, 1).constant(rows));
  Zones& zones = *static_cast<Zones*>(duckdb_scalar_function_get_extra_info(info));
  const auto reporting = zones.find(Texts(input, 2).constant(rows));
  const auto written = zones.find(format.zone);
  if (reporting == nullptr || written == nullptr) return duckdb_scalar_function_set_error(info, "unknown time zone");

  Output<std::int64_t> at(duckdb_struct_vector_get_child(output, 0));
  Output<std::int32_t> day(duckdb_struct_vector_get_child(output, 1));
  Output<std::int16_t> off(duckdb_struct_vector_get_child(output, 2));
  Output<bool> bare(duckdb_struct_vector_get_child(output, 3));
  LocalClock clock(*written);
  for (idx_t row = 0; row < rows; ++row) {
    const Moment moment = texts.is_null(row) ? no_moment() : read_moment(texts.at(row), format);
    if (moment.fault != Fault::none) {
      at.set_null(row), day.set_null(row), off.set_null(row), bare.set_null(row);
      continue;
    }
    const Instant instant = instant_of(moment, clock, *reporting);
    at.set(row, instant.micros);
    day.set(row, moment.has_time ? reporting->day_of(instant).days : moment.day.days);
    off.set(row, static_cast<std::int16_t>(reporting->offset_minutes(instant)));
    bare.set(row, !moment.has_time);
  }
}

void read_members(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts objects(input, 0);
  const std::string_view name = Texts(input, 1).constant(rows);
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    const auto value = objects.is_null(row) ? std::nullopt : json_member(objects.at(row), name);
    if (value) set_text(output, row, *value);
    else validity.set_null(row);
  }
}

Fault fault_of(std::string_view kind, std::string_view text, std::string_view format) {
  if (kind == "decimal4") return read_number(text, NumberFormat::from_text(format), 4).fault;
  if (kind == "decimal8") return read_number(text, NumberFormat::from_text(format), 8).fault;
  if (kind == "integer") {
    const Fault fault = read_number(text, NumberFormat::from_text(format), 0).fault;
    return fault == Fault::precision ? Fault::integer : fault;
  }
  if (kind == "date") return read_moment(text, DateFormat::from_text(format)).fault;
  if (kind == "currency") return expr::looks_like_currency(model::in_capitals(text)) ? Fault::none : Fault::currency;
  return Fault::none;
}

void name_faults(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const std::string_view kind = Texts(input, 0).constant(rows);
  const Texts texts(input, 1);
  const std::string_view format = Texts(input, 2).constant(rows);
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    const Fault fault = texts.is_null(row) ? Fault::none : fault_of(kind, texts.at(row), format);
    if (fault == Fault::none) validity.set_null(row);
    else set_text(output, row, code_of(fault));
  }
}

duckdb_logical_type moment_type() {
  const LogicalType at(simple(DUCKDB_TYPE_BIGINT)), day(simple(DUCKDB_TYPE_INTEGER)), off(simple(DUCKDB_TYPE_SMALLINT)),
      bare(simple(DUCKDB_TYPE_BOOLEAN));
  duckdb_logical_type types[] = {at.get(), day.get(), off.get(), bare.get()};
  const char* names[] = {"at", "day", "off", "bare"};
  return duckdb_create_struct_type(types, names, 4);
}

void delete_zones(void* zones) { delete static_cast<Zones*>(zones); }

Result<> add(duckdb_connection connection, const Signature& signature) {
  return add_function(connection, signature, {new Zones, delete_zones}, Calls::pure);
}

std::vector<duckdb_logical_type> texts(int count) {
  std::vector<duckdb_logical_type> out;
  for (int i = 0; i < count; ++i) out.push_back(simple(DUCKDB_TYPE_VARCHAR));
  return out;
}

duckdb_logical_type decimal(std::uint8_t scale) { return duckdb_create_decimal_type(18, scale); }

}  // namespace

Result<> add_function(duckdb_connection connection, const Signature& signature, FunctionState state, Calls calls) {
  const LogicalType result(signature.result);
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, signature.name);
  for (const duckdb_logical_type argument : signature.arguments) {
    const LogicalType owned(argument);
    duckdb_scalar_function_add_parameter(function, owned.get());
  }
  duckdb_scalar_function_set_return_type(function, result.get());
  duckdb_scalar_function_set_special_handling(function);
  if (calls == Calls::with_effects) duckdb_scalar_function_set_volatile(function);
  duckdb_scalar_function_set_extra_info(function, state.state, state.destroy);
  duckdb_scalar_function_set_function(function, signature.body);
  const duckdb_state done = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (done != DuckDBSuccess)
    return fail(ErrorKind::internal, "engine.failed",
                fmt::format("the engine did not take the function {}", signature.name));
  return {};
}

Result<> register_functions(store::Database& database, const std::shared_ptr<Privacy>& privacy) {
  VIGIE_TRY(store::Connection connection, database.connect());
  // The engine's own list of its functions takes longer than many a question; the call fails where there is none.
  if (connection.query("SELECT vigie_trim('', '')")) return {};
  auto* const handle = static_cast<duckdb_connection>(connection.native());
  VIGIE_CHECK(add(handle, {"vigie_trim", texts(2), simple(DUCKDB_TYPE_VARCHAR), guarded<trim_texts>}));
  VIGIE_CHECK(add(handle, {"vigie_decimal4", texts(2), decimal(4), guarded<read_numbers<4>>}));
  VIGIE_CHECK(add(handle, {"vigie_number", texts(2), decimal(4), guarded<read_written_numbers>}));
  VIGIE_CHECK(add(handle, {"vigie_decimal8", texts(2), decimal(8), guarded<read_numbers<8>>}));
  VIGIE_CHECK(add(handle, {"vigie_integer", texts(2), simple(DUCKDB_TYPE_BIGINT), guarded<read_numbers<0>>}));
  VIGIE_CHECK(add(handle, {"vigie_day", texts(2), simple(DUCKDB_TYPE_INTEGER), guarded<read_days>}));
  VIGIE_CHECK(add(handle, {"vigie_json", texts(2), simple(DUCKDB_TYPE_VARCHAR), guarded<read_members>}));
  VIGIE_CHECK(add(handle, {"vigie_moment", texts(3), moment_type(), guarded<read_moments>}));
  VIGIE_CHECK(add(handle, {"vigie_fault", texts(3), simple(DUCKDB_TYPE_VARCHAR), guarded<name_faults>}));
  if (privacy != nullptr) VIGIE_CHECK(add_privacy_functions(handle, privacy));
  return add_place_functions(handle);
}

std::string joined_texts(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    if (!out.empty()) out += kSeparator;
    out += text;
  }
  return out;
}

}  // namespace vigie::ingest
