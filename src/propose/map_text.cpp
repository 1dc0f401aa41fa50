#include "propose/map_text.h"

#include <algorithm>

#include "base/text.h"
#include "tongue/french.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kWidest = 132;

constexpr std::string_view kCanBeHashed =
    "this tells who somebody is: {from: …, privacy: hash} stores a digest in its place (docs/privacy.md)";

/// What holds for all numbers and dates of a map is said once.
struct Shared {
  char decimal = '.';
  std::string thousands;
  std::vector<std::string> formats;  ///< empty: iso
};

bool indifferent(const ingest::NumberFormat& number, const Material& material, const DraftColumn& column) {
  if (!number.thousands.empty() || column.from.empty()) return false;
  const auto input = material.named(column.from.front());
  return input && material.column(*input).numbers().most_decimals() == 0;
}

Shared shared_of(const DraftMap& map, const Material& material) {
  Shared out;
  std::map<std::pair<char, std::string>, int> numbers;
  std::map<std::vector<std::string>, int> dates;
  for (const DraftColumn& one : map.columns) {
    if (one.number && !indifferent(*one.number, material, one)) ++numbers[{one.number->decimal, one.number->thousands}];
    if (!one.formats.empty() && !one.off) ++dates[one.formats];
  }
  int most = 0;
  for (const auto& [format, n] : numbers)
    if (n > most) most = n, out.decimal = format.first, out.thousands = format.second;
  most = 0;
  for (const auto& [formats, n] : dates)
    if (n > most) most = n, out.formats = formats;
  if (out.formats == std::vector<std::string>{"iso"}) out.formats.clear();
  return out;
}

std::string list_of(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return scalar(texts.front());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "[" : ", ") + scalar(text);
  return out + "]";
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else out += c;
  }
  return out + "\"";
}

std::string in_quotes_each(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return in_quotes(texts.front());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "[" : ", ") + in_quotes(text);
  return out + "]";
}

/// What a format says beside its marks.
std::vector<std::pair<std::string, std::string>> written_options(const ingest::NumberFormat& number) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!number.symbols.empty()) {
    static const std::set<std::string> kUsual{"$", "€", "£", "¥", "%"};
    const bool usual = std::ranges::all_of(number.symbols, [](const std::string& one) { return kUsual.contains(one); });
    std::string list;
    for (const std::string& one : number.symbols) list += (list.empty() ? "[" : ", ") + in_quotes(one);
    out.emplace_back("symbols", usual ? "true" : list + "]");
  }
  if (number.parentheses) out.emplace_back("parentheses", "true");
  std::string magnitudes;
  for (const auto& [letters, power] : number.magnitudes)
    magnitudes += fmt::format("{}{}: 1{:0>{}}", magnitudes.empty() ? "" : ", ", in_quotes(letters), "", power);
  if (!magnitudes.empty()) out.emplace_back("magnitudes", "{" + magnitudes + "}");
  if (number.round) out.emplace_back("round", "true");
  if (number.factor != Decimal::integer(1)) out.emplace_back("factor", number.factor.to_string());
  return out;
}

void number_options(const DraftColumn& column, const Shared& shared, const Material& material,
                    std::vector<std::pair<std::string, std::string>>& out) {
  if (!column.number) return;
  const ingest::NumberFormat& number = *column.number;
  const bool same =
      number.decimal == shared.decimal && (number.thousands == shared.thousands || number.thousands.empty());
  if (!same && !indifferent(number, material, column)) {
    out.emplace_back("decimal", in_quotes({&number.decimal, 1}));
    out.emplace_back("thousands", in_quotes(number.thousands));
  }
  const auto written = written_options(number);
  out.insert(out.end(), written.begin(), written.end());
}

std::vector<std::pair<std::string, std::string>> options_of(const DraftColumn& column, const Shared& shared,
                                                            const Material& material,
                                                            const std::vector<std::string>& formats) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!column.formats.empty() && formats != shared.formats &&
      !(shared.formats.empty() && formats == std::vector<std::string>{"iso"}))
    out.emplace_back("date_format", in_quotes_each(formats));
  number_options(column, shared, material, out);
  if (!column.values.empty()) {
    std::string values = "{";
    for (const auto& [from, to] : column.values)
      values += (values.size() == 1 ? "" : ", ") + scalar(from) + ": " + (to.empty() ? "null" : scalar(to));
    out.emplace_back("values", values + "}");
  }
  if (!column.otherwise.empty()) out.emplace_back("else", column.otherwise);
  if (!column.when.empty()) out.emplace_back("when", in_quotes(column.when));
  if (!column.nothing.empty()) {
    std::string list;
    for (const std::string& text : column.nothing) list += (list.empty() ? "[" : ", ") + in_quotes(text);
    out.emplace_back("null_values", list + "]");
  }
  for (const auto& option : column.options) out.push_back(option);
  return out;
}

