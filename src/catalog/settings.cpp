#include "catalog/settings.h"

#include <tuple>

#include "base/text.h"
#include "base/yaml.h"
#include "expr/quantity.h"
#include "model/currency.h"

namespace vigie::catalog {
namespace {

constexpr int kFormat = 1;

/// What the calendar makes of the text of a node; where it makes nothing of it, the error stands at the node.
template <class T>
Result<T> read_as(const YamlNode& node, Result<T> (*parse)(std::string_view)) {
  VIGIE_TRY(const std::string text, node.as_text());
  Result<T> read = parse(text);
  if (!read) return node.error(read.error().code, read.error().message, read.error().hint);
  return read;
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
  VIGIE_CHECK(node.known_keys({"kpi", "from", "to", "value", "relation"}));
  Target target;
  VIGIE_TRY(const std::string kpi, node.text("kpi"));
  const auto parts = split(kpi, ':');
  if (parts.size() > 2)
    return node.find("kpi")->error("settings.target", fmt::format("\"{}\" names no figure", kpi),
                                   "write the id of a KPI, or id:variant");
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
  if (const YamlNode* relation = node.find("relation")) {
    VIGIE_TRY(target.relation,
              choice<std::string>(*relation, {{"contract", "contract"}, {"purchase", "purchase"}}, "settings.target"));
  }
  VIGIE_TRY(const YamlNode* named, node.require("kpi"));
  target.where = named->where();
  return target;
}

/// An empty key says none; what is there and no list says something that would be lost.
Result<> read_targets(const YamlNode& node, Settings& out) {
  if (node.kind() == YamlNode::Kind::null) return {};
  if (node.kind() != YamlNode::Kind::sequence)
    return node.error("settings.target", "targets is a list of figures to reach",
                      "write each behind a dash: - {kpi: revenue, from: 2025-01-01, to: 2025-02-01, value: 50000}");
  for (const YamlNode& item : node.items()) {
    VIGIE_TRY(Target target, read_target(item));
    const auto same = std::ranges::find_if(out.targets, [&](const Target& other) {
      return std::tie(other.kpi, other.variant, other.relation, other.from, other.to) ==
             std::tie(target.kpi, target.variant, target.relation, target.from, target.to);
    });
    if (same != out.targets.end())
      return item.error("settings.target",
                        fmt::format("{}:{} has a target from {} to {} already", target.kpi, target.variant,
                                    to_string(target.from), to_string(target.to)),
                        fmt::format("its first value is at line {}; remove one", same->where.line));
    out.targets.push_back(std::move(target));
  }
  return {};
}

Result<> read_channel_groups(const YamlNode& node, Settings& out) {
  if (node.kind() == YamlNode::Kind::null) return {};
  if (node.kind() != YamlNode::Kind::mapping)
    return node.error("settings.channel_group", "channel_groups names groups, each with its channels",
                      "write a group before its channels: paid_ads: [Display, Affiliates]");
  for (const auto& [group, names] : node.entries()) {
    ChannelNames own{{}, {}, group.where()};
    VIGIE_TRY(own.group, group.as_text());
    VIGIE_TRY(own.names, names.as_texts());
    out.channel_groups.push_back(std::move(own));
  }
  return {};
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
  if (const YamlNode* node = root.find("targets")) VIGIE_CHECK(read_targets(*node, out));
  if (const YamlNode* node = root.find("channel_groups")) VIGIE_CHECK(read_channel_groups(*node, out));
  return {};
}

Result<> read_working_days(const YamlNode& root, Settings& out) {
  if (const YamlNode* node = root.find("working_days")) {
    if (node->kind() != YamlNode::Kind::sequence)
      return node->error("calendar.working_days", "working_days is a list of days of the week",
                         "write a list, such as [monday, tuesday, wednesday, thursday, friday]");
    if (node->items().empty())
      return node->error("calendar.working_days", "no day of the week is a working day",
                         "name those on which the company works, such as [monday, tuesday]");
    out.calendar.working_weekdays.clear();
    for (const YamlNode& item : node->items()) {
      VIGIE_TRY(const int weekday, read_as(item, calendar::parse_weekday));
      out.calendar.working_weekdays.insert(weekday);
    }
  }
  if (const YamlNode* node = root.find("holidays")) {
    VIGIE_TRY(out.holidays, read_as(*node, calendar::parse_holidays));
  }
  if (const YamlNode* node = root.find("holiday_regions")) {
    VIGIE_TRY(out.holiday_regions, node->as_texts());
    out.holiday_regions_written = node->where();
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
    VIGIE_TRY(out.calendar.week_start, read_as(*node, calendar::parse_weekday));
  }
  if (const YamlNode* node = root.find("fiscal_start")) {
    VIGIE_TRY(const calendar::FiscalStart start, read_as(*node, calendar::parse_fiscal_start));
    out.calendar.fiscal_month = start.month;
    out.calendar.fiscal_day = start.day;
  }
  if (const YamlNode* node = root.find("week_pattern")) {
    VIGIE_TRY(out.calendar.pattern, read_as(*node, calendar::parse_week_pattern));
  }
  return read_working_days(root, out);
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
                               "week_pattern", "working_days", "holidays", "holiday_regions", "profile", "sale_event",
                               "margin_rate", "inactivity_days", "past_due_days", "annual_discount_rate", "targets",
                               "channel_groups", "privacy"}));
  Settings out;
  VIGIE_TRY(const std::int64_t format, root.int_or("format", kFormat));
  if (format > kFormat)
    return fail(ErrorKind::unavailable, "workspace.newer",
                fmt::format("this workspace has format {}; this vigie knows format {}", format, kFormat),
                root.find("format")->where(), "open it with a newer vigie");
  VIGIE_TRY(out.company, root.text_or("company", ""));
  VIGIE_TRY(out.currency, root.text_or("currency", out.currency));
  if (const auto known = model::check_currency(out.currency);
      !known && (model::stands_for_none(out.currency) || !expr::looks_like_currency(out.currency)))
    return root.find("currency")->error(known.error().code, known.error().message, known.error().hint);
  VIGIE_CHECK(read_calendar(root, out));
  VIGIE_CHECK(read_sales(root, out));
  if (const YamlNode* privacy = root.find("privacy")) {
    VIGIE_CHECK(privacy->known_keys({"secret"}));
    VIGIE_TRY(const YamlNode* secret, privacy->require("secret"));
    VIGIE_TRY(out.privacy_secret, Secret::read(*secret));
  }
  return out;
}

}  // namespace vigie::catalog
