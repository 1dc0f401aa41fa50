#pragma once
#include <filesystem>
#include <optional>

#include "base/decimal.h"
#include "base/secret.h"
#include "base/yaml.h"
#include "calendar/settings.h"
#include "model/model.h"

namespace vigie::catalog {

/// What makes a sale in this company: the documents that count for revenue, customers, CAC, churn and LTV.
enum class SaleEvent { order, invoice, won_deal };
std::string_view name_of(SaleEvent event);

/// How a company sells; picks defaults and which cards lead, never changes a definition.
enum class Profile { deals, quotes, shop, subscription };

/// A figure to reach for a KPI in a run of periods.
struct Target {
  std::string kpi, variant;
  Date from, to;  ///< half-open
  Decimal value;
  std::string relation;  ///< of which customers, where the two kinds stand apart; empty: of the headline's
  SourcePosition where;
};

/// Names of channels that this company's sources use, and the group they belong to.
struct ChannelNames {
  std::string group;
  std::vector<std::string> names;
  SourcePosition where;
};

/// vigie.yaml, read and checked.
struct Settings {
  int format = 1;
  std::string company;
  std::string currency = "EUR";
  calendar::CalendarSettings calendar;
  std::optional<calendar::FrenchRegion> holidays;  ///< of a country; those that were imported are beside them
  /// Of the imported holidays that name a region, those of these regions hold; empty: all of them do.
  std::vector<std::string> holiday_regions;
  SourcePosition holiday_regions_written;
  std::vector<Profile> profile;         ///< empty: proposed from the data
  std::optional<SaleEvent> sale_event;  ///< empty: invoices, else orders, else won deals, whichever there is
  std::optional<Decimal> margin_rate;   ///< share of revenue, where products carry no cost
  int inactivity_days = 365;            ///< H of customers without a contract
  int past_due_days = 30;
  Decimal annual_discount_rate{10, 2};
  std::vector<Target> targets;
  std::vector<ChannelNames> channel_groups;  ///< before the model's own
  std::optional<Secret> privacy_secret;      ///< what `privacy: hash` hashes with; empty: the file privacy.key
};

/// Reads vigie.yaml. Errors: yaml.*, settings.*, calendar.*, zone.unknown, workspace.newer (a later format).
Result<Settings> read_settings(const YamlNode& root);
Result<Settings> load_settings(const std::filesystem::path& file);
/// The groups that the settings name are the model's. Errors: settings.channel_group.
Result<> check_channel_groups(const Settings& settings, const model::Model& model);

}  // namespace vigie::catalog
