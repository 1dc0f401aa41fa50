#include "propose/propose.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"
#include "propose/known_export.h"
#include "propose/map_text.h"
#include "propose/preview.h"
#include "propose/reshaped.h"
#include "tongue/french.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kTablesTold = 5;
constexpr std::string_view kTimeZone = "UTC";  ///< maps are only judged here: any zone does

class Proposing {
 public:
  explicit Proposing(const Material& material) : m_(material) {}

  Result<Proposal> run() {
    VIGIE_CHECK(check_wishes());
    sorted_ = matches(m_.sketch, m_.written, m_.file, m_.vocabulary);
    tell_tables();
    const KnownExport* known = m_.wishes.table.empty() ? recognised(m_.sketch, m_.vocabulary) : nullptr;
    if (known != nullptr) VIGIE_CHECK(take_export(*known));
    else VIGIE_CHECK(take_table());
    if (!out_.maps.empty()) out_.table = out_.maps.front().table;
    in_language();
    return std::move(out_);
  }

 private:
  Result<> check_wishes() const {
    if (m_.sketch.columns().empty())
      return fail(ErrorKind::data, "propose.empty", fmt::format("{} is empty, or holds blanks alone", m_.file.called()),
                  {}, "a map is proposed for a table with a header and rows");
    if (!m_.wishes.table.empty() && m_.vocabulary.find(m_.wishes.table) == nullptr)
      return fail(ErrorKind::usage, "propose.table",
                  fmt::format("no map is proposed for a table \"{}\"", m_.wishes.table), {},
                  suggestion(m_.wishes.table, m_.model.table_names()));
    ingest::DateFormat iso;
    if (!m_.wishes.day.empty() && ingest::read_moment(m_.wishes.day, iso).fault != ingest::Fault::none)
      return fail(ErrorKind::usage, "propose.day", fmt::format("\"{}\" is not a day", m_.wishes.day), {},
                  "a day is written 2025-01-31");
    VIGIE_CHECK(check_names("propose.key", m_.wishes.key));
    VIGIE_CHECK(check_names("propose.without", m_.wishes.without));
    for (const auto& [name, target] : m_.wishes.columns) VIGIE_CHECK(check_names("propose.column", {name}));
    if (!m_.wishes.amounts.empty() && m_.wishes.amounts != "order" && m_.wishes.amounts != "line")
      return fail(ErrorKind::usage, "propose.amounts",
                  fmt::format("amounts are of an order or of a line, not of \"{}\"", m_.wishes.amounts), {},
                  "--amounts order, or --amounts line");
    if (const std::string& code = m_.wishes.currency; !code.empty() && !model::is_currency(code))
      return fail(ErrorKind::usage, "propose.currency", fmt::format("\"{}\" is not a currency", code), {},
                  model::currency_hint(code));
    return {};
  }

