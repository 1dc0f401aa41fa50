#include "insight/propose.h"

namespace vigie::insight {
namespace {

void write(JsonWriter& out, const std::optional<NoProposal>& refused) {
  out.key("refused");
  if (!refused) {
    out.null();
    return;
  }
  out.begin_object().key("code").text(refused->code).key("message"), write(out, refused->message);
  out.end_object();
}

void write(JsonWriter& out, const Silence& step) {
  out.begin_object().key("days").number(step.days).key("customers").number(step.customers);
  out.key("came_back").number(step.came_back).key("share");
  if (step.customers > 0) out.number(step.share());
  else out.null();
  out.end_object();
}

void write(JsonWriter& out, const HorizonFound& found) {
  out.key("proposed").number_or_null(found.days);
  out.key("silences").begin_array();
  for (const Silence& step : found.around) write(out, step);
  out.end_array();
  write(out, found.refused);
}

/// The file to write, what it is a copy of, and the lines that make the difference.
void write_adoption(JsonWriter& out, const std::string& file, const std::string& copy_of,
                    const std::vector<std::string>& lines) {
  out.key("write").begin_object().key("file").text(file).key("copy_of");
  if (copy_of.empty()) out.null();
  else out.text(copy_of);
  out.key("lines").begin_array();
  for (const std::string& line : lines) out.text(line);
  out.end_array().end_object();
}

void write(JsonWriter& out, const InactivityProposal& proposal) {
  out.begin_object().key("as_of").text(to_string(proposal.as_of)).key("today").number(proposal.today);
  out.key("written").boolean(proposal.written).key("enough").number(proposal.enough);
  out.key("most_coming_back").number(1.0 / static_cast<double>(kOneIn));
  out.key("at_today"), write(out, proposal.at_today);
  write(out, proposal.all);
  out.key("segments").begin_array();
  for (const auto& [segment, found] : proposal.segments) {
    out.begin_object().key("segment").text(segment);
    write(out, found);
    out.end_object();
  }
  out.end_array();
  if (const auto days = proposal.all.days; days && *days != proposal.today)
    write_adoption(out, "vigie.yaml", "", {fmt::format("inactivity_days: {}", *days)});
  else out.key("write").null();
  out.end_object();
}

void write(JsonWriter& out, const WindowProposal& proposal) {
  out.begin_object().key("as_of").text(to_string(proposal.as_of)).key("kpi").text(proposal.kpi);
  out.key("version").number(proposal.version).key("next_version").number(proposal.next_version);
  out.key("adopted_on")
      .text(to_string(proposal.adopted_on))
      .key("file")
      .text(proposal.file)
      .key("unit")
      .text(proposal.unit);
  out.key("today").number(proposal.today).key("enough").number(proposal.enough).key("n").number(proposal.n);
  out.key("proposed").number_or_null(proposal.days);
  out.key("quantiles").begin_array();
  for (const auto& [q, days] : proposal.quantiles)
    out.begin_object().key("q").number(q.to_double()).key("days").number(days).end_object();
  out.end_array().key("within_today").number(proposal.within_today);
  out.key("within_proposed").number(proposal.within_proposed);
  write(out, proposal.refused);
  if (const auto days = proposal.days; days && *days != proposal.today)
    write_adoption(out, fmt::format("kpis/{}.v{}.yaml", proposal.kpi, proposal.next_version), proposal.file,
                   {fmt::format("version: {}", proposal.next_version),
                    fmt::format("effective_from: {}", to_string(proposal.adopted_on)),
                    fmt::format("parameters.window.default: {}", *days)});
  else out.key("write").null();
  out.end_object();
}

}  // namespace

void to_json(const Proposals& proposals, JsonWriter& out) {
  out.begin_object().key("inactivity_days"), write(out, proposals.inactivity);
  out.key("window"), write(out, proposals.window);
  out.end_object();
}

}  // namespace vigie::insight
