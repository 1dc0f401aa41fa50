#pragma once
#include <map>

#include "calendar/zone.h"
#include "demo/csv.h"
#include "demo/world.h"

namespace vigie::demo {

/// Writes the files of one folder of exports and counts their rows. Where tools of a real company differ in delimiter,
/// encoding, dates and marks of numbers, so do these.
class Exports {
 public:
  Exports(const World& world, std::filesystem::path folder, std::shared_ptr<const calendar::Zone> zone)
      : world_(world), folder_(std::move(folder)), zone_(std::move(zone)) {}

  /// Every file. Fails with `file.unwritable`.
  Result<> write();
  const std::map<std::string, std::int64_t>& rows() const { return rows_; }

 private:
  Result<> write_shop();
  Result<> write_shop_orders();
  Result<> write_shop_refunds();
  Result<> write_accounts();
  Result<> write_leads();
  Result<> write_stages();
  Result<> write_deals();
  Result<> write_activities();
  Result<> write_erp_orders();
  Result<> write_credit_notes();
  Result<> write_contracts();
  Result<> write_payments();
  Result<> write_marketing();
  Result<> write_touches();
  Result<> write_survey();
  Result<> write_staff();
  Result<> write_costs();
  Result<> write_quotas();
  Result<> write_rates();

  Result<CsvFile> open(const std::string& path, Shape shape, const std::vector<std::string>& header) const;
  Result<> close(const std::string& path, CsvFile& file);

  std::string utc(WallTime at) const;      ///< 2025-01-31T09:00:00Z
  static std::string local(WallTime at);   ///< 2025-01-31 10:00:00
  static std::string french(WallTime at);  ///< 31/01/2025 10:00
  static std::string french(Date day);     ///< 31/01/2025
  std::string_view email(std::uint32_t person) const {
    return person == kNobody ? std::string_view() : std::string_view(world_.people[person].email);
  }
  std::string_view customer(std::uint32_t place) const {
    return place == kNobody ? std::string_view() : std::string_view(world_.customers[place].key);
  }
  std::string number_of(std::size_t sale) const;  ///< of a document, by its place

  const World& world_;
  std::filesystem::path folder_;
  std::shared_ptr<const calendar::Zone> zone_;
  std::map<std::string, std::int64_t> rows_;
};

constexpr Shape kEnglishTool{.delimiter = ',', .encoding = Encoding::utf8, .line_end = "\n"};
constexpr Shape kFrenchTool{.delimiter = ';', .encoding = Encoding::utf8_with_bom, .line_end = "\r\n"};
constexpr Shape kOldFrenchTool{.delimiter = ';', .encoding = Encoding::windows1252, .line_end = "\r\n"};

/// What the site's measuring tool and the CRM call a channel; empty for none.
std::string_view web_name(std::optional<Channel> channel);
std::string_view crm_name(std::optional<Channel> channel);

}  // namespace vigie::demo
