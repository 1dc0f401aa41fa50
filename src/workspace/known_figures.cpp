#include "workspace/known_figures.h"

#include <cmath>

#include "workspace/workspace.h"

namespace vigie::workspace {
namespace {

using catalog::KnownFigure;

/// Equal to as many decimals as a person wrote: 0.467 is any figure that rounds to it. A share is held to whole points
/// at least: to no decimal, 0 would be anything below a half.
bool agrees(double value, const Decimal& known, std::string_view unit) {
  const double half = 0.5 * std::pow(10.0, -(unit == "rate" ? std::max(known.scale(), 2) : known.scale()));
  return std::abs(value - known.to_double()) <= half * (1 + 1e-9);
}

std::string words_of(const KnownFigure& known) {
  return known.value ? known.value->to_string() : fmt::format("none ({})", known.reason);
}

std::string words_of(const kpi::Row& row, int decimals) {
  if (!row.value) return fmt::format("none ({})", row.reason);
  return row.value_exact.empty() ? fmt::format("{:.{}f}", *row.value, decimals) : row.value_exact;
}

bool holds(const KnownFigure& known, const kpi::Answer& answer) {
  const kpi::Row& row = answer.total;
  if (known.value) return row.value && agrees(*row.value, *known.value, answer.unit);
  return !row.value && row.reason == known.reason;
}

/// As a shell reads it whole, whatever is in it.
std::string for_a_shell(const std::string& text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return out + "'";
}

/// The command that shows what a figure rests on.
std::string command_of(const KnownFigure& known) {
  std::string out = "vigie explain " + known.name;
  for (const auto& [field, text] : known.asked) {
    if (field == "kpi" || field == "variant") continue;
    if (field.starts_with("param.")) out += " --param " + for_a_shell(field.substr(6) + "=" + text);
    else if (field == "where") out += " --where " + for_a_shell(text);
    else out += fmt::format(" --{} {}", field == "as_of" ? "as-of" : field, text);
  }
  return out;
}

/// 36 for a share that is 0.36, or ten times nearer to it: what is known may well be right, and written in another way.
std::string hint_of_share(const KnownFigure& known, const kpi::Answer& answer) {
  if (answer.unit != "rate" || !known.value || !answer.total.value) return {};
  const double written = known.value->to_double(), found = *answer.total.value;
  if (std::abs(written) <= 1 || std::abs(written / 100 - found) * 10 >= std::abs(written - found)) return {};
  Decimal fraction = Decimal(known.value->units(), known.value->scale() + 2);
  return fmt::format("write a share as a fraction: {} for {} %; ", fraction.to_plain(), known.value->to_plain());
}

std::optional<Error> difference(const KnownFigure& known, const Result<kpi::Answer>& answer) {
  if (!answer) {
    Error error = answer.error();
    error.where = known.written;
    return error;
  }
  if (holds(known, *answer)) return std::nullopt;
  constexpr int kFurtherDecimals = 3;
  const int decimals = (known.value ? known.value->scale() : 0) + kFurtherDecimals;
  return Error{
      "definition.test",
      fmt::format("{} is {}, where {} is known", known.name, words_of(answer->total, decimals), words_of(known)),
      ErrorKind::check_failed, known.written,
      hint_of_share(known, *answer) + fmt::format("see what it rests on: {}", command_of(known))};
}

}  // namespace

std::vector<Error> check_known_figures(Workspace& workspace, const store::QueryLimits& limits) {
  std::vector<Error> found;
  std::vector<KnownFigure> asked;
  std::vector<plan::Question> questions;
  for (KnownFigure& known : workspace.catalog().known_figures()) {
    auto question = plan::question_from_fields(known.asked, workspace.calendar());
    if (!question) {
      found.push_back(question.error());
      found.back().where = known.written;
      continue;
    }
    questions.push_back(*std::move(question));
    asked.push_back(std::move(known));
  }
  if (questions.empty()) return found;
  const auto answers = workspace.ask(questions, limits);
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (auto differs = difference(asked[i], answers[i])) found.push_back(*std::move(differs));
  return found;
}

}  // namespace vigie::workspace
