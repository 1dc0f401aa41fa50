#include "catalog/settings.h"

#include "base/text.h"
#include "base/yaml.h"

namespace vigie::catalog {
namespace {

constexpr int kFormat = 1;

Result<int> weekday_from(const YamlNode& node) {
  static const std::vector<std::string> kNames{"monday", "tuesday",  "wednesday", "thursday",
                                               "friday", "saturday", "sunday"};
  VIGIE_TRY(const std::string text, node.as_text());
  const auto found = std::ranges::find(kNames, lower_ascii(text));
  if (found == kNames.end())
    return node.error("settings.week_start", fmt::format("\"{}\" is not a day of the week", text),
                      suggestion(text, kNames));
  return static_cast<int>(found - kNames.begin()) + 1;
}

Result<> read_fiscal_start(const YamlNode& node, calendar::CalendarSettings& out) {
  VIGIE_TRY(const std::string text, node.as_text());
  const auto day = parse_date("2001-" + text);
  if (!day)
    return node.error("settings.fiscal_start", fmt::format("\"{}\" is not a month and a day", text),
                      "write it as 04-01");
  out.fiscal_month = civil(*day).month;
  out.fiscal_day = civil(*day).day;
  return {};
}

template <class T>
Result<T> choice(const YamlNode& node, const std::vector<std::pair<std::string, T>>& choices, const char* code) {
  VIGIE_TRY(const std::string text, node.as_text());
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
  }
  return node.error(code, fmt::format("\"{}\" is not one of the choices", text), suggestion(text, names));
}

Result<Date> date_from(const YamlNode& node, std::string_view key) {
  VIGIE_TRY(const YamlNode* value, node.require(key));
  VIGIE_TRY(const std::string text, value->as_text());
  const auto day = parse_date(text);
  if (!day) return value->error("date.invalid", day.error().message, day.error().hint);
  return *day;
}

Result<Target> read_target(const YamlNode& node) {
  VIGIE_CHECK(node.known_keys({"kpi", "from", "to", "value"}));
  Target target;
  VIGIE_TRY(const std::string kpi, node.text("kpi"));
  const auto parts = split(kpi, ':');
  target.kpi = parts[0];
  target.variant = parts.size() > 1 ? parts[1] : "default";
  VIGIE_TRY(target.from, date_from(node, "from"));
  VIGIE_TRY(target.to, date_from(node, "to"));
  if (target.to <= target.from)
    return node.error(
        "settings.target",
        fmt::format("the target ends on {}, before it starts on {}", to_string(target.to), to_string(target.from)),
        "`to` is the first day after it");
  VIGIE_TRY(const YamlNode* value, node.require("value"));
  VIGIE_TRY(target.value, value->as_decimal());
  VIGIE_TRY(const YamlNode* named, node.require("kpi"));
  target.where = named->where();
  return target;
}

/// A number of days of vigie.yaml, at least `least` and at most ten years.
Result<int> days_between(const YamlNode& root, std::string_view key, int least, int fallback) {
  constexpr int kMost = 3'650;
  const YamlNode* node = root.find(key);
  if (!node) return fallback;
  VIGIE_TRY(const std::int64_t days, node->as_int());
  if (days < least || days > kMost)
    return node->error("settings.days",
                       fmt::format("{} is a number of days between {} and {}, not {}", key, least, kMost, days));
  return static_cast<int>(days);
}

Result<> read_sales(const YamlNode& root, Settings& out) {
  if (const YamlNode* node = root.find("profile")) {
    static const std::vector<std::pair<std::string, Profile>> kProfiles{{"deals", Profile::deals},
                                                                        {"quotes", Profile::quotes},
                                                                        {"shop", Profile::shop},
                                                                        {"subscription", Profile::subscription}};
    const std::vector<YamlNode> one{*node};
    for (const YamlNode& item : node->kind() == YamlNode::Kind::sequence ? node->items() : one) {
      VIGIE_TRY(const Profile profile, choice(item, kProfiles, "settings.profile"));
      out.profile.push_back(profile);
    }
  }
  if (const YamlNode* node = root.find("sale_event")) {
    VIGIE_TRY(
        out.sale_event,
        choice<SaleEvent>(
            *node, {{"order", SaleEvent::order}, {"invoice", SaleEvent::invoice}, {"won_deal", SaleEvent::won_deal}},
            "settings.sale_event"));
  }
  if (const YamlNode* node = root.find("margin_rate")) {
    VIGIE_TRY(out.margin_rate, node->as_decimal());
    if (*out.margin_rate < Decimal() || *out.margin_rate > Decimal::integer(1))
      return node->error("settings.margin_rate", "a margin rate lies between 0 and 1", "write 0.35 for 35 %");
  }
  VIGIE_TRY(out.inactivity_days, days_between(root, "inactivity_days", 1, out.inactivity_days));
  VIGIE_TRY(out.past_due_days, days_between(root, "past_due_days", 0, out.past_due_days));
  if (const YamlNode* node = root.find("annual_discount_rate")) {
    VIGIE_TRY(out.annual_discount_rate, node->as_decimal());
    if (out.annual_discount_rate < Decimal() || out.annual_discount_rate > Decimal::integer(1))
      return node->error("settings.discount_rate", "a discount rate lies between 0 and 1",
                         "write 0.10 for 10 % a year");
  }
  if (const YamlNode* node = root.find("targets"))
    for (const YamlNode& item : node->items()) {
      VIGIE_TRY(Target target, read_target(item));
      out.targets.push_back(std::move(target));
    }
  if (const YamlNode* node = root.find("channel_groups"))
    for (const auto& [group, names] : node->entries()) {
      ChannelNames own{{}, {}, group.where()};
      VIGIE_TRY(own.group, group.as_text());
      VIGIE_TRY(own.names, names.as_texts());
      out.channel_groups.push_back(std::move(own));
    }
  return {};
}

Result<> read_calendar(const YamlNode& root, Settings& out) {
  VIGIE_TRY(out.calendar.time_zone, root.text_or("time_zone", out.calendar.time_zone));
  if (const auto zone = calendar::Zone::find(out.calendar.time_zone); !zone) {
    const YamlNode* node = root.find("time_zone");
    return (node ? *node : root).error(zone.error().code, zone.error().message, zone.error().hint);
  }
  if (const YamlNode* node = root.find("week_start")) {
    VIGIE_TRY(out.calendar.week_start, weekday_from(*node));
  }
  if (const YamlNode* node = root.find("fiscal_start")) VIGIE_CHECK(read_fiscal_start(*node, out.calendar));
  if (const YamlNode* node = root.find("week_pattern")) {
    using calendar::WeekPattern;
    VIGIE_TRY(out.calendar.pattern, choice<WeekPattern>(*node,
                                                        {{"none", WeekPattern::none},
                                                         {"4-4-5", WeekPattern::p445},
                                                         {"4-5-4", WeekPattern::p454},
                                                         {"5-4-4", WeekPattern::p544}},
                                                        "settings.week_pattern"));
  }
  if (const YamlNode* node = root.find("holidays")) {
    VIGIE_TRY(out.holidays,
              choice<std::string>(
                  *node, {{"none", ""}, {"france", "france"}, {"france_alsace_moselle", "france_alsace_moselle"}},
                  "settings.holidays"));
  }
  return {};
}

}  // namespace

