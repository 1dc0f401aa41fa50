// What stands beside the rows of an answer: what ends it early, the test of its split, and what people call what its
// rows name.
#include "kpi/answering.h"
#include "kpi/compare.h"
#include "kpi/filled.h"

namespace vigie::kpi {
namespace {

/// Below so many expected events the distribution of the statistic is not yet chi-squared (Cochran's rule).
constexpr double kFewEvents = 5;

/// The part of a period that is asked.
calendar::Range asked_of(const plan::Period& period, const calendar::Range& range) {
  return {std::max(period.whole.from, range.from), std::min(period.whole.to, range.to)};
}

}  // namespace

void Answering::say_what_is_late(Answer& answer) const {
  for (const LateSource& one : late_) {
    const char* const code = !one.fails ? "source_not_read" : one.last_good ? "source_fails" : "source_never_read";
    const std::string at = one.last_good ? clock_text(*one.last_good) : std::string();
    answer.warnings.push_back(
        {code, filled(session_.catalog.warning(code, 1), {{"source", in_both(one.source)}, {"at", in_both(at)}}), 1});
  }
}

void Answering::say_what_fails(Answer& answer) const {
  for (const FailingCheck& one : failing_) answer.warnings.push_back({one.code, one.message, one.rows});
}

/// "2025-07-01 09:00" in the reporting zone.
std::string Answering::clock_text(Instant at) const {
  constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
  const calendar::Zone& zone = session_.calendar.zone();
  const std::int64_t local = at.micros + zone.offset_minutes(at) * kMinute;
  const Date day = zone.day_of(at);
  const std::int64_t minutes = (local - day.days * kMicrosPerDay) / kMinute;
  return fmt::format("{} {:02}:{:02}", to_string(day), minutes / 60, minutes % 60);
}

void Answering::say_what_is_behind(Answer& answer) const {
  say_what_is_late(answer);
  if (!behind_) return;
  constexpr const char* kCode = "source_behind";
  const Text said = filled(session_.catalog.warning(kCode, 1), {{"day", in_both(to_string(behind_->last))},
                                                                {"other", in_both(to_string(behind_->others))},
                                                                {"source", in_both(behind_->source)}});
  answer.warnings.push_back({kCode, said, 1});
}

bool Answering::is_of_other_length(const Slot& slot, const plan::Comparison& comparison) const {
  return comparison.kind == plan::Comparison::Kind::range &&
         !are_as_long(session_.calendar, asked_of(slot.period, range_), {comparison.from, comparison.to}, slot.grain);
}

void Answering::say_of_other_lengths(Answer& answer) const {
  constexpr const char* kCode = "compared_of_other_length";
  for (const plan::Comparison& comparison : question_.compare) {
    // The total stands for its periods, where it is of another length itself.
    const auto differs = [&](const Slot& slot) { return is_of_other_length(slot, comparison); };
    const auto period = std::ranges::find_if(slots_, differs);
    if (!differs(total_) && period == slots_.end()) continue;
    const calendar::Range asked = asked_of((differs(total_) ? total_ : *period).period, range_);
    const Text words =
        filled(session_.catalog.warning(kCode, 1), {{"range", in_both(comparison.name)},
                                                    {"days", in_both(std::to_string(comparison.to - comparison.from))},
                                                    {"asked", in_both(std::to_string(asked.to - asked.from))}});
    answer.warnings.push_back({kCode, words, 1});
  }
}

void Answering::add_log_rank(Answer& answer) const {
  // Hours stand before the splits of a key, and are no place on an axis.
  if (question_.grain == calendar::Grain::hour || !evaluation_->tells_how_long()) return;
  std::int64_t rough = 0;
  for (auto& [place, test] : evaluation_->log_rank(total_.period.span)) {
    rough +=
        std::ranges::count_if(test.groups, [](const LogRank::Group& group) { return group.expected < kFewEvents; });
    Row named;
    name_key(place, Evaluation::Level::total, named);
    test.by = std::move(named.by);
    answer.log_rank.push_back(std::move(test));
  }
  add_warning("log_rank_of_few", rough, answer);
  add_warning("log_rank_of_one_split", evaluation_->splits().size() > 1 ? 1 : 0, answer);
}

std::optional<Text> Answering::value_label(const std::string& name, const std::string& value) const {
  const catalog::Variant& variant = *evaluation_->bound().variant;
  if (name == variant.table_axis)
    for (const catalog::TableRow& row : variant.table)
      if (row.key == value) return row.label;
  if (name == model::kChannelGroup)
    for (const model::ChannelGroup& group : session_.model.channel_groups())
      if (group.id == value) return group.label;
  const std::string whole = fmt::format("{}.{}", name, value);
  const Text said = session_.catalog.dimension_label(whole);
  return said.en == whole ? std::nullopt : std::optional(said);
}

void Answering::add_words(Answer& answer) const {
  const auto add = [&](const std::string& code) {
    if (!code.empty()) answer.reasons.try_emplace(code, session_.catalog.reason(code));
  };
  const auto add_row = [&](const Row& row) {
    add(row.reason);
    for (const auto& [name, value] : row.by)
      if (const auto label = value && !row.others ? value_label(name, *value) : std::nullopt)
        answer.value_labels[name].try_emplace(*value, *label);
    for (const auto& [name, value] : row.measures)
      answer.measure_labels.try_emplace(
          name, filled(session_.catalog.measure_label(name), {{"currency", in_both(answer.currency)}}));
    for (const auto& [name, compared] : row.comparisons) add(compared.reason);
  };
  for (const Row& row : answer.rows) add_row(row);
  for (const Row& row : answer.totals) add_row(row);
  add_row(answer.total);
}

}  // namespace vigie::kpi
