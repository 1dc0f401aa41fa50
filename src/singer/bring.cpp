#include "singer/bring.h"

#include <fstream>
#include <unordered_map>

#include "base/json_text.h"
#include "ingest/map.h"
#include "presets/columns.h"
#include "singer/streams.h"
#include "sources/rows_file.h"

namespace vigie::singer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtracted = "_sdc_extracted_at", kDeleted = "_sdc_deleted_at", kKey = "_sdc_key";
/// The name by which an object of a preset says that it tells deletions.
constexpr std::string_view kIsDeleted = "_sdc_deleted";
constexpr std::string_view kMapNote = "singer.brought";

/// The columns of a stream, and what stands beside each of its records.
class Layout {
 public:
  explicit Layout(const Stream& stream) {
    for (const SchemaColumn& column : stream.columns) place(column.name, column.number);
    for (const std::string_view own : {kExtracted, kDeleted, kKey}) place(std::string(own), false);
  }
  const std::vector<std::string>& names() const { return names_; }
  std::vector<ingest::Supply::Written> written() const { return written_; }
  void read(std::string_view line, std::vector<std::string>& cells) const {
    const KeptRow row = read_kept(line);
    cells.assign(names_.size(), {});
    for (auto& [name, value] : json_members(row.json))
      if (const auto known = places_.find(name); known != places_.end()) cells[known->second] = std::move(value);
    // A row that is gone was told of last when it was found to be.
    std::string& extracted = cells[places_.at(std::string(kExtracted))];
    if (!row.gone.empty() || extracted.empty()) extracted = row.gone.empty() ? row.extracted : row.gone;
    cells[places_.at(std::string(kDeleted))] = row.gone;
    cells[places_.at(std::string(kKey))] = row.key;
  }
  bool is_gone(const std::vector<std::string>& cells) const {
    return !cells[places_.at(std::string(kDeleted))].empty();
  }

 private:
  void place(std::string name, bool number) {
    if (!places_.emplace(name, names_.size()).second) return;
    names_.push_back(std::move(name));
    written_.push_back(number ? ingest::Supply::Written::number : ingest::Supply::Written::text);
  }
  std::vector<std::string> names_;
  std::vector<ingest::Supply::Written> written_;
  std::unordered_map<std::string, std::size_t> places_;
};

Result<> write_cells(const std::vector<std::string>& cells, sources::RowsFile& out) {
  std::vector<std::optional<std::string_view>> values;
  values.reserve(cells.size());
  for (const std::string& cell : cells)
    values.push_back(cell.empty() ? std::nullopt : std::optional<std::string_view>(cell));
  return out.row(values);
}

class Bringing {
 public:
  Bringing(const Context& context, const Order& order, const presets::Preset* preset, std::string tap, Report& report,
           store::Connection connection, const fs::path& scratch)
      : context_(context),
        order_(order),
        preset_(preset),
        tap_(std::move(tap)),
        report_(report),
        connection_(std::move(connection)),
        kept_(connection_, tap_),
        scratch_(scratch) {}

  Result<> all() {
    VIGIE_TRY(streams_, kept_.streams());
    VIGIE_TRY(last_, kept_.last_piece());
    if (last_ == 0) return {};
    VIGIE_TRY(const auto notes, ingest::notes_of(context_.ingest.database, tap_));
    for (const ingest::Note& note : notes)
      if (note.kind == kMapNote) brought_[note.map] = note.value;
    return preset_ != nullptr ? bring_preset() : bring_maps();
  }

 private:
  Result<ingest::Map> load(const fs::path& file) const {
    return ingest::Map::load(file, context_.ingest.model, context_.ingest.calendar.zone().name());
  }
  std::string note_of(const ingest::Map& map) const { return fmt::format("{} {}", map.digest, last_); }

