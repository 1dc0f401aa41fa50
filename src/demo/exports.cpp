#include "demo/exports.h"

namespace vigie::demo {

Result<CsvFile> Exports::open(const std::string& path, Shape shape, const std::vector<std::string>& header) const {
  const std::filesystem::path file = folder_ / path;
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  if (problem)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot make {}: {}", file.parent_path().string(), problem.message()));
  return CsvFile(file, shape, header);
}

Result<> Exports::close(const std::string& path, CsvFile& file) {
  VIGIE_TRY(rows_[path], file.close());
  return {};
}

std::string Exports::utc(WallTime at) const { return to_string(zone_->from_local(at * kMicrosPerSecond)); }

std::string Exports::local(WallTime at) {
  const auto second = static_cast<int>(at % kDaySeconds);
  return fmt::format("{} {:02}:{:02}:{:02}", to_string(day_of(at)), second / 3600, second / 60 % 60, second % 60);
}

std::string Exports::french(Date day) {
  const auto [year, month, number] = civil(day);
  return fmt::format("{:02}/{:02}/{}", number, month, year);
}

std::string Exports::french(WallTime at) {
  const auto second = static_cast<int>(at % kDaySeconds);
  return fmt::format("{} {:02}:{:02}:{:02}", french(day_of(at)), second / 3600, second / 60 % 60, second % 60);
}

std::string Exports::number_of(std::size_t sale) const {
  const bool shop = world_.sales[sale].kind == SaleKind::shop;
  return fmt::format("{}-{}-{:06}", shop ? "AN" : "CMD", civil(day_of(world_.sales[sale].at)).year, sale + 1);
}

std::string_view web_name(std::optional<Channel> channel) {
  constexpr std::array<std::string_view, kChannels> kNames{"meta",       "seo",   "google_ads", "newsletter",
                                                           "parrainage", "salon", "appel",      "direct"};
  return channel ? kNames[index(*channel)] : std::string_view();
}

std::string_view crm_name(std::optional<Channel> channel) {
  constexpr std::array<std::string_view, kChannels> kNames{"Réseaux sociaux", "Site web",       "Google Ads",
                                                           "E-mailing",       "Recommandation", "Salon",
                                                           "Prospection",     "Appel entrant"};
  return channel ? kNames[index(*channel)] : std::string_view("Inconnu");
}

Result<> Exports::write() {
  VIGIE_CHECK(write_shop());
  VIGIE_CHECK(write_shop_orders());
  VIGIE_CHECK(write_shop_refunds());
  VIGIE_CHECK(write_accounts());
  VIGIE_CHECK(write_leads());
  VIGIE_CHECK(write_stages());
  VIGIE_CHECK(write_deals());
  VIGIE_CHECK(write_activities());
  VIGIE_CHECK(write_erp_orders());
  VIGIE_CHECK(write_credit_notes());
  VIGIE_CHECK(write_contracts());
  VIGIE_CHECK(write_payments());
  VIGIE_CHECK(write_marketing());
  VIGIE_CHECK(write_touches());
  VIGIE_CHECK(write_survey());
  VIGIE_CHECK(write_staff());
  VIGIE_CHECK(write_costs());
  VIGIE_CHECK(write_quotas());
  return write_rates();
}

}  // namespace vigie::demo
