#include "singer/kept.h"

#include <boost/json.hpp>

#include "base/json_writer.h"

namespace vigie::singer {
namespace {

using store::quote_text;
namespace json = boost::json;

/// Between the fields of a row on its way: no JSON holds it, for control characters are escaped there.
constexpr char kSeparator = '\x1f';

/// The engine's own room for a line.
constexpr std::size_t kRoom = 2'000'000;

constexpr std::string_view kArrivals = "vigie_singer", kMatches = "vigie_singer_match";
/// A record without key_properties is known by what it says, and by the how many-eth of its run it is that says so.
constexpr std::string_view kByContent = "content:";

std::string names_json(const std::vector<std::string>& names) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_array();
  for (const std::string& name : names) writer.text(name);
  writer.end_array();
  return out;
}

std::vector<std::string> names_in(const std::string& text) {
  boost::system::error_code ignored;  // it is our own
  const json::value root = json::parse(text, ignored);
  std::vector<std::string> out;
  if (root.is_array())
    for (const json::value& one : root.get_array())
      if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

}  // namespace

Result<> Kept::prepare(store::Database& database) {
  VIGIE_TRY(store::Connection connection, database.connect());
  return connection.execute(
      "CREATE TABLE IF NOT EXISTS _singer_streams(tap VARCHAR, stream VARCHAR, object VARCHAR, keys VARCHAR, columns "
      "VARCHAR, numbers VARCHAR, run BIGINT, is_read BOOLEAN);"
      "CREATE TABLE IF NOT EXISTS _singer_rows(tap VARCHAR, stream VARCHAR, key VARCHAR, version BIGINT, extracted "
      "VARCHAR, gone VARCHAR, since BIGINT, run BIGINT, piece BIGINT, record VARCHAR);");
}

Result<std::vector<Stream>> Kept::streams() {
  VIGIE_TRY(
      const store::ResultSet rows,
      connection_.query(fmt::format("SELECT stream, object, keys, columns, numbers, run, is_read FROM _singer_streams "
                                    "WHERE {} ORDER BY stream",
                                    of_tap())));
  std::vector<Stream> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Stream& stream = out.emplace_back();
    stream.name = rows.text(row, 0);
    stream.object = rows.text(row, 1);
    stream.keys = names_in(rows.text(row, 2));
    const std::vector<std::string> numbers = names_in(rows.text(row, 4));
    for (std::string& name : names_in(rows.text(row, 3))) {
      const bool number = std::ranges::find(numbers, name) != numbers.end();
      stream.columns.push_back({std::move(name), number});
    }
    stream.run = rows.int64(row, 5);
    stream.is_read = rows.boolean(row, 6);
  }
  return out;
}

Result<> Kept::keep(const Stream& stream) {
  std::vector<std::string> columns, numbers;
  for (const SchemaColumn& column : stream.columns) {
    columns.push_back(column.name);
    if (column.number) numbers.push_back(column.name);
  }
  return connection_.execute(fmt::format(
      "DELETE FROM _singer_streams WHERE {} AND stream = {}; INSERT INTO _singer_streams VALUES ({}, {}, {}, {}, {}, "
      "{}, {}, {})",
      of_tap(), quote_text(stream.name), quote_text(tap_), quote_text(stream.name), quote_text(stream.object),
      quote_text(names_json(stream.keys)), quote_text(names_json(columns)), quote_text(names_json(numbers)), stream.run,
      stream.is_read));
}

Result<std::vector<Settled>> Kept::settle(const Arrivals& arrivals, std::int64_t run, std::int64_t piece) {
  // A record of a stream without key: how many of this run say the same already.
  const std::string content = fmt::format("'{}' || md5(record)", kByContent);
  const std::string named =
      !arrivals.any_without_key
          ? "key"
          : fmt::format(
                "coalesce(key, {0} || '#' || (row_number() OVER (PARTITION BY stream, key, record ORDER BY n) + "
                "coalesce((SELECT count(*) FROM _singer_rows AS t WHERE t.{1} AND t.stream = a.stream AND t.run "
                "= {2} AND split_part(t.key, '#', 1) = {0}), 0)))",
                content, of_tap(), run);
  const std::size_t room = std::max(kRoom, arrivals.longest + 1);
  VIGIE_CHECK(connection_.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE {0} AS SELECT n, stream, {1} AS key, version, extracted, gone, record FROM "
      "(SELECT n::BIGINT AS n, stream, key, version::BIGINT AS version, extracted, gone, record FROM read_csv({2}, "
      "columns={{'n':'VARCHAR', 'stream':'VARCHAR', 'key':'VARCHAR', 'version':'VARCHAR', 'extracted':'VARCHAR', "
      "'gone':'VARCHAR', 'record':'VARCHAR'}}, header=false, auto_detect=false, delim=chr(31), quote='', escape='', "
      "strict_mode=false, max_line_size={3}, buffer_size={4})) AS a",
      kArrivals, named, quote_text(arrivals.file.string()), room, 2 * room)));
  VIGIE_TRY(
      const store::ResultSet all,
      connection_.query(fmt::format("SELECT stream, count(*) FROM {} GROUP BY stream ORDER BY stream", kArrivals)));
  VIGIE_CHECK(connection_.execute(fmt::format(
      "DELETE FROM {0} WHERE n NOT IN (SELECT max(n) FROM {0} GROUP BY stream, key);"
      "CREATE OR REPLACE TEMP TABLE {1} AS SELECT s.n, s.stream, t.rowid AS target, t.since, t.version AS version, "
      "t.record = s.record AND t.gone IS NOT DISTINCT FROM s.gone AS same FROM {0} AS s JOIN _singer_rows AS t ON "
      "t.{2} "
      "AND t.stream = s.stream AND t.key = s.key",
      kArrivals, kMatches, of_tap())));
  VIGIE_TRY(
      const store::ResultSet counts,
      connection_.query(fmt::format(
          "SELECT s.stream, count(*) FILTER (m.n IS NULL), count(*) FILTER (NOT m.same), count(*) FILTER (m.same) "
          "FROM {} AS s LEFT JOIN {} AS m ON m.n = s.n GROUP BY s.stream ORDER BY s.stream",
          kArrivals, kMatches)));
  VIGIE_CHECK(connection_.execute(fmt::format(
      "UPDATE _singer_rows AS t SET version = coalesce(s.version, t.version), run = {2} FROM {1} AS m, {0} AS s WHERE "
      "m.target = t.rowid AND m.n = s.n AND m.same;"
      "DELETE FROM _singer_rows WHERE rowid IN (SELECT target FROM {1} WHERE NOT same);"
      "INSERT INTO _singer_rows SELECT {4}, s.stream, s.key, coalesce(s.version, m.version), s.extracted, s.gone, "
      "coalesce(m.since, {3}), {2}, {3}, s.record FROM {0} AS s LEFT JOIN {1} AS m ON m.n = s.n WHERE m.n IS NULL OR "
      "NOT "
      "m.same ORDER BY s.n;"
      "DROP TABLE {0}; DROP TABLE {1}",
      kArrivals, kMatches, run, piece, quote_text(tap_))));
  std::vector<Settled> out;
  for (std::size_t row = 0; row < counts.rows(); ++row) {
    Settled& one =
        out.emplace_back(counts.text(row, 0), counts.int64(row, 1), counts.int64(row, 2), counts.int64(row, 3));
    one.repeated = all.int64(row, 1) - one.fresh - one.changed - one.unchanged;
  }
  return out;
}