  /// In the transaction of the map's rows it is noted up to which piece they go.
  void import(ingest::Request request, const ingest::Map& map) {
    request.notes = {{tap_, map.id, std::string(kMapNote), "", note_of(map)}};
    const Result<ingest::Receipt> receipt = ingest::run(context_.ingest, request);
    if (!receipt) {
      report_.told.push_back(receipt.error());
      return;
    }
    if (auto refused = ingest::nothing_taken(*receipt)) report_.told.push_back(*std::move(refused));
    else report_.receipts.push_back(*receipt);
  }

  Result<> bring_preset() {
    std::set<std::string> objects;
    for (const Stream& stream : streams_)
      if (stream.is_read && !stream.object.empty()) objects.insert(stream.object);
    std::vector<ingest::Map> maps;
    for (const presets::Step& step : preset_->steps) {
      if (!step.runs(objects)) continue;
      VIGIE_TRY(ingest::Map map, load(preset_->map_file(step)));
      const auto known = brought_.find(map.id);
      if (known == brought_.end() || known->second != note_of(map)) maps.push_back(std::move(map));
    }
    for (const presets::Object& object : preset_->objects)
      if (object.needed && !objects.contains(object.name)) {
        report_.told.push_back(fail(ErrorKind::data, "preset.needed",
                                    fmt::format("{} needs {}, and no stream is of it", preset_->id, object.name), {},
                                    "select that stream of the tap too; the records that came are kept")
                                   .error());
        return {};
      }
    if (maps.empty()) return {};
    for (const presets::Object& object : preset_->objects) VIGIE_CHECK(write_object(object));
    for (const ingest::Map& map : maps) {
      ingest::Request request;
      request.map_file = map.file;
      request.folder = scratch_;
      import(std::move(request), map);
    }
    return {};
  }

  Result<> write_object(const presets::Object& object) {
    VIGIE_TRY(sources::RowsFile out, sources::RowsFile::make(scratch_));
    std::vector<std::string> names;
    std::optional<std::size_t> mark;  // of a row that is gone
    for (const presets::ObjectColumn& column : object.columns) {
      if (std::ranges::find(column.called, kIsDeleted) != column.called.end()) mark = names.size();
      names.push_back(column.name);
    }
    VIGIE_CHECK(out.header(names));
    for (const Stream& stream : streams_)
      if (stream.is_read && stream.object == object.name) VIGIE_CHECK(write_stream(stream, object, mark, out));
    VIGIE_CHECK(out.close());
    std::error_code problem;
    fs::rename(out.path(), scratch_ / object.name, problem);
    if (problem)
      return fail(ErrorKind::unavailable, "file.unwritable",
                  fmt::format("{} cannot be written", (scratch_ / object.name).string()));
    return {};
  }

  Result<> write_stream(const Stream& stream, const presets::Object& object, std::optional<std::size_t> mark,
                        sources::RowsFile& out) {
    const Layout layout(stream);
    presets::ObjectInFile inside(object, layout.names());
    std::int64_t left_out = 0;
    VIGIE_CHECK(each_row(stream, 0, true, layout, [&](const std::vector<std::string>& cells) -> Result<> {
      if (layout.is_gone(cells) && !mark) {
        ++left_out;
        return {};
      }
      inside.look_at(cells);
      std::vector<std::string> row = inside.row(cells);
      if (layout.is_gone(cells)) row[*mark] = "true";
      return write_cells(row, out);
    }));
    if (left_out > 0)
      report_.told.push_back(
          fail(ErrorKind::data, "singer.gone",
               fmt::format("{} rows of {} are gone at their source, and {} tells no deletion of {}", left_out,
                           stream.name, preset_->id, object.name),
               {}, "what they brought earlier stays; a map of your own with mode: snapshot would delete it")
              .error());
    return {};
  }

