#include "propose/known_export.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "propose/drafting.h"
#include "propose/map_text.h"
#include "propose/reshaped.h"

namespace vigie::propose {
namespace {

bool stands_in(const std::vector<std::string>& any, const TableSketch& sketch) {
  return std::ranges::any_of(sketch.columns(), [&](const ColumnSketch& column) {
    return std::ranges::find(any, bare(column.name())) != any.end() ||
           std::ranges::find(any, bare_without_brackets(column.name())) != any.end();
  });
}

std::optional<std::size_t> input_named(const Material& m, const std::string& header) {
  if (const auto exact = m.named(header)) return exact;
  for (std::size_t i = 0; i < m.sketch.columns().size(); ++i)
    if (bare_without_brackets(m.column(i).name()) == bare(header)) return i;
  return std::nullopt;
}

/// "[Deal Stage] = 'Won'": headers in brackets become the names they have in the file. Empty where one is not there.
Result<std::string> condition_of(const YamlNode& node, const Material& m) {
  VIGIE_TRY(const std::string text, node.as_text());
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '[') {
      out += text[i];
      continue;
    }
    const std::size_t end = text.find(']', i);
    if (end == std::string::npos)
      return node.error("headers.export", "a header in a condition stands in brackets: [Deal Stage]");
    const auto input = input_named(m, text.substr(i + 1, end - i - 1));
    if (!input) return std::string();
    // No condition can name a column with a quote in its name.
    if (m.column(*input).name().find('"') != std::string::npos) return std::string();
    out += "\"" + m.column(*input).name() + "\"";
    i = end;
  }
  return out;
}

/// The first header of a list that the file has.
std::optional<std::size_t> first_there(const std::vector<std::string>& headers, const Material& m) {
  for (const std::string& header : headers)
    if (const auto input = input_named(m, header); input && m.written[*input].kind != Kind::empty) return input;
  return std::nullopt;
}

class ExportDraft {
 public:
  ExportDraft(const KnownExport& known, const Material& m, const model::Table& table)
      : known_(known), m_(m), table_(table) {
    draft_.map.table = table.name;
    draft_.map.source = known.source;
    draft_.map.input_name = "rows";
    for (const ColumnSketch& column : m.sketch.columns())
      draft_.columns.push_back({column.name(), {}, Confidence::sure, ""});
  }

  Result<Draft> run(const YamlNode& spec) {
    VIGIE_CHECK(spec.known_keys({"map", "table", "filter", "time_zone", "columns"}));
    VIGIE_TRY(draft_.map.id, spec.text("map"));
    VIGIE_TRY(draft_.map.time_zone, spec.text_or("time_zone", ""));
    if (const YamlNode* filter = spec.find("filter")) {
      VIGIE_TRY(draft_.map.filter, condition_of(*filter, m_));
      note_filter(draft_.map.filter);
    }
    VIGIE_TRY(const YamlNode* columns, spec.require("columns"));
    for (const auto& [name, column] : columns->entries()) VIGIE_CHECK(add(name, column));
    VIGIE_CHECK(take_said());
    if (table_.name == "opportunities")
      if (const std::string input = part_close_date(draft_.map); !input.empty())
        draft_.columns[*m_.named(input)].becomes.emplace_back("expected_close_on");
    if (table_.name == "subscriptions") work_out_mrr(m_, true, draft_);
    for (std::size_t i = 0; i < draft_.columns.size(); ++i) {
      ColumnVerdict& verdict = draft_.columns[i];
      if (!verdict.becomes.empty()) continue;
      if (verdict.reason.empty())
        verdict.reason = m_.is_unwanted(i)                   ? "left out, as you say"
                         : m_.written[i].kind == Kind::empty ? "left out: it is empty"
                                                             : "left out: no figure needs it";
      draft_.map.left_out.push_back(m_.column(i).name());
    }
    return std::move(draft_);
  }

 private:
  /// What the user says of a column goes before what is known of the export.
  Result<> take_said() {
    for (const auto& [header, target] : m_.wishes.columns) {
      const std::size_t input = *m_.named(header);
      const model::Column* column = table_.find(target);
      if (column == nullptr) {
        if (known_.maps.items().size() > 1) continue;  // another map of the export may have it: see check_said
        return fail(ErrorKind::usage, "propose.column", fmt::format("{} has no column \"{}\"", table_.name, target), {},
                    suggestion(target, table_.column_names()));
      }
      if (!can_be(column, m_.written[input], m_.column(input), m_.vocabulary, table_.name))
        return fail(ErrorKind::usage, "propose.column",
                    fmt::format("the column \"{}\" cannot be {} of {}: its values are {}", header, target, table_.name,
                                listed(m_.column(input).examples())));
      Confidence confidence = Confidence::sure;
      DraftColumn said = draft_column(m_, table_, target, input, draft_.questions, confidence);
      std::erase_if(draft_.map.columns, [&](const DraftColumn& one) { return one.target == target; });
      draft_.map.columns.push_back(std::move(said));
      for (ColumnVerdict& one : draft_.columns) std::erase(one.becomes, target);
      tell(input, target);
    }
    return {};
  }