std::string line_of(const DraftColumn& column, const Shared& shared, const Material& material,
                    const std::vector<std::string>& formats) {
  std::string out = column.target + ": ";
  if (column.value)
    return out + "{value: " + scalar(*column.value) + (column.when.empty() ? "" : ", when: " + in_quotes(column.when)) +
           "}";
  if (column.target == "key") return out + list_of(column.from);
  const auto options = options_of(column, shared, material, formats);
  if (options.empty() && column.from.size() == 1) return out + scalar(column.from.front());
  out += "{from: " + list_of(column.from);
  for (const auto& [name, value] : options) out += ", " + name + ": " + value;
  return out + "}";
}

class Writer {
 public:
  Writer(const DraftMap& map, const Material& material) : map_(map), m_(material), shared_(shared_of(map, material)) {}

  std::string run(const std::vector<ColumnVerdict>& verdicts) {
    comment(fmt::format("Proposed for {}: read it through, change what is wrong, and keep it", m_.file.called()));
    for (const std::string& sentence : map_.head) comment(sentence);
    out_ += fmt::format("map: {}\n", map_.id);
    out_ += fmt::format(
        "source: {}{}\n", map_.source,
        map_.source == "files" ? "  # " + said("files of one system share one source, so that their keys meet") : "");
    out_ += fmt::format("table: {}\n", map_.table);
    input();
    if (!map_.filter.empty()) out_ += fmt::format("filter: {}\n", in_quotes(map_.filter));
    if (!map_.time_zone.empty()) out_ += fmt::format("time_zone: {}\n", map_.time_zone);
    if (!map_.currency.empty()) out_ += fmt::format("currency: {}\n", map_.currency);
    if (shared_.decimal == ',') out_ += "decimal: \",\"\n";
    if (!shared_.thousands.empty()) out_ += fmt::format("thousands: {}\n", in_quotes(shared_.thousands));
    if (!shared_.formats.empty()) out_ += fmt::format("date_format: {}\n", in_quotes_each(shared_.formats));
    out_ += "columns:\n";
    for (const DraftColumn& column : map_.columns) write(column);
    left_out(verdicts);
    return std::move(out_);
  }

 private:
  std::string said(const std::string& sentence) const { return tongue::said(sentence, m_.wishes.language); }

  void comment(const std::string& sentence) { out_ += "# " + said(sentence) + "\n"; }

  void input() {
    if (map_.query.empty()) {
      out_ += "input:\n" + input_text(m_.file, m_, "  ");
      return;
    }
    out_ += fmt::format("inputs:\n  {}:\n", map_.input_name) + input_text(m_.file, m_, "    ");
    out_ += "query: |\n";
    for (const std::string& line : split(map_.query, '\n')) out_ += line.empty() ? "\n" : "  " + line + "\n";
  }

  void write(const DraftColumn& column) {
    const std::string why = column.why.empty() ? "" : said(column.why);
    if (column.off) {
      out_ += "  # " + why + "\n";
      for (const std::vector<std::string>& formats : choices(column))
        out_ += "  # " + line_of(column, shared_, m_, formats) + "\n";
      return;
    }
    if (tells_who(column)) out_ += "  # " + said(std::string(kCanBeHashed)) + "\n";
    const std::string line = "  " + line_of(column, shared_, m_, column.formats);
    if (why.empty()) out_ += line + "\n";
    else if (line.size() + why.size() + 4 <= kWidest) out_ += line + "  # " + why + "\n";
    else out_ += "  # " + why + "\n" + line + "\n";
  }

  /// By what its header is called: an address, a telephone number.
  bool tells_who(const DraftColumn& column) const {
    const bool is_text = column.target == "key" || column.target.ends_with("_key") || column.target.starts_with("x_");
    return is_text && std::ranges::any_of(column.from, [&](const std::string& header) {
             return std::ranges::binary_search(m_.model.personal_names(), model::personal_name(header));
           });
  }