Result<Kept::Counts> Kept::counts(const std::string& stream, std::int64_t version, std::int64_t run) {
  VIGIE_TRY(
      const store::ResultSet rows,
      connection_.query(fmt::format(
          "SELECT count(*) FILTER (version = {0}), count(*) FILTER (since < {1} OR version IS DISTINCT FROM {0}), "
          "count(*) FILTER (version IS DISTINCT FROM {0}) FROM _singer_rows WHERE {2} AND stream = {3} AND gone "
          "IS NULL",
          version, run, of_tap(), quote_text(stream))));
  return Counts{rows.int64(0, 0), rows.int64(0, 1), rows.int64(0, 2)};
}

Result<std::int64_t> Kept::activate(const std::string& stream, std::int64_t version, std::int64_t piece,
                                    const std::string& moment) {
  return connection_.execute_count(fmt::format(
      "UPDATE _singer_rows SET gone = {}, piece = {} WHERE {} AND stream = {} AND gone IS NULL AND version IS DISTINCT "
      "FROM {}",
      quote_text(moment), piece, of_tap(), quote_text(stream), version));
}

Result<std::string> Kept::note(const std::string& kind) {
  VIGIE_TRY(const store::ResultSet rows,
            connection_.query(fmt::format("SELECT value FROM _syncs WHERE source = {} AND kind = {}", quote_text(tap_),
                                          quote_text("singer." + kind))));
  return rows.rows() == 0 ? std::string() : rows.text(0, 0);
}

Result<> Kept::set_note(const std::string& kind, const std::string& value, std::int64_t moment) {
  return connection_.execute(fmt::format(
      "DELETE FROM _syncs WHERE source = {0} AND kind = {1}; INSERT INTO _syncs VALUES ({0}, '', {1}, '', {2}, 0, {3})",
      quote_text(tap_), quote_text("singer." + kind), quote_text(value), moment));
}

Result<std::int64_t> Kept::last_piece() {
  VIGIE_TRY(const store::ResultSet rows,
            connection_.query(fmt::format("SELECT coalesce(max(piece), 0) FROM _singer_rows WHERE {}", of_tap())));
  return rows.int64(0, 0);
}

Result<> Kept::write_rows(const std::string& stream, std::int64_t since, bool with_gone,
                          const std::filesystem::path& out) {
  return connection_.execute(fmt::format(
      "COPY (SELECT concat_ws(chr(31), key, coalesce(extracted, ''), coalesce(gone, ''), record) AS line FROM "
      "_singer_rows WHERE {} AND stream = {} AND piece > {}{} ORDER BY piece, rowid) TO {} (FORMAT csv, HEADER false, "
      "DELIMITER "
      "'\x1e', QUOTE '\x1d', ESCAPE '\x1d')",
      of_tap(), quote_text(stream), since, with_gone ? "" : " AND gone IS NULL", quote_text(out.string())));
}

KeptRow read_kept(std::string_view line) {
  // The engine quotes a line as it sees fit (one with a # in it), and no line holds the character it does that with.
  constexpr char kQuote = '\x1d';
  if (line.size() > 1 && line.front() == kQuote && line.back() == kQuote) line = line.substr(1, line.size() - 2);
  KeptRow out;
  for (std::string_view* field : {&out.key, &out.extracted, &out.gone}) {
    const std::size_t end = std::min(line.find(kSeparator), line.size());
    *field = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  out.json = line;
  return out;
}

void append_arrival(std::string& out, std::int64_t number, const std::string& stream, const Arrival& arrival) {
  out += fmt::format("{0}{1}{2}{1}{3}{1}{4}{1}{5}{1}{6}{1}", number, kSeparator, stream, arrival.key,
                     arrival.version ? std::to_string(*arrival.version) : "", arrival.extracted, arrival.gone);
  out += arrival.json;
  out += '\n';
}

}  // namespace vigie::singer