  template <class Take>
  Result<> each_row(const Stream& stream, std::int64_t since, bool with_gone, const Layout& layout, Take&& take) {
    const fs::path file = scratch_ / "rows";
    VIGIE_CHECK(kept_.write_rows(stream.name, since, with_gone, file));
    std::ifstream lines(file, std::ios::binary);
    std::vector<std::string> cells;
    for (std::string line; std::getline(lines, line);) {
      layout.read(line, cells);
      VIGIE_CHECK(take(cells));
    }
    if (lines.bad())
      return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("{} cannot be read", file.string()));
    return {};
  }

  Result<> bring_maps() {
    for (const auto& [name, file] : order_.maps) {
      VIGIE_TRY(const ingest::Map map, load(file));
      const auto stream = std::ranges::find(streams_, name, &Stream::name);
      if (stream != streams_.end()) VIGIE_CHECK(bring_map(map, *stream));
    }
    return {};
  }

  Result<> bring_map(const ingest::Map& map, const Stream& stream) {
    const std::string known = brought_.contains(map.id) ? brought_.at(map.id) : std::string();
    if (known == note_of(map)) return {};
    const bool snapshot = map.mode == ingest::Mode::snapshot || map.mode == ingest::Mode::snapshot_of_dates;
    const bool row_by_row = !snapshot && !map.query;
    std::int64_t since = 0;  // a map that looks at a row by itself reads those alone that are new
    if (row_by_row && known.starts_with(map.digest + " ")) since = std::stoll(known.substr(map.digest.size() + 1));
    VIGIE_TRY(sources::RowsFile out, sources::RowsFile::make(scratch_));
    const Layout layout(stream);
    VIGIE_CHECK(out.header(layout.names()));
    VIGIE_CHECK(each_row(stream, since, !snapshot, layout,
                         [&](const std::vector<std::string>& cells) { return write_cells(cells, out); }));
    VIGIE_CHECK(out.close());
    ingest::Request request;
    request.map_file = map.file;
    request.supply = ingest::Supply{out.path(), fmt::format("{}: {}", tap_, stream.name),
                                    fmt::format("{}: {}", tap_, stream.name), since == 0, layout.written()};
    import(std::move(request), map);
    return {};
  }

  const Context& context_;
  const Order& order_;
  const presets::Preset* preset_;
  const std::string tap_;
  Report& report_;
  store::Connection connection_;
  Kept kept_;
  const fs::path& scratch_;
  std::vector<Stream> streams_;
  std::int64_t last_ = 0;
  std::map<std::string, std::string> brought_;
};

}  // namespace

Result<> bring(const Context& context, const Order& order, const presets::Preset* preset, const std::string& tap,
               Report& report) {
  VIGIE_TRY(const auto scratch, OwnFolder::in(context.workspace));
  VIGIE_TRY(store::Connection connection, context.ingest.database.connect());
  return Bringing(context, order, preset, tap, report, std::move(connection), scratch->path()).all();
}

Result<> check_maps(const Context& context, const Order& order) {
  for (const auto& [stream, file] : order.maps) {
    VIGIE_TRY(const ingest::Map map,
              ingest::Map::load(file, context.ingest.model, context.ingest.calendar.zone().name()));
    if (map.inputs.size() != 1)
      return fail(ErrorKind::usage, "singer.map",
                  fmt::format("{} has {} inputs: a stream gives the rows of one", map.id, map.inputs.size()), map.where,
                  "bring each stream through a map of its own");
    if (map.hashes() && map.query)
      return fail(ErrorKind::usage, "singer.hash",
                  fmt::format("{} hashes columns of its query, and rows of a tap are kept before it", map.id),
                  map.where, "hash them in a map with input: from_source: true, which names the columns of the stream");
    if (map.keyed_by_row())
      return fail(ErrorKind::usage, "singer.map",
                  fmt::format("{} has no key, and a stream brings a row again when it changes", map.id), map.where,
                  "say key: with the column of key_properties; where the stream has none, key: _sdc_key");
  }
  return {};
}

}  // namespace vigie::singer
