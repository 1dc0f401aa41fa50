#include "plan/question.h"

#include <charconv>

#include "base/text.h"
#include "plan/spans.h"

namespace vigie::plan {
namespace {

const std::vector<std::string> kFields{"kpi",   "variant",  "from",    "to",  "grain", "by",    "where",   "compare",
                                       "as_of", "currency", "version", "top", "align", "split", "stand_in"};

std::unexpected<Error> in_field(Error error, const std::string& field) {
  error.message = field + ": " + error.message;
  return std::unexpected(std::move(error));
}

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string& part : split(text, ','))
    if (const auto trimmed = trim(part); !trimmed.empty()) out.emplace_back(trimmed);
  return out;
}

constexpr std::size_t kLongestName = 128;

/// A name is looked for among all that are known, and told back: one of thousands of letters is none.
Result<> check_lengths(const std::string& field, const std::string& text) {
  const auto too_long = [](const std::string& place, std::size_t size) {
    return fail(ErrorKind::usage, "question.too_long",
                fmt::format("{} has {} bytes; {} is the most", place, size, kLongestName));
  };
  if (field.size() > kLongestName) return too_long("the name of a field", field.size());
  if (field == "where") return {};
  for (const std::string& part : split(text, ','))
    for (const std::string& name : split(part, ':'))
      if (name.size() > kLongestName) return too_long(fmt::format("a name in \"{}\"", field), name.size());
  return {};
}

Result<int> positive(const std::string& field, const std::string& text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || value < 1)
    return fail(ErrorKind::usage, "question.number",
                fmt::format("{}: \"{}\" is not a whole number above 0", field, text));
  return value;
}

Result<Comparison> comparison(const std::string& text) {
  using Kind = Comparison::Kind;
  static const std::vector<std::pair<std::string, Kind>> kKinds{{"previous_period", Kind::previous_period},
                                                                {"previous_year", Kind::previous_year},
                                                                {"previous_year_weekday", Kind::previous_year_weekday},
                                                                {"target", Kind::target}};
  std::vector<std::string> names;
  for (const auto& [name, kind] : kKinds) {
    if (name == text) return Comparison{kind, text, {}, {}};
    names.push_back(name);
  }
  if (const auto dots = text.find(".."); dots != std::string::npos) {
    const auto from = parse_date(text.substr(0, dots)), to = parse_date(text.substr(dots + 2));
    if (from && to && *from < *to) return Comparison{Kind::range, text, *from, *to};
    if (from && to)
      return fail(ErrorKind::usage, "question.compare",
                  *from == *to ? fmt::format("compare: the range \"{}\" is empty", text)
                               : fmt::format("compare: the range \"{}\" ends before it starts", text),
                  {}, "the first day stands before the dots, the first day after the last behind them");
  }
  return fail(ErrorKind::usage, "question.compare", fmt::format("compare: \"{}\" is no comparison", text), {},
              suggestion(text, names) + "; a range is written 2025-01-01..2025-02-01");
}

Result<expr::InstantLiteral> as_of(const std::string& text, const calendar::Calendar& calendar) {
  if (const auto day = parse_date(text)) return as_of_day(calendar, *day);
  const auto instant = parse_instant(text);
  if (!instant)
    return fail(ErrorKind::usage, "date.invalid", fmt::format("as_of: \"{}\" is neither a date nor an instant", text),
                {}, "write 2025-01-31 (the end of that day) or 2025-01-31T10:00:00Z");
  return seen_until(calendar, *instant);
}

Result<> set_field(Question& question, const std::string& field, const std::string& text,
                   const calendar::Calendar& calendar) {
  if (field == "kpi") {
    const auto colon = text.find(':');
    question.kpi = text.substr(0, colon);
    if (colon != std::string::npos) question.variant = text.substr(colon + 1);
  } else if (field == "variant") {
    question.variant = text;
  } else if (field == "from" || field == "to") {
    const auto day = parse_date(text);
    if (!day) return in_field(day.error(), field);
    (field == "from" ? question.from : question.to) = *day;
  } else if (field == "grain") {
    VIGIE_TRY(question.grain, calendar::parse_grain(text));
  } else if (field == "by") {
    question.by = list_of(text);
    for (auto name = question.by.begin(); name != question.by.end(); ++name)
      if (std::find(question.by.begin(), name, *name) != name)
        return fail(ErrorKind::usage, "question.repeated", fmt::format("by: \"{}\" stands twice", *name), {},
                    "name each dimension once");
  } else if (field == "where") {
    question.where = text;
  } else if (field == "compare") {
    constexpr std::size_t kMost = 12;
    if (const std::size_t count = list_of(text).size(); count > kMost)
      return fail(ErrorKind::usage, "question.compare",
                  fmt::format("compare: {} comparisons were asked for; {} is the most", count, kMost), {},
                  "ask several times");
    for (const std::string& part : list_of(text)) {
      VIGIE_TRY(Comparison one, comparison(part));
      question.compare.push_back(std::move(one));
    }
  } else if (field == "as_of") {
    VIGIE_TRY(question.as_of, as_of(text, calendar));
  } else if (field == "currency") {
    question.currency = text;
    for (char& c : question.currency) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  } else if (field == "version") {
    VIGIE_TRY(question.version, positive(field, text));
  } else if (field == "top") {
    VIGIE_TRY(question.top, positive(field, text));
  } else if (field == "align") {
    if (text != "workday")
      return fail(ErrorKind::usage, "question.align", fmt::format("align: \"{}\" is not known", text), {},
                  "known: workday");
    question.align_workday = true;
  } else if (field == "split") {
    if (text != "optional")
      return fail(ErrorKind::usage, "question.split", fmt::format("split: \"{}\" is not known", text), {},
                  "known: optional");
    question.split_optional = true;
  } else if (field == "stand_in") {
    if (text != "allowed")
      return fail(ErrorKind::usage, "question.stand_in", fmt::format("stand_in: \"{}\" is not known", text), {},
                  "known: allowed");
    question.stand_in_allowed = true;
  } else if (field.starts_with("param.")) {
    question.params[field.substr(6)] = text;
  } else {
    return fail(ErrorKind::usage, "question.unknown_field", fmt::format("unknown field \"{}\"", field), {},
                suggestion(field, kFields));
  }
  return {};
}

}  // namespace

Result<Question> question_from_fields(const Fields& fields, const calendar::Calendar& calendar) {
  Question question;
  std::set<std::string> seen;
  for (const auto& [field, text] : fields) {
    if (!seen.insert(field).second)
      return fail(ErrorKind::usage, "question.repeated", fmt::format("the field \"{}\" is given twice", field));
    VIGIE_CHECK(check_lengths(field, text));
    VIGIE_CHECK(set_field(question, field, text, calendar));
  }
  return question;
}

}  // namespace vigie::plan