  /// `"Stage" is not null` leaves rows out that are known; of another condition they are not.
  void note_filter(const std::string& condition) {
    const std::size_t end = condition.find('"', 1);
    if (condition.ends_with("\" is not null") && end + 1 + std::string_view(" is not null").size() == condition.size())
      filled_ = m_.named(condition.substr(1, end - 1));
    filter_elsewhere_ = !condition.empty() && !filled_;
  }

  void tell(std::size_t input, const std::string& becomes) {
    ColumnVerdict& verdict = draft_.columns[input];
    verdict.becomes.push_back(becomes);
    verdict.reason = "the export is known: this is what the column holds";
  }

  Result<> add_key(const YamlNode& spec) {
    DraftColumn key;
    key.target = "key";
    std::vector<std::size_t> inputs;
    VIGIE_TRY(const std::vector<std::string> parts, spec.as_texts());
    for (const std::string& part : parts) {
      // Of "Record ID | Deal ID" the first that the file has.
      std::vector<std::string> any;
      for (const std::string& one : split(part, '|')) any.emplace_back(trim(one));
      const auto input = first_there(any, m_);
      if (!input) return {};
      key.from.push_back(m_.column(*input).name());
      inputs.push_back(*input);
      tell(*input, "key");
    }
    check_key(key, inputs);
    draft_.map.columns.push_back(std::move(key));
    return {};
  }

  /// What should name one row, and stands on several: rows of one key would become one, and their amounts be lost.
  void check_key(DraftColumn& key, const std::vector<std::size_t>& inputs) {
    if (!m_.wishes.key.empty()) {
      key.from.clear();
      for (const std::string& name : m_.wishes.key)
        if (const auto input = m_.named(name)) key.from.push_back(m_.column(*input).name());
      return;
    }
    if (filter_elsewhere_) return;  // the rows that the filter takes are not known here
    if (m_.sketch.unique_together(inputs, filled_)) return;
    Question ask{"key", key.from.front(), "", {}, true};
    ask.text =
        fmt::format("several rows of the file have one key ({}), and would become one: which columns name one row?",
                    listed(key.from));
    std::string names;
    for (const std::string& name : key.from) names += (names.empty() ? "" : ",") + name;
    ask.answers = {option("--key", names + ",COLUMN"), option("--key", names)};
    draft_.map.head.push_back(ask.text);
    draft_.questions.push_back(std::move(ask));
  }

  Result<> add(const YamlNode& name, const YamlNode& spec) {
    VIGIE_TRY(const std::string target, name.as_text());
    if (target == "key") return add_key(spec);
    const bool long_form = spec.kind() == YamlNode::Kind::mapping;
    if (long_form)
      VIGIE_CHECK(spec.known_keys(
          {"from", "value", "values", "else", "when", "as", "factor", "plus_days", "default", "date_format"}));
    if (const YamlNode* value = long_form ? spec.find("value") : nullptr) {
      DraftColumn constant;
      constant.target = target;
      VIGIE_TRY(constant.value, value->as_text());
      draft_.map.columns.push_back(std::move(constant));
      return {};
    }
    const YamlNode* from = &spec;
    if (long_form) {
      VIGIE_TRY(from, spec.require("from"));
    }
    VIGIE_TRY(const std::vector<std::string> headers, from->as_texts());
    const auto input = first_there(headers, m_);
    if (!input || m_.is_unwanted(*input)) return {};
    const YamlNode* values = long_form ? spec.find("values") : nullptr;
    const model::Column* column = table_.find(target);
    Confidence confidence = Confidence::sure;
    DraftColumn out;
    const bool is_list = column != nullptr && column->type == model::ColumnType::enumeration;
    const bool typed = column != nullptr && (model::is_time(column->type) || model::is_number(column->type) ||
                                             column->type == model::ColumnType::boolean || target == "currency");
    const bool said = long_form && spec.find("date_format") != nullptr;
    if (typed && !said && !can_be(column, m_.written[*input], m_.column(*input), m_.vocabulary, table_.name)) {
      misread(*input, target);
      return {};
    }
    if (values != nullptr ||
        (is_list && !can_be(column, m_.written[*input], m_.column(*input), m_.vocabulary, table_.name))) {
      out.target = target;
      out.from = {m_.column(*input).name()};
      for (const auto& [text, n] : m_.column(*input).nothing()) out.nothing.push_back(text);
    } else {
      out = draft_column(m_, table_, target, *input, draft_.questions, confidence);
    }
    if (values != nullptr) VIGIE_CHECK(take_values(*values, *input, target, out));
    if (long_form) VIGIE_CHECK(take_options(spec, out));
    if (is_list && out.values.empty()) {
      ask_words(*input, *column);
      return {};
    }
    tell(*input, target);
    draft_.columns[*input].confidence = confidence;
    draft_.map.columns.push_back(std::move(out));
    return {};
  }