  Result<> check_names(std::string_view code, const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      if (m_.named(name)) continue;
      std::vector<std::string> headers;
      for (const ColumnSketch& column : m_.sketch.columns()) headers.push_back(column.name());
      return fail(ErrorKind::usage, std::string(code), fmt::format("the file has no column \"{}\"", name), {},
                  suggestion(name, headers));
    }
    return {};
  }

  void tell_tables() {
    for (std::size_t i = 0; i < std::min(sorted_.size(), kTablesTold); ++i) {
      const TableMatch& one = sorted_[i];
      if (one.score <= 0) break;
      TableScore told{one.names->table->name, one.score, {}};
      std::string found;
      for (const Assigned& column : one.columns)
        found += fmt::format("{}{} = \"{}\"", found.empty() ? "" : ", ", column.column, m_.column(column.input).name());
      told.reasons.push_back(fmt::format("found by name: {}", found));
      if (!one.missing.empty())
        told.reasons.push_back(fmt::format("not found, and needed: {}", join(one.missing, ", ")));
      out_.tables.push_back(std::move(told));
    }
  }

  Result<> take_export(const KnownExport& known) {
    const bool french = m_.wishes.language == tongue::Language::fr;
    out_.known_as = french ? known.label.fr : known.label.en;
    out_.confidence = Confidence::sure;
    for (const Text& note : known.notes) out_.notes.push_back(french ? note.fr : note.en);
    if (!known.preset.empty()) return take_preset(known);
    VIGIE_TRY(std::vector<Draft> drafts, drafts_of(known, m_));
    bool first = true;
    for (Draft& draft : drafts) {
      if (first) {
        draft.map.head.push_back(fmt::format("known by its headers: {}", out_.known_as));
        for (const std::string& note : out_.notes) draft.map.head.push_back(note);
        first = false;
      }
      VIGIE_CHECK(finish(std::move(draft)));
    }
    return {};
  }

  Result<> take_preset(const KnownExport& known) {
    VIGIE_TRY(PresetMaps maps, preset_maps(known, m_));
    for (ProposedMap& map : maps.maps) {
      const auto parsed = ingest::Map::parse(map.yaml, map.id + ".yaml", m_.model, std::string(kTimeZone));
      if (!parsed) return defect(parsed.error(), map.yaml);
      map.loads = true;
      show_rows(*parsed, map);
      out_.maps.push_back(std::move(map));
    }
    out_.questions = std::move(maps.questions);
    for (const ColumnSketch& column : m_.sketch.columns())
      out_.columns.push_back({column.name(), {}, Confidence::sure, "the maps of the export read it by its name"});
    return {};
  }

  Result<> take_table() {
    const TableMatch* chosen = nullptr;
    if (!m_.wishes.table.empty()) {
      for (const TableMatch& one : sorted_)
        if (one.names->table->name == m_.wishes.table) chosen = &one;
      out_.confidence = Confidence::sure;
    } else if (wins(sorted_)) {
      chosen = &sorted_.front();
      out_.confidence = chosen->missing.empty() ? Confidence::likely : Confidence::look;
    }
    const bool spend = m_.wishes.table == "channel_spend" && (chosen == nullptr || chosen->find("spend") == nullptr);
    if (chosen == nullptr || spend) {
      if (auto wide = draft_of_wide_spend(m_)) {
        out_.confidence = Confidence::likely;
        return finish(std::move(*wide));
      }
    }
    const bool rates = m_.wishes.table == "fx_rates" && (chosen == nullptr || chosen->find("per_euro") == nullptr);
    if (chosen == nullptr || rates) {
      if (auto wide = draft_of_wide_rates(m_)) {
        out_.confidence = Confidence::likely;
        return finish(std::move(*wide));
      }
    }
    if (chosen == nullptr) {
      ask_table();
      return {};
    }
    return take_match(*chosen);
  }

  Result<> take_match(const TableMatch& chosen) {
    if (chosen.columns.empty()) {
      const std::string table = chosen.names->table->name;
      out_.questions.push_back(
          {"table",
           "",
           fmt::format("no column of the file is known by name as one of {}: say which is which", table),
           {fmt::format("--column COLUMN={}", join(chosen.names->table->column_names(), "|"))},
           true});
      leave_all_out();
      return {};
    }
    const model::Table& table = *chosen.names->table;
    VIGIE_CHECK(check_columns(chosen));
    Draft draft = draft_of(m_, chosen);
    if (table.name == "subscriptions") work_out_mrr(m_, false, draft);
    settle_currency_of(m_, table, draft);
    if (table.name == "orders") {
      work_out_net(m_, chosen, draft);
      make_one_of_each_order(m_, chosen, draft);
    }
    if (table.name != "order_lines") return finish(std::move(draft));
    work_out_line_amounts(m_, chosen, draft);
    VIGIE_CHECK(finish(std::move(draft)));
    for (const TableMatch& one : sorted_) {
      if (one.names->table->name != "orders") continue;
      if (auto orders = draft_of_orders_in_lines(m_, chosen, one)) VIGIE_CHECK(finish(std::move(*orders)));
    }
    return {};
  }

  /// What the user says of a column is taken, or refused: never passed over.
  Result<> check_columns(const TableMatch& chosen) const {
    for (const auto& [header, target] : m_.wishes.columns) {
      const std::size_t input = *m_.named(header);
      const Assigned* one = chosen.find(target);
      const bool asked = std::ranges::find(chosen.misread, input, &Misread::input) != chosen.misread.end();
      if ((one != nullptr && one->input == input) || asked) continue;
      const std::string table = chosen.names->table->name;
      if (chosen.names->columns.find(target) == chosen.names->columns.end())
        return fail(ErrorKind::usage, "propose.column", fmt::format("{} has no column \"{}\"", table, target), {},
                    suggestion(target, chosen.names->table->column_names()));
      return fail(ErrorKind::usage, "propose.column",
                  fmt::format("the column \"{}\" cannot be {} of {}: its values are {}", header, target, table,
                              listed(m_.column(input).examples())));
    }
    return {};
  }

  /// The nearest tables, and which of them is meant.
  void ask_table() {
    Question ask{"table", "", "", {}, true};
    const bool any = !sorted_.empty() && sorted_[0].score >= kEnough;
    if (const std::vector<std::string> channels = columns_of_channels(m_); !channels.empty()) {
      ask.text = fmt::format("one column a channel ({}): are they what each of them cost?", listed(channels));
      ask.answers = {"--table channel_spend"};
    } else if (any && sorted_[0].said && sorted_.size() > 1 && sorted_[1].score < kEnough) {
      ask.text = fmt::format("the columns fit {} best, and not well enough to be sure: which table is it?",
                             sorted_[0].names->table->name);
      ask.answers = {"--table " + sorted_[0].names->table->name, "--table " + sorted_[1].names->table->name};
    } else if (any) {
      const std::string first = sorted_[0].names->table->name, second = sorted_[1].names->table->name;
      ask.text = fmt::format("the columns fit {} as well as {}: which table is it?", first, second);
      ask.answers = {"--table " + first, "--table " + second};
    } else {
      ask.text = m_.sketch.rows() > 0
                     ? "the names of the columns do not say which table it is"
                     : "the file holds names of columns and no row, and the names alone do not say which table it is";
      for (const TableScore& one : out_.tables) ask.answers.push_back("--table " + one.table);
      if (ask.answers.empty())
        for (const char* table : {"orders", "customers", "leads", "opportunities", "subscriptions", "channel_spend"})
          ask.answers.push_back(fmt::format("--table {}", table));
    }
    out_.questions.push_back(std::move(ask));
    leave_all_out();
  }

  void leave_all_out() {
    for (const ColumnSketch& column : m_.sketch.columns())
      out_.columns.push_back({column.name(), {}, Confidence::look, ""});
  }

  /// Of a file that is one table by itself and was asked for as another too, each has a map of its own.
  std::string name_of_map(const std::string& table) const {
    const std::string name = plain_name_of(m_.file.files);
    const bool is_another = !m_.wishes.table.empty() && wins(sorted_) && sorted_.front().names->table->name != table;
    return is_another && out_.maps.empty() ? name + "_" + table : name;
  }

  /// Names, text, and the judgement of ingest/.
  Result<> finish(Draft draft) {
    const bool first = out_.maps.empty();
    const std::string base = m_.wishes.map.empty() ? name_of_map(draft.map.table) : m_.wishes.map;
    if (!draft.map.source.empty() && !draft.map.id.empty()) draft.map.id = draft.map.source + "_" + draft.map.id;
    else draft.map.id = first ? base : base + "_" + draft.map.table;
    if (first && !m_.wishes.map.empty()) draft.map.id = m_.wishes.map;
    if (!m_.wishes.source.empty()) draft.map.source = m_.wishes.source;
    if (draft.map.source.empty()) draft.map.source = "files";
    says_utc(draft.map);
    ProposedMap map{draft.map.id, draft.map.table, map_text(draft.map, m_, draft.columns), false, {}, {}, 0};
    const bool waits = std::ranges::any_of(draft.map.columns, &DraftColumn::off);
    const auto parsed = ingest::Map::parse(map.yaml, map.id + ".yaml", m_.model, std::string(kTimeZone));
    if (!parsed && !waits) return defect(parsed.error(), map.yaml);
    // What stands commented out is judged as if it did not: a line that one has only to uncomment must load.
    if (waits)
      for (const DateOrder order : {DateOrder::day_first, DateOrder::month_first}) {
        const std::string whole = uncommented(draft, order);
        const auto judged = ingest::Map::parse(whole, map.id + ".yaml", m_.model, std::string(kTimeZone));
        if (!judged) return defect(judged.error(), whole);
      }
    map.loads = parsed.has_value();
    if (parsed) show_rows(*parsed, map);
    out_.maps.push_back(std::move(map));
    take_notes(draft);
    take_verdicts(std::move(draft));
    return {};
  }

  /// What cannot be shown is told: the import would stumble over it too.
  void show_rows(const ingest::Map& map, ProposedMap& out) {
    const auto shown = preview(map, m_, out);
    if (!shown)
      out_.notes.push_back(fmt::format("{}: {}", map.id, tongue::said(shown.error().text(), m_.wishes.language)));
  }

  /// What stands above the map, and what its columns leave to the quarantine, for who reads no map.
  void take_notes(const Draft& draft) {
    const bool french = m_.wishes.language == tongue::Language::fr;
    const auto add = [&](const std::string& note) {
      const bool asked = std::ranges::any_of(
          draft.questions, [&](const Question& one) { return tongue::said(one.text, m_.wishes.language) == note; });
      if (!asked && std::ranges::find(out_.notes, note) == out_.notes.end()) out_.notes.push_back(note);
    };
    for (const std::string& sentence : draft.map.head) add(tongue::said(sentence, m_.wishes.language));
    for (const DraftColumn& column : draft.map.columns) {
      if (column.off || column.from.empty()) continue;
      const std::string why = tongue::said(column.why, m_.wishes.language);
      // What waits in the quarantine, and what is assumed of the last day of something.
      const bool told = column.why.contains("quarantine") || column.why.contains("no longer covered") ||
                        column.why.contains("the name says the unit");
      if (told)
        add(french ? fmt::format("« {} » : {}", column.from.front(), why)
                   : fmt::format("\"{}\": {}", column.from.front(), why));
    }
  }

  void take_verdicts(Draft draft) {
    for (Question& one : draft.questions) {
      const bool told = std::ranges::any_of(out_.questions, [&](const Question& other) {
        return other.code == one.code && other.column == one.column && other.text == one.text;
      });
      if (!told) out_.questions.push_back(std::move(one));
    }
    if (out_.columns.empty()) {
      out_.columns = std::move(draft.columns);
      return;
    }
    // A column that a further map reads is not left out.
    for (std::size_t i = 0; i < out_.columns.size(); ++i)
      if (out_.columns[i].becomes.empty() && !draft.columns[i].becomes.empty()) {
        out_.columns[i] = draft.columns[i];
        for (std::string& name : out_.columns[i].becomes) name = draft.map.table + "." + name;
      }
  }

  std::string uncommented(const Draft& draft, DateOrder order) const {
    DraftMap whole = draft.map;
    for (DraftColumn& column : whole.columns) {
      column.off = false;
      for (std::string& format : column.formats) format = in_order(format, order);
    }
    return map_text(whole, m_, draft.columns);
  }

  /// "UTC" in words is read as letters alone: the map says the zone.
  void says_utc(DraftMap& map) const {
    for (const DraftColumn& column : map.columns) {
      if (column.formats.empty() || column.from.empty()) continue;
      const auto input = m_.named(column.from.front());
      if (input &&
          (m_.column(*input).dates().says_utc() || m_.column(*input).name().find("(UTC)") != std::string::npos))
        map.time_zone = "UTC";
    }
  }

  static std::unexpected<Error> defect(const Error& error, const std::string& yaml) {
    return fail(ErrorKind::internal, "propose.defect",
                fmt::format("the map that was proposed does not load: {}\n{}", error.text(), yaml));
  }

  void in_language() {
    const auto said = [&](std::string& sentence) { sentence = tongue::said(sentence, m_.wishes.language); };
    for (ColumnVerdict& one : out_.columns) said(one.reason);
    for (Question& one : out_.questions) said(one.text);
    for (TableScore& one : out_.tables)
      for (std::string& reason : one.reasons) said(reason);
  }

  const Material& m_;
  std::vector<TableMatch> sorted_;
  Proposal out_;
};

