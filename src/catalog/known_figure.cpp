#include "catalog/known_figure.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vigie::catalog {
namespace {

/// Fields of a question that change one figure; a split or a grain makes many of it.
constexpr std::array<std::string_view, 5> kAsked{"from", "to", "where", "as_of", "currency"};

/// The fields of the question that an entry asks, beside the KPI and its version.
Result<> read_question(const YamlNode& item, KnownFigure& out) {
  std::vector<std::string> known{"variant", "value", "reason", "param.NAME"};
  known.insert(known.end(), kAsked.begin(), kAsked.end());
  for (const auto& [key, node] : item.entries()) {
    VIGIE_TRY(const std::string field, key.as_text());
    if (field == "variant" || field == "value" || field == "reason") continue;
    const bool asks = std::ranges::find(kAsked, field) != kAsked.end() || field.starts_with("param.");
    if (!asks) return key.error("yaml.unknown_key", fmt::format("unknown key \"{}\"", field), suggestion(field, known));
    VIGIE_TRY(std::string text, node.as_text());
    out.asked.emplace_back(field, std::move(text));
  }
  return {};
}

Result<KnownFigure> read_known_figure(const YamlNode& item, const std::string& kpi, int version) {
  if (item.kind() != YamlNode::Kind::mapping)
    return item.error("definition.test", "a test is a question and the figure that is known",
                      "write {from: 2025-01-01, to: 2026-01-01, value: 0.467}");
  KnownFigure out;
  out.written = item.where();
  VIGIE_TRY(const std::string variant, item.text_or("variant", "default"));
  out.name = kpi + ":" + variant;
  out.asked = {{"kpi", kpi}, {"variant", variant}, {"version", std::to_string(version)}, {"grain", "total"}};
  for (const char* bound : {"from", "to"}) VIGIE_CHECK(item.require(bound));
  VIGIE_CHECK(read_question(item, out));
  const YamlNode* value = item.find("value");
  const YamlNode* reason = item.find("reason");
  if ((value != nullptr) == (reason != nullptr))
    return item.error("definition.test", "a test names the value that is known, or the reason why there is none",
                      "write value: 0.467, or reason: no_data");
  if (value) {
    VIGIE_TRY(out.value, value->as_decimal());
  } else {
    VIGIE_TRY(out.reason, reason->as_text());
  }
  return out;
}

}  // namespace

Result<std::vector<KnownFigure>> read_known_figures(const YamlNode& list, const std::string& kpi, int version) {
  if (list.kind() != YamlNode::Kind::sequence)
    return list.error("definition.test", "tests is a list of figures that are known",
                      "write each behind a dash: - {from: 2025-01-01, to: 2026-01-01, value: 0.467}");
  std::vector<KnownFigure> out;
  for (const YamlNode& item : list.items()) {
    VIGIE_TRY(KnownFigure figure, read_known_figure(item, kpi, version));
    out.push_back(std::move(figure));
  }
  return out;
}

}  // namespace vigie::catalog