  void misread(std::size_t input, const std::string& target) {
    const ColumnSketch& values = m_.column(input);
    draft_.columns[input].reason =
        fmt::format("left out: it is known as {}, and its values are not understood", target);
    draft_.columns[input].confidence = Confidence::look;
    Question ask{"values", values.name(), "", {option("--without", values.name())}, true};
    ask.text = fmt::format("the column \"{}\" is known as {}, and its values are not understood: {}", values.name(),
                           target, listed(values.examples()));
    draft_.questions.push_back(std::move(ask));
  }

  /// A list none of whose texts is known: what it decides (an outcome, a status) would be what it is without it.
  void ask_words(std::size_t input, const model::Column& column) {
    const ColumnSketch& values = m_.column(input);
    if (column.fallback.empty() || !values.few()) return;
    std::vector<std::string> unknown;
    for (const auto& [text, n] : values.values()) unknown.push_back(text);
    Question ask = words_question(values.name(), column, unknown, true);
    ask.answers.push_back(option("--without", values.name()));
    draft_.questions.push_back(std::move(ask));
  }

  /// The values of the export, and of the file's own texts those that are written alike.
  Result<> take_values(const YamlNode& values, std::size_t input, const std::string& target, DraftColumn& out) {
    std::map<std::string, std::string> by_bare;
    for (const auto& [text, value] : values.entries()) {
      VIGIE_TRY(const std::string from, text.as_text());
      VIGIE_TRY(const std::string to, value.as_text());
      by_bare[bare(from)] = to;
      if (!m_.column(input).few() || !m_.column(input).values().contains(from)) out.values.emplace_back(from, to);
    }
    std::vector<std::string> unknown;
    for (const auto& [text, n] : m_.column(input).values()) {
      const auto at = by_bare.find(bare(text));
      // What the user says of a text goes before the export's own list.
      const auto said =
          std::ranges::find_if(m_.wishes.words, [&](const auto& one) { return bare(one.first) == bare(text); });
      if (said != m_.wishes.words.end()) out.values.emplace_back(text, said->second);
      else if (at == by_bare.end()) unknown.push_back(text);
      else out.values.emplace_back(text, at->second);
    }
    std::ranges::sort(out.values);
    out.values.erase(std::ranges::unique(out.values).begin(), out.values.end());
    if (unknown.empty()) return {};
    const model::Column* column = table_.find(target);
    Question ask = words_question(m_.column(input).name(), *column, unknown, by_bare.empty());
    unknown_ = std::move(ask);
    return {};
  }

  Result<> take_options(const YamlNode& spec, DraftColumn& out) {
    if (const YamlNode* otherwise = spec.find("else")) {
      VIGIE_TRY(out.otherwise,
                otherwise->kind() == YamlNode::Kind::null ? Result<std::string>("null") : otherwise->as_text());
    } else if (!out.values.empty() && unknown_) {
      out.otherwise = "error";
      draft_.questions.push_back(*unknown_);
    }
    unknown_.reset();
    if (const YamlNode* when = spec.find("when")) {
      VIGIE_TRY(out.when, condition_of(*when, m_));
    }
    for (const std::string_view option : {"as", "factor", "plus_days", "default", "date_format"}) {
      const YamlNode* node = spec.find(option);
      if (node == nullptr) continue;
      VIGIE_TRY(const std::string text, node->as_text());
      std::erase_if(out.options, [&](const auto& one) { return one.first == option; });
      if (option == "date_format") out.formats = {text};
      else out.options.emplace_back(option, scalar(text));
    }
    return {};
  }

  const KnownExport& known_;
  const Material& m_;
  const model::Table& table_;
  Draft draft_;
  std::optional<Question> unknown_;
  std::optional<std::size_t> filled_;  ///< the column without which a row is left out
  bool filter_elsewhere_ = false;
};