std::string_view name_of(SaleEvent event) {
  switch (event) {
    case SaleEvent::order: return "order";
    case SaleEvent::invoice: return "invoice";
    case SaleEvent::won_deal: return "won_deal";
  }
  return "";
}

Result<> check_channel_groups(const Settings& settings, const model::Model& model) {
  std::vector<std::string> known;
  for (const model::ChannelGroup& group : model.channel_groups()) known.push_back(group.id);
  for (const ChannelNames& own : settings.channel_groups)
    if (std::ranges::find(known, own.group) == known.end())
      return fail(ErrorKind::usage, "settings.channel_group", fmt::format("\"{}\" is no group of channels", own.group),
                  own.where, suggestion(own.group, known));
  return {};
}

Result<Settings> load_settings(const std::filesystem::path& file) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file, file.filename().string()));
  return read_settings(root);
}

Result<Settings> read_settings(const YamlNode& root) {
  VIGIE_CHECK(root.known_keys({"format", "company", "currency", "time_zone", "week_start", "fiscal_start",
                               "week_pattern", "holidays", "profile", "sale_event", "margin_rate", "inactivity_days",
                               "past_due_days", "annual_discount_rate", "targets", "channel_groups"}));
  Settings out;
  VIGIE_TRY(const std::int64_t format, root.int_or("format", kFormat));
  if (format > kFormat)
    return fail(ErrorKind::unavailable, "workspace.newer",
                fmt::format("this workspace has format {}; this vigie knows format {}", format, kFormat),
                root.find("format")->where(), "open it with a newer vigie");
  VIGIE_TRY(out.company, root.text_or("company", ""));
  VIGIE_TRY(out.currency, root.text_or("currency", out.currency));
  if (out.currency.size() != 3 || !std::ranges::all_of(out.currency, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return root.find("currency")
        ->error("currency.unknown", fmt::format("\"{}\" is not a currency code", out.currency),
                "write the three letters of ISO 4217, such as EUR");
  VIGIE_CHECK(read_calendar(root, out));
  VIGIE_CHECK(read_sales(root, out));
  return out;
}

}  // namespace vigie::catalog