/// What the user says of texts goes before what is known of them.
Result<> take_words(const Wishes& wishes, const model::Model& model, Vocabulary& out) {
  for (const auto& [text, value] : wishes.words) {
    bool known = false;
    for (auto& [path, words] : out.words) {
      const std::vector<std::string> parts = split(path, '.');
      const model::Column* column = model.table(parts[0])->find(parts[1]);
      if (std::ranges::find(column->values, value) == column->values.end()) continue;
      words[bare(text)] = value;
      known = true;
    }
    if (model::is_currency(value)) {
      out.currencies[bare(text).size() < 3 ? text : bare(text)] = value;
      known = true;
    }
    if (!known)
      return fail(ErrorKind::usage, "propose.word", fmt::format("\"{}\" is a value of no column", value), {},
                  "a word is a text of the file and a value of the model: --word \"Refusé=cancelled\"");
  }
  return {};
}

/// What the user says of a column goes before what its name says: in every table that has such a column.
Result<> take_columns(const Wishes& wishes, const model::Model& model, Vocabulary& out) {
  for (const auto& [header, target] : wishes.columns) {
    bool known = false;
    std::vector<std::string> all;
    for (TableNames& one : out.tables) {
      for (const std::string& name : one.table->column_names()) all.push_back(name);
      const bool common =
          std::ranges::find(model.common_columns(), target, &model::Column::name) != model.common_columns().end();
      if (target != "key" && one.table->find(target) == nullptr && !common) continue;
      known = true;
      for (auto& [column, names] : one.columns) names.erase(bare(header));
      one.columns[target][bare(header)] = {Strength::own, -1};
      out.ambiguous.erase(bare(header));
    }
    if (!known)
      return fail(ErrorKind::usage, "propose.column", fmt::format("no table has a column \"{}\"", target), {},
                  suggestion(target, all));
  }
  return {};
}

}  // namespace

Result<Proposal> propose(const TableSketch& sketch, const FileFacts& file, const Wishes& wishes,
                         const model::Model& model, const Vocabulary& vocabulary) {
  const std::vector<Written> all = written(sketch, wishes);
  if (wishes.words.empty() && wishes.columns.empty())
    return Proposing(Material{sketch, all, file, wishes, model, vocabulary}).run();
  Vocabulary told = vocabulary;
  VIGIE_CHECK(take_words(wishes, model, told));
  VIGIE_CHECK(take_columns(wishes, model, told));
  return Proposing(Material{sketch, all, file, wishes, model, told}).run();
}

}  // namespace vigie::propose