/// Account numbers that begin so stand in the column.
bool has_prefix(const Material& m, const std::string& header, const std::string& prefix) {
  const auto input = input_named(m, header);
  if (!input) return false;
  const auto& starts = m.column(*input).starts();
  int from = 0, until = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const int digit = i < prefix.size() ? prefix[i] - '0' : -1;
    from = from * 10 + (digit >= 0 ? digit : 0);
    until = until * 10 + (digit >= 0 ? digit : 9);
  }
  for (int i = from; i <= until; ++i)
    if (starts.test(static_cast<std::size_t>(i))) return true;
  return false;
}

Result<bool> is_needed(const YamlNode& spec, const Material& m) {
  const YamlNode* needs = spec.find("needs");
  if (needs == nullptr) return true;
  for (const auto& [header, prefixes] : needs->entries()) {
    VIGIE_TRY(const std::string name, header.as_text());
    VIGIE_TRY(const std::vector<std::string> any, prefixes.as_texts());
    if (std::ranges::none_of(any, [&](const std::string& prefix) { return has_prefix(m, name, prefix); })) return false;
  }
  return true;
}

/// The one line `inputs: {entries: …}` of a preset's map becomes the file that is there.
std::string with_input(const std::string& text, const Material& m) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    const auto open = line.find('{'), colon = line.find(':', open == std::string::npos ? 0 : open);
    if (line.starts_with("inputs: {") && colon != std::string::npos)
      out += fmt::format("inputs:\n  {}:\n{}", line.substr(open + 1, colon - open - 1), input_text(m.file, m, "    "));
    else out += line + "\n";
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

/// Of several maps each leaves to the others what it does not have; a column that none has is a slip.
Result<> check_said(const std::vector<const model::Table*>& tables, const Material& m) {
  for (const auto& [header, target] : m.wishes.columns) {
    if (std::ranges::any_of(tables, [&](const model::Table* one) { return one->find(target) != nullptr; })) continue;
    std::vector<std::string> names, columns;
    for (const model::Table* one : tables) {
      names.push_back(one->name);
      for (const std::string& name : one->column_names()) columns.push_back(name);
    }
    return fail(ErrorKind::usage, "propose.column",
                fmt::format("none of {} has a column \"{}\"", join(names, ", "), target), {},
                suggestion(target, columns));
  }
  return {};
}

}  // namespace

const KnownExport* recognised(const TableSketch& sketch, const Vocabulary& vocabulary) {
  const KnownExport* best = nullptr;
  for (const KnownExport& one : vocabulary.exports) {
    if (best != nullptr && one.known_by.size() <= best->known_by.size()) continue;
    if (std::ranges::all_of(one.known_by, [&](const auto& any) { return stands_in(any, sketch); })) best = &one;
  }
  return best;
}

Result<std::vector<Draft>> drafts_of(const KnownExport& known, const Material& material) {
  std::vector<Draft> out;
  std::vector<const model::Table*> tables;
  for (const YamlNode& spec : known.maps.items()) {
    VIGIE_TRY(const YamlNode* name, spec.require("table"));
    VIGIE_TRY(const std::string table, name->as_text());
    const model::Table* found = material.model.table(table);
    if (found == nullptr) return name->error("headers.table", fmt::format("unknown table \"{}\"", table));
    VIGIE_TRY(Draft draft, ExportDraft(known, material, *found).run(spec));
    settle_currency_of(material, *found, draft);
    out.push_back(std::move(draft));
    tables.push_back(found);
  }
  VIGIE_CHECK(check_said(tables, material));
  return out;
}

Result<PresetMaps> preset_maps(const KnownExport& known, const Material& material) {
  PresetMaps out;
  for (const YamlNode& spec : known.maps.items()) {
    VIGIE_CHECK(spec.known_keys({"map", "table", "needs", "asks"}));
    VIGIE_TRY(const bool needed, is_needed(spec, material));
    if (!needed) continue;
    ProposedMap map;
    VIGIE_TRY(map.id, spec.text("map"));
    VIGIE_TRY(map.table, spec.text("table"));
    const auto file = material.vocabulary.presets / known.preset / (map.id + ".yaml");
    const auto text = bytes_of(file);
    if (!text)
      return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()), {},
                  "check the path and the rights on it");
    map.id = known.preset + "_" + map.id;
    map.yaml = with_input(*text, material);
    out.maps.push_back(std::move(map));
    if (const YamlNode* asks = spec.find("asks")) {
      VIGIE_TRY(const Text question, read_text(*asks));
      const bool french = material.wishes.language == tongue::Language::fr;
      out.questions.push_back({"share", out.maps.back().id, french ? question.fr : question.en, {}, false});
    }
  }
  return out;
}

}  // namespace vigie::propose
