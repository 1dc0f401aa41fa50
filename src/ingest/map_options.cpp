// Options that a map and its columns share: how numbers and dates are written, and what an input file looks like.
#include "base/text.h"
#include "calendar/zone.h"
#include "ingest/map_reader.h"

namespace vigie::ingest {
namespace {

const std::vector<std::string> kUsualSymbols = {"$", "\u20AC", "\u00A3", "\u00A5", "%"};

Result<std::string> one_character(const YamlNode& node, std::string_view what) {
  VIGIE_TRY(std::string text, node.as_text());
  if (text.size() != 1)
    return node.error("map.option", fmt::format("{} must be one character, not \"{}\"", what, text));
  return text;
}

Result<> read_symbols(const YamlNode& node, NumberFormat& out) {
  if (node.kind() == YamlNode::Kind::scalar && !node.quoted()) {
    if (const auto all = node.as_bool()) {
      out.symbols = *all ? kUsualSymbols : std::vector<std::string>{};
      return {};
    }
  }
  VIGIE_TRY(out.symbols, node.as_texts());
  return {};
}

/// {K: 1000, M: 1000000}
Result<> read_magnitudes(const YamlNode& node, NumberFormat& out) {
  out.magnitudes.clear();
  for (const auto& [letters, factor] : node.entries()) {
    VIGIE_TRY(const std::string text, letters.as_text());
    VIGIE_TRY(const std::string written, factor.as_text());
    const int power = static_cast<int>(written.size()) - 1;
    const bool letters_alone = !text.empty() && std::ranges::none_of(text, is_digit);
    if (!letters_alone || power < 1 || power > 12 || written.front() != '1' ||
        written.find_first_not_of('0', 1) != std::string::npos)
      return factor.error("map.option", "magnitudes are letters, and the power of ten each stands for: K: 1000");
    out.magnitudes.emplace_back(text, power);
  }
  if (out.magnitudes.empty())
    return node.error("map.option", "magnitudes are letters, and the power of ten each stands for: K: 1000");
  return {};
}

std::string unescape(std::string text) {
  if (text == "\\t" || text == "tab") return "\t";
  return text;
}

template <class T>
Result<T> one_of(const YamlNode& node, std::string_view what, const std::vector<std::pair<std::string, T>>& known) {
  VIGIE_TRY(const std::string text, node.as_text());
  const std::string wanted = lower_ascii(text);  // `UTF-8` and `CSV` are how people write these words
  std::vector<std::string> names;
  for (const auto& [name, value] : known) {
    if (name == wanted) return value;
    names.push_back(name);
  }
  std::string hint = suggestion(wanted, names);
  if (hint.empty()) hint = "known: " + join(names, ", ");
  return node.error("map.value", fmt::format("unknown {} \"{}\"", what, text), hint);
}

}  // namespace

Result<> read_number_options(const YamlNode& node, NumberFormat& out) {
  if (const YamlNode* decimal = node.find("decimal")) {
    VIGIE_TRY(const std::string mark, one_character(*decimal, "decimal"));
    if (mark != "." && mark != ",") return decimal->error("map.option", "decimal must be \".\" or \",\"");
    out.decimal = mark[0];
  }
  if (const YamlNode* thousands = node.find("thousands")) {
    VIGIE_TRY(out.thousands, thousands->as_text());
    if (out.thousands.find_first_not_of(" .,'_") != std::string::npos)
      return thousands->error("map.option", "thousands may be \" \", \".\", \",\", \"'\" or \"_\"",
                              "\" \" also takes the no-break blanks U+00A0 and U+202F");
  }
  if (out.thousands.find(out.decimal) != std::string::npos)
    return node.error("map.option",
                      fmt::format("\"{}\" cannot be both the decimal mark and the mark of thousands", out.decimal),
                      "say both: decimal and thousands");
  if (const YamlNode* symbols = node.find("symbols")) VIGIE_CHECK(read_symbols(*symbols, out));
  if (const YamlNode* magnitudes = node.find("magnitudes")) VIGIE_CHECK(read_magnitudes(*magnitudes, out));
  VIGIE_TRY(out.parentheses, node.bool_or("parentheses", out.parentheses));
  VIGIE_TRY(out.round, node.bool_or("round", out.round));
  if (const YamlNode* factor = node.find("factor")) {
    VIGIE_TRY(const std::string text, factor->as_text());
    const auto value = Decimal::parse(text);
    constexpr Int128 kLargest = 1'000'000'000;
    if (!value || value->is_zero() || value->units() > kLargest || value->units() < -kLargest)
      return factor->error("map.option",
                           fmt::format("\"{}\" is not a factor: a decimal number of at most nine digits, not 0", text));
    out.factor = *value;
  }
  return {};
}

Result<> read_date_options(const YamlNode& node, DateFormat& out) {
  if (const YamlNode* format = node.find("date_format")) {
    VIGIE_TRY(const std::vector<std::string> texts, format->as_texts());
    out.patterns.clear();
    for (const std::string& text : texts) {
      auto pattern = DatePattern::parse(text);
      if (!pattern) return format->error(pattern.error().code, pattern.error().message, pattern.error().hint);
      out.patterns.push_back(std::move(*pattern));
    }
  }
  if (const YamlNode* zone = node.find("time_zone")) {
    VIGIE_TRY(out.zone, zone->as_text());
    if (const auto found = calendar::Zone::find(out.zone); !found)
      return zone->error(found.error().code, found.error().message, found.error().hint);
  }
  VIGIE_TRY(const std::int64_t pivot, node.int_or("year_pivot", out.year_pivot));
  if (pivot < 0 || pivot > 99)
    return node.find("year_pivot")
        ->error("map.option", "year_pivot must be from 0 to 99: the last two-digit year that is 20xx");
  out.year_pivot = static_cast<int>(pivot);
  VIGIE_TRY(const std::int64_t plus, node.int_or("plus_days", out.plus_days));
  if (plus < -366 || plus > 366)
    return node.find("plus_days")->error("map.option", "plus_days must be from -366 to 366");
  out.plus_days = static_cast<int>(plus);
  return {};
}

namespace {

/// How the bytes of a file are cut into values.
Result<> read_writing(const YamlNode& node, Input& out) {
  if (const YamlNode* format = node.find("format")) {
    VIGIE_TRY(const std::string text, format->as_text());
    if (text == "tsv") out.delimiter = "\t";
    VIGIE_TRY(out.format, one_of<Format>(*format, "format",
                                         {{"csv", Format::csv},
                                          {"tsv", Format::csv},
                                          {"jsonl", Format::jsonl},
                                          {"lines", Format::lines},
                                          {"parquet", Format::parquet}}));
  }
  if (const YamlNode* delimiter = node.find("delimiter")) {
    VIGIE_TRY(std::string text, delimiter->as_text());
    text = unescape(std::move(text));
    if (text.empty() || text.size() > 4 || text.find_first_of("\r\n\"") != std::string::npos)
      return delimiter->error("map.option", "a delimiter has one to four characters, none a quote or an end of line");
    out.delimiter = text;
  }
  if (const YamlNode* quote = node.find("quote")) {
    VIGIE_TRY(out.quote, quote->as_text());
    if (out.quote.size() > 1) return quote->error("map.option", "quote must be one character, or \"\" for none");
  }
  if (const YamlNode* encoding = node.find("encoding")) {
    VIGIE_TRY(out.encoding, one_of<Encoding>(*encoding, "encoding",
                                             {{"utf-8", Encoding::utf8},
                                              {"latin-1", Encoding::latin1},
                                              {"iso-8859-1", Encoding::latin1},
                                              {"windows-1252", Encoding::windows1252},
                                              {"cp1252", Encoding::windows1252},
                                              {"utf-16", Encoding::utf16}}));
  }
  return {};
}

/// `header: true`, or the names of the columns of a file that has none.
Result<> read_header(const YamlNode& header, Input& out) {
  if (header.kind() == YamlNode::Kind::sequence) {
    out.header = false;
    VIGIE_TRY(out.column_names, header.as_texts());
    if (!out.column_names.empty()) return {};
    return header.error("map.option", "the list of column names is empty");
  }
  VIGIE_TRY(const bool present, header.as_bool());
  if (present) return {};
  return header.error("map.option", "a file without a header needs the names of its columns here",
                      "header: [order_id, date, amount]");
}

/// Of rows that a source gives, a map says what stands for nothing; how they are written is the source's.
Result<Input> read_supplied(const YamlNode& node, Input out) {
  for (const auto& [name, value] : node.entries()) {
    VIGIE_TRY(const std::string key, name.as_text());
    if (key != "from_source" && key != "null_values")
      return name.error("map.option", fmt::format("{} is said of files, and these rows come from a source", key));
  }
  if (const YamlNode* nulls = node.find("null_values")) {
    VIGIE_TRY(out.null_values, nulls->as_texts());
  }
  return out;
}

}  // namespace

Result<Input> read_input(const YamlNode& node, std::string name) {
  Input out;
  out.name = std::move(name);
  out.where = node.where();
  if (node.kind() != YamlNode::Kind::mapping) {
    VIGIE_TRY(out.files, node.as_texts());
    return out;
  }
  VIGIE_CHECK(node.known_keys({"files", "format", "delimiter", "quote", "encoding", "header", "skip", "short_rows",
                               "null_values", "from_source"}));
  VIGIE_TRY(out.from_source, node.bool_or("from_source", false));
  if (out.from_source) return read_supplied(node, std::move(out));
  VIGIE_TRY(const YamlNode* files, node.require("files"));
  VIGIE_TRY(out.files, files->as_texts());
  out.where = files->where();
  if (out.files.empty()) return files->error("map.input", "no file is named");
  VIGIE_CHECK(read_writing(node, out));
  if (const YamlNode* header = node.find("header")) VIGIE_CHECK(read_header(*header, out));
  VIGIE_TRY(const std::int64_t skip, node.int_or("skip", 0));
  if (skip < 0 || skip > 10'000) return node.find("skip")->error("map.option", "skip must be from 0 to 10000 lines");
  out.skip = static_cast<int>(skip);
  if (const YamlNode* rows = node.find("short_rows")) {
    VIGIE_TRY(out.fills_short_rows, one_of<bool>(*rows, "short_rows", {{"refuse", false}, {"fill", true}}));
  }
  if (const YamlNode* nulls = node.find("null_values")) {
    VIGIE_TRY(out.null_values, nulls->as_texts());
  }
  return out;
}

}  // namespace vigie::ingest