  /// A column that waits for the order of day and month shows both.
  static std::vector<std::vector<std::string>> choices(const DraftColumn& column) {
    const bool waits =
        std::ranges::any_of(column.formats, [](const std::string& f) { return f.find("%1") != std::string::npos; });
    if (!waits) return {column.formats};
    std::vector<std::vector<std::string>> out;
    for (const DateOrder order : {DateOrder::day_first, DateOrder::month_first}) {
      out.emplace_back();
      for (const std::string& format : column.formats) out.back().push_back(in_order(format, order));
    }
    return out;
  }

  void left_out(const std::vector<ColumnVerdict>& verdicts) {
    if (map_.left_out.empty()) return;
    comment("Columns of the file that are not read:");
    for (const std::string& name : map_.left_out) {
      const auto found = std::ranges::find(verdicts, name, &ColumnVerdict::name);
      std::string reason = found == verdicts.end() ? "" : said(found->reason);
      out_ += fmt::format("#   {}: {}\n", scalar(name), reason);
    }
  }

  const DraftMap& map_;
  const Material& m_;
  Shared shared_;
  std::string out_;
};

}  // namespace

std::string scalar(std::string_view text) {
  static const std::set<std::string> kWords{"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"};
  bool plain = !text.empty() && text.front() != ' ' && text.back() != ' ' && text.front() != '-' &&
               text.front() != '.' && !is_digit(text.front()) && !kWords.contains(lower_ascii(text));
  for (const char c : text)
    plain = plain && (static_cast<unsigned char>(c) > 127 || is_digit(c) || (c >= 'a' && c <= 'z') ||
                      (c >= 'A' && c <= 'Z') || std::string_view(" _-./").find(c) != std::string_view::npos);
  return plain ? std::string(text) : in_quotes(text);
}

std::string input_text(const FileFacts& file, const Material& material, const std::string& indent) {
  std::string out = indent + "files: " + scalar(file.files) + "\n";
  const auto line = [&](std::string_view key, const std::string& value) {
    out += fmt::format("{}{}: {}\n", indent, key, value);
  };
  const std::string ending = lower_ascii(std::filesystem::path(file.files).extension().string());
  const std::string by_ending = ending == ".tsv"                            ? "tsv"
                                : ending == ".jsonl" || ending == ".ndjson" ? "jsonl"
                                : ending == ".parquet"                      ? "parquet"
                                                                            : "csv";
  if (file.format != by_ending) line("format", file.format);
  if (file.format == "csv") {
    if (file.delimiter != ",") line("delimiter", in_quotes(file.delimiter));
    if (file.quote != "\"") line("quote", in_quotes(file.quote));
  }
  if (file.encoding != "utf-8") line("encoding", file.encoding);
  if (file.skip > 0) line("skip", std::to_string(file.skip));
  if (file.fills_short_rows) line("short_rows", "fill");
  if (!file.header) {
    std::string names;
    for (const ColumnSketch& column : material.sketch.columns())
      names += (names.empty() ? "[" : ", ") + scalar(column.name());
    line("header", names + "]");
  }
  for (const auto& [key, value] : file.more) line(key, scalar(value));
  return out;
}

std::string map_text(const DraftMap& map, const Material& material, const std::vector<ColumnVerdict>& verdicts) {
  return Writer(map, material).run(verdicts);
}

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string number_in_sql(std::string_view column, const ingest::NumberFormat& format) {
  std::string options;
  const auto add = [&](const std::string& option) { options += (options.empty() ? "" : ", ") + option; };
  if (format.decimal != '.') add(fmt::format("decimal: {}", in_quotes({&format.decimal, 1})));
  if (!format.thousands.empty()) add(fmt::format("thousands: {}", in_quotes(format.thousands)));
  for (const auto& [name, value] : written_options(format)) add(fmt::format("{}: {}", name, value));
  return fmt::format("vigie_number({}, {})", sql_name(column), sql_text("{" + options + "}"));
}

std::string unread_in_sql(std::string_view column, const ingest::NumberFormat& format) {
  return fmt::format("CASE WHEN {0} IS NULL THEN {1} || {2} END", number_in_sql(column, format),
                     sql_text(fmt::format("{} = ", column)), sql_name(column));
}

}  // namespace vigie::propose
